/** `<skinfo-chat>`: the launcher, the panel and what they do. deep-chat holds the messages and the input. */

import { DeepChat } from "deep-chat";
import { Api } from "./api";
import chatCss from "./chat.css?inline";
import { Conversation, type BotEntry, type Entry } from "./conversation";
import { button, h, icon, sheet } from "./dom";
import { owners, SkinfoEntry } from "./entry";
import panelCss from "./panel.css?inline";
import { plain, spoken } from "./render";
import { Storage } from "./storage";
import { stringsFor, type Strings } from "./strings";

const panelSheet = sheet(panelCss);
const chatSheet = sheet(chatCss);

/** Where the panel takes the whole screen; panel.css says the same. */
const FULL_SCREEN = "(max-width: 40rem), (max-height: 30rem)";
const SLOW_SECONDS = 6;
const TIMEOUT_SECONDS = 25;

export class SkinfoChat extends HTMLElement {
  static readonly observedAttributes = ["open"];

  private strings!: Strings;
  private language = "en";
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

  private readonly fullScreen = window.matchMedia(FULL_SCREEN);

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
    this.conversation.ask(payload ? { text, payload } : { text });
  }

  restart(): void {
    this.build();
    this.conversation.restart();
  }

  /** Deletes the conversation on the server and here; false when the server could not be reached. */
  async deleteConversation(): Promise<boolean> {
    this.build();
    try {
      await this.conversation.delete();
      this.announce(this.strings.deleted);
      return true;
    } catch {
      return false;
    }
  }

  // --- life in the page ---------------------------------------------------------------------------------------------------

  connectedCallback(): void {
    this.build();
    window.addEventListener("online", this.onOnline);
    this.fullScreen.addEventListener("change", this.onFullScreen);
    window.visualViewport?.addEventListener("resize", this.onViewport);
    window.visualViewport?.addEventListener("scroll", this.onViewport);
    this.raise();
    this.showOpen(false);
  }

  disconnectedCallback(): void {
    window.removeEventListener("online", this.onOnline);
    this.fullScreen.removeEventListener("change", this.onFullScreen);
    window.visualViewport?.removeEventListener("resize", this.onViewport);
    window.visualViewport?.removeEventListener("scroll", this.onViewport);
  }

  attributeChangedCallback(): void {
    if (!this.built || !this.isConnected) return;
    this.showOpen(true);
    this.save();
    this.tell(this.isOpen ? "skinfo-open" : "skinfo-close");
  }

  /** Into the browser's top layer, where no host's stacking order, transform or clipping reaches. */
  private raise(): void {
    if (!this.isInline && this.frame.isConnected && "showPopover" in this.frame) this.frame.showPopover();
  }

  private readonly onOnline = (): void => this.conversation.retryUnsent();

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

  private build(): void {
    if (this.built) return;
    this.language = this.getAttribute("lang") ?? "en";
    this.strings = stringsFor(this.language);
    const server = (this.getAttribute("server") ?? "").replace(/\/+$/, "");
    const ordinal = Array.from(document.querySelectorAll("skinfo-chat")).indexOf(this);
    this.storage = new Storage(`${server}#${this.id || ordinal}`);
    this.keepOnDevice = this.storage.keptOnDevice;
    this.conversation = new Conversation(
      new Api(server, this.seconds("timeout", TIMEOUT_SECONDS), this.strings.disclaimer),
      () => this.getAttribute("country"),
      this.seconds("slow-after", SLOW_SECONDS),
      (change) => {
        if (change.reset) this.showReset();
        if (change.added) this.showAdded(change.added);
        if (change.updated) this.showUpdated(change.updated);
        this.save();
      },
    );

    const stored = this.storage.load();
    if (stored) this.conversation.restore(stored.conversation);
    // A panel that would cover a phone's whole screen opens when the person asks for it, not by itself.
    const wanted = stored ? stored.isOpen : this.hasAttribute("open") && !this.fullScreen.matches;
    if (!this.isInline) this.toggleAttribute("open", wanted);

    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [panelSheet];
    this.frame = this.buildFrame();
    root.append(this.frame);
    this.built = true;
  }

  private buildFrame(): HTMLElement {
    const { strings } = this;
    const inline = this.isInline;
    this.heading = h("h2", { id: "heading", tabindex: "-1" }, this.getAttribute("heading") ?? strings.title);
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
    this.panel.addEventListener("keydown", (event) => this.onPanelKey(event));
    this.panel.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.close();
    });
    this.launcher = button(
      { class: "launcher", "aria-expanded": "false", "aria-controls": "panel", "aria-haspopup": "dialog" },
      () => this.toggle(),
    );
    return h("div", { class: "frame", ...(inline ? {} : { popover: "manual" }) }, !inline && this.launcher, this.panel);
  }

  private buildMenu(): HTMLElement {
    const { strings } = this;
    const item = (text: string, action: () => void): HTMLButtonElement =>
      button({}, () => {
        this.showMenu(false);
        action();
      }, text);
    this.keepButton = button(
      { "aria-pressed": String(this.keepOnDevice) },
      () => {
        this.keepOnDevice = !this.keepOnDevice;
        this.keepButton.setAttribute("aria-pressed", String(this.keepOnDevice));
        this.save();
      },
      h("span", {}, strings.keep),
      h("small", {}, strings.keepHint),
    );
    const menu = h(
      "div",
      { class: "menu", id: "menu", role: "group", "aria-label": strings.more, hidden: true },
      item(strings.save, () => this.saveAsText()),
      item(strings.print, () => this.print()),
      this.keepButton,
      item(strings.deleteConversation, () => this.showConfirm(true)),
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
      conversation: this.conversation,
      strings: this.strings,
      language: this.language,
      announce: (text) => this.announce(text),
      edit: (text) => this.type(text),
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
    // deep-chat draws itself in a later task, sometimes twice, and says so only once.
    new MutationObserver(() => this.adopt(root)).observe(root, { childList: true, subtree: true });
  }

  /** Takes hold of the parts that deep-chat has drawn: names, looks, and the entries so far. */
  private adopt(root: ShadowRoot): void {
    const input = root.getElementById("text-input");
    if (!input || input === this.input) return;
    const first = this.input === null;
    // What was typed into the drawing that is gone.
    const typed = this.input?.innerText.trim() || this.draft;
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

  private onPanelKey(event: KeyboardEvent): void {
    if (event.key !== "Escape" || event.isComposing) return;
    if (!this.menu.hidden) this.showMenu(false);
    else if (!this.confirmBar.hidden) this.showConfirm(false);
    else if (!this.isInline) this.close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private send(): void {
    const text = this.input?.innerText.trim() ?? "";
    if (text === "") return;
    this.type("", false);
    this.conversation.ask({ text });
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
    this.launcher.replaceChildren(icon(isOpen ? "close" : "chat"), h("span", {}, isOpen ? this.strings.close : this.strings.launcher));
    if (!(this.panel instanceof HTMLDialogElement)) return;
    const hadFocus = this.shadowRoot?.activeElement ?? null;
    if (this.panel.open) this.panel.close();
    if (!isOpen) {
      this.showMenu(false, false);
      this.showConfirm(false, false);
      if (byPerson && hadFocus) this.launcher.focus();
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

  private showUpdated(entry: Entry): void {
    this.element(entry)?.refresh();
    if (entry.kind !== "bot") return;
    if (entry.chosen === null) this.scrollToEntry(entry);
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
    }, 30);
  }

  // --- telling ------------------------------------------------------------------------------------------------------------

  private announceEntry(entry: BotEntry): void {
    const { strings } = this;
    if (entry.state === "failed") {
      const kind = entry.failure?.kind ?? "server";
      const message = entry.failure?.message ?? (entry.ask ? strings.failed : strings.failedWelcome)[kind];
      return this.announce(`${message} ${strings.emergencyTitle} ${strings.emergency}`, true);
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

  private restartByHand(): void {
    this.conversation.restart();
    if (!this.fullScreen.matches) this.input?.focus();
  }

  private save(): void {
    this.storage.save({ conversation: this.conversation.save(), isOpen: this.isOpen }, this.keepOnDevice);
  }

  private transcript(): string {
    const { strings } = this;
    return this.conversation.entries
      .map((entry) => {
        const when = new Date(entry.at).toLocaleString(this.language);
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
