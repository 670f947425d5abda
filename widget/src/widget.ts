/** `<skinfo-chat>`: the launcher, the panel and what they do. deep-chat holds the messages and the input. */

import { DeepChat } from "deep-chat";
import { Api } from "./api";
import chatCss from "./chat.css?inline";
import { takeAccent } from "./colours";
import { Conversation, type BotEntry, type Entry } from "./conversation";
import { button, h, icon, sheet } from "./dom";
import { owners, SkinfoEntry } from "./entry";
import panelCss from "./panel.css?inline";
import { emergencyLine, plain, spoken, type Voice } from "./render";
import { Storage, type Stored } from "./storage";
import { localeFor, stringsFor, type Strings } from "./strings";

const panelSheet = sheet(panelCss);
const chatSheet = sheet(chatCss);

/** Where the panel takes the whole screen; panel.css says the same. */
const FULL_SCREEN = "(max-width: 40rem), (max-height: 30rem)";
const SLOW_SECONDS = 6;
const TIMEOUT_SECONDS = 25;
/** A pause in typing after which the draft is kept for a reload. */
const DRAFT_PAUSE_MS = 400;
/** The folder on the server that this file came from: where the bot is, unless the page says otherwise. */
const OWN_SERVER = import.meta.url.replace(/[^/]*$/, "");

/** Attributes that the chat is built from; the others take effect where they stand. */
const FOUNDATIONS: ReadonlySet<string> = new Set(["lang", "placement", "server"]);

export class SkinfoChat extends HTMLElement {
  static readonly observedAttributes = ["open", "heading", "title", "theme", "position", "accent", "accent-dark", ...FOUNDATIONS];

  private strings!: Strings;
  private voice!: Voice;
  private conversation!: Conversation;
  private storage!: Storage;
  private keepOnDevice = false;
  private built = false;

  private frame!: HTMLElement;
  private launcher!: HTMLButtonElement;
  private panel!: HTMLElement;
  private heading!: HTMLElement;
  private menuButton!: HTMLButtonElement;
  private menu!: HTMLElement;
  private keepButton!: HTMLButtonElement;
  private confirmBar!: HTMLElement;
  private polite!: HTMLElement;
  private assertive!: HTMLElement;
  private body!: HTMLElement;
  private chat: DeepChat | null = null;
  private input: HTMLElement | null = null;
  private messages: HTMLElement | null = null;
  private submit: HTMLElement | null = null;
  /** What was asked before the input was there. */
  private draft = "";
  private focusWhenReady = false;
  private draftTimer: ReturnType<typeof setTimeout> | undefined;
  /** What had the focus before the chat was opened, if that was a part of the page. */
  private opener: HTMLElement | null = null;

  private readonly fullScreen = window.matchMedia(FULL_SCREEN);
  private readonly darkScheme = window.matchMedia("(prefers-color-scheme: dark)");

  // --- what a page may call -----------------------------------------------------------------------------------------------

  get isOpen(): boolean {
    return this.isInline || this.hasAttribute("open");
  }

  open(): void {
    this.setAttribute("open", "");
  }

  close(): void {
    if (!this.isInline) this.removeAttribute("open");
  }

  toggle(): void {
    if (this.isOpen) this.close();
    else this.open();
  }

  /** Opens the chat and asks. */
  ask(text: string, payload?: string): void {
    this.build();
    this.open();
    this.conversation.ask(text, payload);
  }

  restart(): void {
    this.build();
    this.conversation.restart();
    this.tell("skinfo-restart");
  }

  /** Deletes the conversation on the server and here; false when the server could not be reached. */
  async deleteConversation(): Promise<boolean> {
    this.build();
    try {
      await this.conversation.delete();
      this.announce(this.strings.deleted);
      this.tell("skinfo-delete");
      return true;
    } catch {
      return false;
    }
  }

  // --- life in the page ---------------------------------------------------------------------------------------------------

