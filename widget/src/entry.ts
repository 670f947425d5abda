/**
 * One entry of a conversation as deep-chat shows it. deep-chat takes messages as HTML text; what it is given is always
 * `<skinfo-entry key="…">` and nothing of what anybody said. This element looks the entry up and builds it from text nodes.
 */

import type { BotEntry, Conversation, Entry } from "./conversation";
import { button, h, icon } from "./dom";
import { emergencyLine, emergencyNumbers, plain, renderBlock, type Voice } from "./render";

export interface Owner extends Voice {
  readonly conversation: Conversation;
  readonly announce: (text: string) => void;
  readonly edit: (text: string) => void;
  readonly rate: (entry: BotEntry, helpful: boolean) => void;
}

/** Whose entries a deep-chat shows: several chats on a page share this element's definition. */
export const owners = new WeakMap<Element, Owner>();

export class SkinfoEntry extends HTMLElement {
  static markup(entry: Entry): string {
    return `<skinfo-entry key="${entry.id.replace(/\W/g, "")}"></skinfo-entry>`;
  }

  connectedCallback(): void {
    this.refresh();
  }

  refresh(): void {
    const root = this.getRootNode();
    const owner = root instanceof ShadowRoot ? owners.get(root.host) : undefined;
    const entry = owner?.conversation.entry(this.getAttribute("key") ?? "");
    if (!owner || !entry) return;
    const active = root instanceof ShadowRoot && this.contains(root.activeElement) ? root.activeElement : null;
    this.dataset["kind"] = entry.kind;
    this.replaceChildren(...build(entry, owner));
    if (!active) return;
    // The button that was pressed is drawn anew or gone: the focus stays with it, or else with the answer.
    const name = active.getAttribute("data-action");
    const again = name ? this.querySelector<HTMLElement>(`[data-action="${name}"]`) : null;
    if (!again) this.tabIndex = -1;
    (again ?? this).focus({ preventScroll: true });
  }
}

function build(entry: Entry, owner: Owner): Node[] {
  const { strings, conversation } = owner;
  const speaker = h("p", { class: "unseen" }, `${entry.kind === "user" ? strings.you : strings.bot}, `, time(entry.at, owner.locale));
  if (entry.kind === "user") return [speaker, h("p", { class: "said" }, entry.text)];
  if (entry.kind === "notice") {
    return [
      h("p", { class: "notice" }, strings.deleted),
      button({ class: "action" }, () => conversation.restart(), icon("restart"), strings.newConversation),
    ];
  }
  switch (entry.state) {
    case "pending":
      return [speaker, ...pending(entry, owner)];
    case "failed":
      return [speaker, ...failed(entry, owner)];
    case "done":
      return [speaker, ...done(entry, owner)];
  }
}

/** The hour, and the day if it was another one. */
function time(at: number, locale: string): HTMLElement {
  const date = new Date(at);
  const hour = { hour: "2-digit", minute: "2-digit" } as const;
  const words =
    date.toDateString() === new Date().toDateString()
      ? date.toLocaleTimeString(locale, hour)
      : date.toLocaleString(locale, { day: "numeric", month: "long", ...hour });
  return h("time", { datetime: date.toISOString() }, words);
}

function pending(entry: BotEntry, owner: Owner): Node[] {
  const { strings } = owner;
  const dots = h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i"));
  const state = h("p", { class: "pending" }, dots, h("span", { class: entry.slow ? "" : "unseen" }, entry.slow ? strings.slow : strings.typing));
  return entry.slow ? [state, emergency(owner)] : [state];
}

function failed(entry: BotEntry, owner: Owner): Node[] {
  const { strings, conversation } = owner;
  const kind = entry.failure?.kind ?? "server";
  const ask = entry.ask;
  const message = entry.failure?.message ?? (ask ? strings.failed : strings.failedWelcome)[kind];
  return [
    h("p", { class: "failure" }, icon("alert"), h("span", {}, message)),
    h(
      "p",
      { class: "actions" },
      kind === "refused" && ask && !ask.payload
        ? button({ class: "action" }, () => owner.edit(ask.text), strings.edit)
        : button({ class: "action" }, () => conversation.retry(entry), icon("restart"), strings.retry),
    ),
    emergency(owner),
    h("p", { class: "disclaimer" }, strings.disclaimer),
  ];
}

function emergency(voice: Voice): HTMLElement {
  return h("div", { class: "emergency" }, h("p", {}, h("strong", {}, voice.strings.emergencyTitle), ` ${emergencyLine(voice)}`), emergencyNumbers(voice));
}

function done(entry: BotEntry, owner: Owner): Node[] {
  const { strings, conversation } = owner;
  const turn = entry.turn;
  if (!turn) return [];
  const nodes: Node[] = turn.blocks.map((block) => renderBlock(block, owner));
  if (entry.resumed) nodes.unshift(h("p", { class: "notice" }, strings.resumed));
  if (entry.ask) nodes.push(h("div", { class: "tools" }, copyButton(entry, owner), ratable(entry) && rating(entry, owner)));
  if (turn.suggestions.length) {
    nodes.push(
      h(
        "ul",
        { class: "suggestions", role: "list", "aria-label": strings.suggestions },
        ...turn.suggestions.map((suggestion, index) =>
          h(
            "li",
            {},
            button(
              { disabled: entry.chosen !== null, "data-chosen": entry.chosen === index },
              () => conversation.choose(entry, index),
              suggestion.title,
            ),
          ),
        ),
      ),
    );
  }
  return nodes;
}

function copyButton(entry: BotEntry, { strings, announce }: Owner): HTMLElement {
  const words = h("span", {}, strings.copyShort);
  const copy = button(
    { class: "tool copy", "aria-label": strings.copy },
    () => {
      const text = (entry.turn?.blocks ?? []).map((block) => plain(block, strings)).join("\n\n");
      Promise.resolve(navigator.clipboard?.writeText(text) ?? Promise.reject(new Error("no clipboard")))
        .then(() => strings.copied)
        .catch(() => strings.copyFailed)
        .then((said) => {
          words.textContent = said;
          announce(said);
        });
    },
    icon("copy"),
    words,
  );
  return copy;
}

/** Nobody who was just told to get help is asked how that was. */
function ratable(entry: BotEntry): boolean {
  return !entry.turn?.blocks.some((block) => block.type === "support" || (block.type === "escalation" && block.urgency === "emergency"));
}

function rating(entry: BotEntry, { strings, rate }: Owner): HTMLElement {
  const vote = (helpful: boolean): HTMLElement => {
    const words = helpful ? strings.helpful : strings.notHelpful;
    return button(
      { class: "tool", "data-action": `rate-${String(helpful)}`, "aria-label": words, title: words, "aria-pressed": String(entry.helpful === helpful) },
      () => rate(entry, helpful),
      icon(helpful ? "up" : "down"),
    );
  };
  return h("div", { class: "rating", role: "group", "aria-label": strings.rate }, h("span", { "aria-hidden": "true" }, strings.rate), vote(true), vote(false));
}
