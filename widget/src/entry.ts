/**
 * One entry of a conversation as deep-chat shows it. deep-chat takes messages as HTML text; what it is given is always
 * `<skinfo-entry key="…">` and nothing of what anybody said. This element looks the entry up and builds it from text nodes.
 */

import type { BotEntry, Conversation, Entry } from "./conversation";
import { button, h, icon } from "./dom";
import { emergencyNumbers, plain, renderBlock } from "./render";
import type { Strings } from "./strings";

export interface Owner {
  readonly conversation: Conversation;
  readonly strings: Strings;
  readonly language: string;
  readonly announce: (text: string) => void;
  readonly edit: (text: string) => void;
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
    const focused = root instanceof ShadowRoot && this.contains(root.activeElement);
    this.dataset["kind"] = entry.kind;
    this.replaceChildren(...build(entry, owner));
    // A button that was pressed may be gone from the new state: the focus stays with the answer.
    if (focused) {
      this.tabIndex = -1;
      this.focus({ preventScroll: true });
    }
  }
}

function build(entry: Entry, owner: Owner): Node[] {
  const { strings, conversation } = owner;
  const time = new Date(entry.at).toLocaleTimeString(owner.language, { hour: "2-digit", minute: "2-digit" });
  const speaker = h("p", { class: "unseen" }, `${entry.kind === "user" ? strings.you : strings.bot}, ${time}`);
  if (entry.kind === "user") return [speaker, h("p", { class: "said" }, entry.text)];
  if (entry.kind === "notice") {
    return [
      h("p", { class: "notice" }, strings.deleted),
      button({ class: "action" }, () => conversation.restart(), icon("restart"), strings.newConversation),
    ];
  }
  switch (entry.state) {
    case "pending":
      return [speaker, ...pending(entry, strings)];
    case "failed":
      return [speaker, ...failed(entry, owner)];
    case "done":
      return [speaker, ...done(entry, owner)];
  }
}

function pending(entry: BotEntry, strings: Strings): Node[] {
  const dots = h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i"));
  const state = h("p", { class: "pending" }, dots, h("span", { class: entry.slow ? "" : "unseen" }, entry.slow ? strings.slow : strings.typing));
  return entry.slow ? [state, emergency(strings)] : [state];
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
    emergency(strings),
    h("p", { class: "disclaimer" }, strings.disclaimer),
  ];
}

function emergency(strings: Strings): HTMLElement {
  return h("div", { class: "emergency" }, h("p", {}, h("strong", {}, strings.emergencyTitle), ` ${strings.emergency}`), emergencyNumbers(strings));
}

function done(entry: BotEntry, owner: Owner): Node[] {
  const { strings, conversation } = owner;
  const turn = entry.turn;
  if (!turn) return [];
  const nodes: Node[] = turn.blocks.map((block) => renderBlock(block, strings));
  if (entry.resumed) nodes.unshift(h("p", { class: "notice" }, strings.resumed));
  if (entry.ask) nodes.push(copyButton(entry, owner));
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
  const copy = button(
    { class: "copy", "aria-label": strings.copy },
    () => {
      const text = (entry.turn?.blocks ?? []).map((block) => plain(block, strings)).join("\n\n");
      Promise.resolve(navigator.clipboard?.writeText(text) ?? Promise.reject(new Error("no clipboard")))
        .then(() => strings.copied)
        .catch(() => strings.copyFailed)
        .then((said) => {
          copy.textContent = said;
          announce(said);
        });
    },
    strings.copyShort,
  );
  return copy;
}