  connectedCallback(): void {
    this.build();
    window.addEventListener("online", this.onOnline);
    window.addEventListener("storage", this.onStorage);
    window.addEventListener("pagehide", this.onPageHide);
    document.addEventListener("visibilitychange", this.onOnline);
    this.fullScreen.addEventListener("change", this.onFullScreen);
    this.darkScheme.addEventListener("change", this.onScheme);
    window.visualViewport?.addEventListener("resize", this.onViewport);
    window.visualViewport?.addEventListener("scroll", this.onViewport);
    this.show();
  }

  disconnectedCallback(): void {
    window.removeEventListener("online", this.onOnline);
    window.removeEventListener("storage", this.onStorage);
    window.removeEventListener("pagehide", this.onPageHide);
    document.removeEventListener("visibilitychange", this.onOnline);
    this.fullScreen.removeEventListener("change", this.onFullScreen);
    this.darkScheme.removeEventListener("change", this.onScheme);
    window.visualViewport?.removeEventListener("resize", this.onViewport);
    window.visualViewport?.removeEventListener("scroll", this.onViewport);
  }

  attributeChangedCallback(name: string, before: string | null, after: string | null): void {
    if (!this.built || !this.isConnected || before === after) return;
    if (FOUNDATIONS.has(name)) return this.rebuild(name);
    if (name === "heading" || name === "title") this.heading.textContent = this.headingText;
    if (name === "position") this.stack();
    if (name === "theme" || name.startsWith("accent")) this.onScheme();
    if (name !== "open") return;
    this.showOpen(true);
    this.save();
    this.tell(this.isOpen ? "skinfo-open" : "skinfo-close");
  }

  private show(): void {
    this.raise();
    this.stack();
    this.onScheme();
    this.showOpen(false);
    // What failed before a reload for want of a connection, or by the reload itself, goes on now.
    this.onOnline();
    this.save();
  }

  /** A page may change its mind about the language, the place or the server: the conversation is kept where it still can be. */
  private rebuild(changed: string): void {
    this.save();
    const carried = changed === "server" ? null : { conversation: this.conversation.save(), isOpen: this.isOpen, draft: this.typed };
    this.frame.remove();
    this.chat = this.input = this.messages = this.submit = null;
    this.built = false;
    this.build(carried);
    this.show();
  }

  /** Other chats in this corner: their buttons stand above one another, and one of them is open at a time. */
  private get neighbours(): SkinfoChat[] {
    const side = this.getAttribute("position");
    return Array.from(document.querySelectorAll("skinfo-chat")).filter((other) => !other.isInline && other.getAttribute("position") === side);
  }

  private stack(): void {
    if (!this.isInline) this.frame.style.setProperty("--stack", String(Math.max(0, this.neighbours.indexOf(this))));
  }

  /** Into the browser's top layer, where no host's stacking order, transform or clipping reaches. */
  private raise(): void {
    if (!this.isInline && this.frame.isConnected && "showPopover" in this.frame) this.frame.showPopover();
  }

  private readonly onOnline = (): void => {
    if (navigator.onLine && document.visibilityState === "visible") this.conversation.retryUnsent();
  };

  private readonly onPageHide = (): void => this.save();

  private readonly onScheme = (): void =>
    takeAccent(this.frame, { "--skinfo-accent": this.getAttribute("accent"), "--skinfo-accent-dark": this.getAttribute("accent-dark") });

  /** Another tab of the same page: what is kept on the device, deleted or taken off it there counts here, too. */
  private readonly onStorage = (event: StorageEvent): void => {
    const stored = this.storage.changedElsewhere(event);
    if (stored === undefined) return;
    this.keepOnDevice = stored !== null;
    this.keepButton.setAttribute("aria-pressed", String(this.keepOnDevice));
    if (stored && !this.conversation.isBusy) this.conversation.adopt(stored.conversation);
  };

  private readonly onFullScreen = (): void => this.showOpen(false);

  /** A phone's keyboard shrinks the visual viewport only: the panel follows it, so the input stays in sight. */
  private readonly onViewport = (): void => {
    const viewport = window.visualViewport;
    if (!viewport || this.isInline) return;
    this.panel.style.setProperty("--visible-height", `${viewport.height}px`);
    this.panel.style.setProperty("--visible-top", `${viewport.offsetTop}px`);
  };

  private get isInline(): boolean {
    return this.getAttribute("placement") === "inline";
  }

  private seconds(attribute: string, standard: number): number {
    const value = Number.parseFloat(this.getAttribute(attribute) ?? "");
    return (value > 0 ? value : standard) * 1000;
  }

  // --- building -----------------------------------------------------------------------------------------------------------

  /** @param carried what to go on with where the tab may store nothing */
  private build(carried: Stored | null = null): void {
    if (this.built) return;
    this.strings = stringsFor(this.getAttribute("lang"));
    this.voice = {
      strings: this.strings,
      locale: localeFor(this.getAttribute("lang"), this.strings),
      country: () => this.getAttribute("country"),
    };
    const server = (this.getAttribute("server") ?? OWN_SERVER).replace(/\/+$/, "");
    const ordinal = Array.from(document.querySelectorAll("skinfo-chat")).indexOf(this);
    this.storage = new Storage(`${server}#${this.id || ordinal}`);
    this.keepOnDevice = this.storage.keptOnDevice;
    const conversation = new Conversation(
      new Api(server, this.seconds("timeout", TIMEOUT_SECONDS), this.strings.disclaimer),
      this.voice.country,
      this.seconds("slow-after", SLOW_SECONDS),
      (change) => {
        if (conversation !== this.conversation) return;
        if (change.reset) this.showReset();
        if (change.added) this.showAdded(change.added);
        if (change.updated) this.showUpdated(change.updated, change.news === true);
        this.save();
      },
    );

    this.conversation = conversation;

    const stored = this.storage.load() ?? carried;
    if (stored) conversation.restore(stored.conversation);
    this.draft = stored?.draft ?? "";
    // A panel that would cover a phone's whole screen opens when the person asks for it, not by itself.
    const wanted = stored ? stored.isOpen : this.hasAttribute("open") && !this.fullScreen.matches;
    if (!this.isInline) this.toggleAttribute("open", wanted);

    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [panelSheet];
    this.frame = this.buildFrame();
    root.append(this.frame);
    this.built = true;
  }

  private buildFrame(): HTMLElement {
    const { strings } = this;
    const inline = this.isInline;
    this.heading = h("h2", { id: "heading", tabindex: "-1" }, this.headingText);
    this.menu = this.buildMenu();
    this.menuButton = button(
      { class: "tool", "aria-label": strings.more, title: strings.more, "aria-expanded": "false", "aria-controls": "menu" },
      () => this.showMenu(this.menu.hidden),
      icon("more"),
    );
    this.confirmBar = this.buildConfirm();
    this.body = h("div", { class: "body" });
    this.polite = h("div", { class: "unseen", role: "status", "aria-live": "polite" });
    this.assertive = h("div", { class: "unseen", role: "alert", "aria-live": "assertive" });
    const header = h(
      "header",
      {},
      h("span", { class: "mark" }, icon("chat")),
      h("div", { class: "titles" }, this.heading, h("p", {}, strings.subtitle)),
      button({ class: "tool", "aria-label": strings.restart, title: strings.restart }, () => this.restartByHand(), icon("restart")),
      this.menuButton,
      !inline && button({ class: "tool", "aria-label": strings.close, title: strings.close }, () => this.close(), icon("close")),
      this.menu,
    );
    this.panel = h(
      inline ? "section" : "dialog",
      { class: "panel", id: "panel", "aria-labelledby": "heading" },
      header,
      this.confirmBar,
      this.body,
      this.polite,
      this.assertive,
    );
    this.panel.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.close();
    });
    this.launcher = button(
      { class: "launcher", "aria-expanded": "false", "aria-controls": "panel", "aria-haspopup": "dialog" },
      () => this.toggle(),
    );
    const frame = h(
      "div",
      { class: "frame", lang: strings.locale, ...(inline ? {} : { popover: "manual" }) },
      !inline && this.launcher,
      this.panel,
    );
    frame.addEventListener("keydown", (event) => this.onEscape(event));
    return frame;
  }

  private get headingText(): string {
    return this.getAttribute("heading") ?? this.getAttribute("title") ?? this.strings.title;
  }

  private buildMenu(): HTMLElement {
    const { strings } = this;
    const item = (picture: Parameters<typeof icon>[0], text: string, action: () => void): HTMLButtonElement =>
      button({}, () => {
        this.showMenu(false);
        action();
      }, icon(picture), text);
    this.keepButton = button(
      { "aria-pressed": String(this.keepOnDevice) },
      () => {
        this.keepOnDevice = !this.keepOnDevice;
        this.keepButton.setAttribute("aria-pressed", String(this.keepOnDevice));
        this.save();
      },
      h("span", { class: "box" }, icon("tick")),
      h("span", {}, strings.keep, h("small", {}, strings.keepHint)),
    );
    const menu = h(
      "div",
      { class: "menu", id: "menu", role: "group", "aria-label": strings.more, hidden: true },
      item("save", strings.save, () => this.saveAsText()),
      item("print", strings.print, () => this.print()),
      this.keepButton,
      item("bin", strings.deleteConversation, () => this.showConfirm(true)),
    );
    menu.addEventListener("focusout", (event) => {
      const next = event.relatedTarget;
      if (next instanceof Node && !menu.contains(next) && next !== this.menuButton) this.showMenu(false, false);
    });
    return menu;
  }

  private buildConfirm(): HTMLElement {
    const { strings } = this;
    const question = h("p", { id: "delete-question" }, strings.deleteQuestion);
    const yes = button(
      { class: "danger" },
      () => {
        question.textContent = strings.deleting;
        void this.deleteConversation().then((deleted) => {
          if (deleted) return this.showConfirm(false);
          question.textContent = strings.deleteFailed;
          this.announce(strings.deleteFailed);
        });
      },
      strings.deleteYes,
    );
    const no = button({}, () => this.showConfirm(false), strings.deleteNo);
    return h("div", { class: "confirm", role: "group", "aria-labelledby": "delete-question", hidden: true }, question, yes, no);
  }

  /** deep-chat is built when the panel is first shown: a page that nobody chats on pays for a launcher only. */
  private buildChat(): void {
    if (this.chat) return;
    const chat = new DeepChat();
    this.chat = chat;
    owners.set(chat, {
      ...this.voice,
      conversation: this.conversation,
      announce: (text) => this.announce(text),
      // What has been typed meanwhile stays behind it.
      edit: (text) => this.type([text, this.typed].filter(Boolean).join("\n")),
      rate: (entry, helpful) => void this.rate(entry, helpful),
    });
    // Without a font of its own deep-chat fetches one from a third party.
    chat.style.fontFamily = "inherit";
    chat.chatStyle = { width: "100%", height: "100%", fontSize: "inherit", border: "none", backgroundColor: "transparent", display: "block" };
    chat.textInput = { placeholder: { text: this.strings.inputLabel } };
    // What is sent goes through `send` below; without a handler deep-chat shows its demonstration.
    chat.connect = { handler: () => undefined };
    this.body.append(chat);
    const root = chat.shadowRoot;
    if (!root) return;
    root.addEventListener("keydown", (event) => this.onChatKey(event as KeyboardEvent), true);
    root.addEventListener("click", (event) => this.onChatClick(event), true);
    root.addEventListener("input", () => {
      clearTimeout(this.draftTimer);
      this.draftTimer = setTimeout(() => this.save(), DRAFT_PAUSE_MS);
    });
    // deep-chat draws itself in a later task, sometimes twice, and says so only once.
    new MutationObserver(() => this.adopt(root)).observe(root, { childList: true, subtree: true });
  }

  /** Takes hold of the parts that deep-chat has drawn: names, looks, and the entries so far. */
  private adopt(root: ShadowRoot): void {
    const input = root.getElementById("text-input");
    if (!input || input === this.input) return;
    const first = this.input === null;
    // What was typed into the drawing that is gone.
    const typed = this.typed;
    if (!root.adoptedStyleSheets.includes(chatSheet)) root.adoptedStyleSheets.push(chatSheet);
    this.input = input;
    this.messages = root.getElementById("messages");
    this.submit = root.querySelector<HTMLElement>(".input-button");
    for (const [element, attributes] of [
      [this.messages, { role: "region", tabindex: "0", "aria-label": this.strings.conversation }],
      [input, { tabindex: "0", "aria-label": this.strings.inputLabel, "aria-multiline": "true", enterkeyhint: "send" }],
      [this.submit, { "aria-label": this.strings.send }],
    ] as const) {
      for (const [name, value] of Object.entries(attributes)) element?.setAttribute(name, value);
    }
    for (const entry of this.conversation.entries) this.showAdded(entry);
    this.draft = "";
    if (typed) this.type(typed, false);
    if (this.focusWhenReady) input.focus();
    this.conversation.begin();
    this.scrollToEntry(this.conversation.entries.at(-1));
    if (first) this.tell("skinfo-ready");
  }

  // --- keys ---------------------------------------------------------------------------------------------------------------

  private onChatKey(event: KeyboardEvent): void {
    // 229: some input methods send Enter while a word is still being composed.
    if (event.key !== "Enter" && event.key !== " ") return;
    if (event.isComposing || event.keyCode === 229) return;
    const onButton = event.target === this.submit;
    const onInput = event.target === this.input && event.key === "Enter" && !event.shiftKey;
    if (!onButton && !onInput) return;
    event.preventDefault();
    event.stopPropagation();
    if (!event.repeat) this.send();
  }

  /**
   * deep-chat renders what a person typed as Markdown, pictures and links included. Caught before it gets there, the text goes
   * the way of all entries: into a text node.
   */
  private onChatClick(event: Event): void {
    if (!(event.target instanceof Node && this.submit?.contains(event.target))) return;
    event.stopPropagation();
    this.send();
  }

  private onEscape(event: KeyboardEvent): void {
    if (event.key !== "Escape" || event.isComposing) return;
    if (!this.menu.hidden) this.showMenu(false);
    else if (!this.confirmBar.hidden) this.showConfirm(false);
    else if (!this.isInline) this.close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private send(): void {
    const text = this.typed;
    if (text === "") return;
    this.type("", false);
    this.conversation.ask(text);
  }

  private get typed(): string {
    return this.input?.innerText.trim() || this.draft;
  }

  /** Puts a text in the input, for the person to change or send. */
  private type(text: string, focus = true): void {
    if (!this.input) {
      this.draft = text;
      return;
    }
    this.input.textContent = text;
    // deep-chat keeps the look of its placeholder by this event.
    this.input.dispatchEvent(new InputEvent("input", { bubbles: true }));
    if (!focus) return;
    this.input.focus();
    getSelection()?.selectAllChildren(this.input);
    getSelection()?.collapseToEnd();
  }

  // --- showing ------------------------------------------------------------------------------------------------------------

  private showOpen(byPerson: boolean): void {
    const isOpen = this.isOpen;
    if (isOpen) this.buildChat();
    this.launcher.setAttribute("aria-expanded", String(isOpen));
    this.launcher.replaceChildren(
      icon(isOpen ? "close" : "chat"),
      h("span", { class: isOpen ? "unseen" : "" }, isOpen ? this.strings.close : this.strings.launcher),
    );
    if (!(this.panel instanceof HTMLDialogElement)) return;
    const hadFocus = this.shadowRoot?.activeElement ?? null;
    if (this.panel.open) this.panel.close();
    if (!isOpen) {
      this.showMenu(false, false);
      this.showConfirm(false, false);
      const opener = this.opener?.isConnected ? this.opener : this.launcher;
      this.opener = null;
      if (byPerson && hadFocus) opener.focus();
      return;
    }
    const modal = this.fullScreen.matches;
    this.panel.setAttribute("aria-modal", String(modal));
    this.onViewport();
    const before = document.activeElement;
    if (modal) this.panel.showModal();
    else this.panel.show();
    if (!byPerson) {
      // Neither form of opening is to take the focus from a page that opened the chat by itself.
      if (before instanceof HTMLElement && before !== this) before.focus({ preventScroll: true });
      else if (hadFocus instanceof HTMLElement) hadFocus.focus({ preventScroll: true });
      else (this.shadowRoot?.activeElement as HTMLElement | null)?.blur();
    } else {
      this.opener = before instanceof HTMLElement && before !== this && before !== document.body ? before : null;
      for (const other of this.neighbours) if (other !== this) other.close();
      // On a phone the keyboard would come up over the welcome before anybody has read it.
      this.focusWhenReady = !modal;
      if (modal || !this.input) this.heading.focus({ preventScroll: true });
      else this.input.focus();
    }
    this.scrollToEntry(this.conversation.entries.at(-1));
  }

  private showMenu(shown: boolean, focus = true): void {
    const changes = this.menu.hidden === shown;
    this.menu.hidden = !shown;
    this.menuButton.setAttribute("aria-expanded", String(shown));
    if (!changes || !focus) return;
    if (shown) this.menu.querySelector("button")?.focus();
    else this.menuButton.focus();
  }

  private showConfirm(shown: boolean, focus = true): void {
    const changes = this.confirmBar.hidden === shown;
    this.confirmBar.hidden = !shown;
    const question = this.confirmBar.querySelector("p");
    if (question) question.textContent = this.strings.deleteQuestion;
    if (!changes || !focus) return;
    if (shown) this.confirmBar.querySelector<HTMLElement>("button:last-child")?.focus();
    else this.menuButton.focus();
  }

  private showReset(): void {
    this.chat?.clearMessages();
    for (const entry of this.conversation.entries) this.showAdded(entry);
  }

  private showAdded(entry: Entry): void {
    // Before deep-chat has drawn itself there is nothing to add to; `adopt` shows what there is by then.
    if (!this.input) return;
    this.chat?.addMessage({ role: entry.kind === "user" ? "user" : "ai", html: SkinfoEntry.markup(entry) });
    this.scrollToEntry(entry);
  }

  private showUpdated(entry: Entry, news: boolean): void {
    this.element(entry)?.refresh();
    if (entry.kind !== "bot" || !news) return;
    this.scrollToEntry(entry);
    if (entry.state === "pending") return this.announce(entry.slow ? this.strings.slow : this.strings.typing);
    this.announceEntry(entry);
    this.tell(entry.state === "done" ? "skinfo-answer" : "skinfo-error", {
      urgency: entry.turn?.urgency ?? "none",
      failure: entry.failure?.kind ?? null,
    });
  }

  private element(entry: Entry): SkinfoEntry | null {
    return this.chat?.shadowRoot?.querySelector<SkinfoEntry>(`skinfo-entry[key="${entry.id}"]`) ?? null;
  }

  /** Shows the end of the conversation, but never past the beginning of its last answer. */
  private scrollToEntry(entry: Entry | undefined): void {
    // deep-chat scrolls by itself in a timer of its own: this comes after.
    setTimeout(() => {
      const element = entry && this.element(entry);
      const messages = this.messages;
      if (!element || !messages) return;
      const top = element.getBoundingClientRect().top - messages.getBoundingClientRect().top + messages.scrollTop - 12;
      messages.scrollTop = Math.min(top, messages.scrollHeight - messages.clientHeight);
      if (this.isInline && document.activeElement === this) this.bringIntoSight(element);
    }, 30);
  }

  /** A person who is writing at the foot of a chat in the page may have its upper part outside the window. */
  private bringIntoSight(entry: HTMLElement): void {
    this.scrollIntoView({ block: "nearest" });
    // Over a phone's keyboard there may not be room for the whole: an escalation is then seen from its beginning.
    const alarm = entry.querySelector(".alarm");
    const { top } = alarm?.getBoundingClientRect() ?? { top: 0 };
    if (top < 0 || top > (window.visualViewport?.height ?? window.innerHeight) / 2) alarm?.scrollIntoView({ block: "start" });
  }

  // --- telling ------------------------------------------------------------------------------------------------------------

  private announceEntry(entry: BotEntry): void {
    const { strings } = this;
    if (entry.state === "failed") {
      const kind = entry.failure?.kind ?? "server";
      const message = entry.failure?.message ?? (entry.ask ? strings.failed : strings.failedWelcome)[kind];
      return this.announce(`${message} ${strings.emergencyTitle} ${emergencyLine(this.voice)}`, true);
    }
    const blocks = entry.turn?.blocks ?? [];
    const alarms = blocks.filter((block) => block.type === "escalation" || block.type === "support");
    const rest = blocks.filter((block) => !alarms.includes(block as never));
    if (alarms.length) this.announce(alarms.map((block) => spoken(block, strings)).join(" "), true);
    this.announce(rest.map((block) => spoken(block, strings)).join(" "));
  }

  private announce(text: string, urgent = false): void {
    const region = urgent ? this.assertive : this.polite;
    region.textContent = "";
    // The same words twice are announced twice only if the region was empty in between.
    setTimeout(() => (region.textContent = text), 60);
  }

  private tell(name: string, detail: Record<string, unknown> = {}): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }

  // --- what the person does with the conversation -------------------------------------------------------------------------

  private async rate(entry: BotEntry, helpful: boolean): Promise<void> {
    try {
      await this.conversation.rate(entry, helpful);
      this.announce(this.strings.rated);
      this.tell("skinfo-feedback", { helpful });
    } catch {
      this.announce(this.strings.rateFailed);
    }
  }

  private restartByHand(): void {
    this.restart();
    if (!this.fullScreen.matches) this.input?.focus();
  }

  private save(): void {
    // A chat that was taken out of the page must not write over the one that took its place.
    if (!this.isConnected) return;
    clearTimeout(this.draftTimer);
    const draft = this.typed;
    this.storage.save({ conversation: this.conversation.save(), isOpen: this.isOpen, ...(draft ? { draft } : {}) }, this.keepOnDevice);
  }

  private transcript(): string {
    const { strings } = this;
    return this.conversation.entries
      .map((entry) => {
        const when = new Date(entry.at).toLocaleString(this.voice.locale);
        if (entry.kind === "user") return `${strings.you}, ${when}:\n${entry.text}`;
        if (entry.kind === "notice" || !entry.turn) return "";
        return `${strings.bot}, ${when}:\n${entry.turn.blocks.map((block) => plain(block, strings)).join("\n\n")}`;
      })
      .filter(Boolean)
      .join("\n\n----\n\n");
  }

  private saveAsText(): void {
    const address = URL.createObjectURL(new Blob([this.transcript()], { type: "text/plain;charset=utf-8" }));
    h("a", { href: address, download: "skinfo.txt" }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
  }

  /** Prints the conversation alone: the page around it is none of its business. */
  private print(): void {
    const frame = h("iframe", { class: "unseen", title: this.strings.print, "aria-hidden": "true", tabindex: "-1" });
    this.body.append(frame);
    const page = frame.contentDocument;
    if (!page || !frame.contentWindow) return frame.remove();
    page.title = this.strings.title;
    const text = page.createElement("pre");
    text.style.cssText = "font: 12pt/1.5 sans-serif; white-space: pre-wrap";
    text.textContent = this.transcript();
    page.body.append(text);
    frame.contentWindow.addEventListener("afterprint", () => frame.remove());
    frame.contentWindow.print();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "skinfo-chat": SkinfoChat;
    "skinfo-entry": SkinfoEntry;
  }
}
