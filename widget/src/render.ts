/** A turn's blocks as elements. Every string of the server's becomes a text node. */

import { h, icon } from "./dom";
import { emergencyNumbersOf } from "./helplines";
import type { Strings } from "./strings";
import { paragraphs, type Block, type Phone, type Source, type Urgency } from "./turn";

const urgencyIcons = { emergency: "alert", same_day: "clock", see_doctor: "doctor", none: "info" } as const;

/** What the words are written in, and for whom. */
export interface Voice {
  readonly strings: Strings;
  /** For times and dates. */
  readonly locale: string;
  /** Whose emergency numbers to name. */
  readonly country: () => string | null;
}

export function renderBlock(block: Block, voice: Voice): HTMLElement {
  const { strings } = voice;
  switch (block.type) {
    case "escalation":
      return alarm(block.urgency, urgencyIcons[block.urgency], strings.urgency[block.urgency], block, voice);
    case "support":
      return alarm("support", "heart", strings.support, block, voice);
    case "heading":
      return h("h3", {}, block.text);
    case "paragraph":
      return h("div", { class: "text" }, ...paragraphs(block.text).map((text) => h("p", {}, text)));
    case "note":
      return h("div", { class: "note" }, icon("info"), h("div", {}, ...paragraphs(block.text).map((text) => h("p", {}, text))));
    case "list":
      return h("ul", { role: "list" }, ...block.items.map((item) => h("li", {}, item)));
    case "table":
      return table(block);
    case "signpost":
      return h(
        "div",
        { class: "signpost" },
        block.text && h("p", {}, block.text),
        h("p", {}, block.url ? outLink(block.url, `${block.organisation}: ${block.name}`, strings) : `${block.organisation}: ${block.name}`),
      );
    case "sources":
      return h(
        "details",
        { class: "sources", open: true },
        h("summary", {}, `${strings.sources} (${block.items.length})`),
        h("ol", { role: "list" }, ...block.items.map((item) => h("li", {}, ...source(item, voice)))),
      );
    case "disclaimer":
      return h("p", { class: "disclaimer" }, block.text);
  }
}

/** The block as it is read out: a table and the sources are named, not recited; the disclaimer stays on the page. */
export function spoken(block: Block, strings: Strings): string {
  switch (block.type) {
    case "escalation":
      return sentence(strings.urgency[block.urgency], block.title, block.text, ...block.phones.map((phone) => phone.label));
    case "support":
      return sentence(block.title, block.text, ...block.phones.map((phone) => phone.label));
    case "list":
      return sentence(...block.items);
    case "table":
      return sentence(block.caption, block.columns.join(", "));
    case "signpost":
      return sentence(block.text, block.organisation);
    case "sources":
      return `${strings.sources}: ${block.items.length}.`;
    case "disclaimer":
      return "";
    default:
      return block.text;
  }
}

/** The block in plain text, for a copy or a file. */
export function plain(block: Block, strings: Strings): string {
  switch (block.type) {
    case "escalation":
      return lines(`!! ${strings.urgency[block.urgency]}: ${block.title}`, block.text, ...block.phones.map(phoneLine));
    case "support":
      return lines(block.title, block.text, ...block.phones.map(phoneLine));
    case "list":
      return lines(...block.items.map((item) => `- ${item}`));
    case "table":
      return lines(
        block.caption,
        ...block.rows.flatMap((row) => [`${row.header}:`, ...row.cells.map((cell, index) => `  ${block.columns[index] ?? ""}: ${cell}`)]),
      );
    case "signpost":
      return lines(block.text, `${block.organisation}: ${block.name}`, block.url ?? "");
    case "sources":
      return lines(
        `${strings.sources}:`,
        ...block.items.map((item) => [`- ${item.organisation}: ${item.title}`, item.checked ? `${strings.checked} ${item.checked}` : "", item.url ?? ""].filter(Boolean).join(", ")),
      );
    default:
      return block.text;
  }
}

export function telephone(phone: Phone): HTMLAnchorElement {
  return h("a", { class: "phone", href: `tel:${phone.number.replace(/[^+\d*#]/g, "")}` }, icon("phone"), phone.label || phone.number);
}

/** The country's emergency numbers, or those of several countries where the person's own is not known. */
export function emergencyNumbers({ strings, country }: Voice): HTMLElement {
  const own = emergencyNumbersOf(country());
  const numbers = own.length ? own.map((number) => ({ number, where: "" })) : strings.emergencyNumbers;
  return h(
    "ul",
    { class: "phones", role: "list", "aria-label": strings.call },
    ...numbers.map(({ number, where }) => h("li", {}, telephone({ number, label: number }), where && h("span", {}, where))),
  );
}

/** The line that stands wherever the chat cannot answer. */
export function emergencyLine({ strings, country }: Voice): string {
  return emergencyNumbersOf(country()).length ? strings.emergencyHere : strings.emergency;
}

function phones(level: Urgency | "support", numbers: readonly Phone[], voice: Voice): HTMLElement | null {
  if (!numbers.length) return level === "emergency" ? emergencyNumbers(voice) : null;
  return h("ul", { class: "phones", role: "list", "aria-label": voice.strings.call }, ...numbers.map((phone) => h("li", {}, telephone(phone))));
}

function alarm(
  level: Urgency | "support",
  picture: Parameters<typeof icon>[0],
  word: string,
  block: { readonly title: string; readonly text: string; readonly phones: readonly Phone[] },
  voice: Voice,
): HTMLElement {
  const call = phones(level, block.phones, voice);
  return h(
    "section",
    { class: "alarm", "data-level": level, "aria-label": word },
    h("p", { class: "alarm-word" }, icon(picture), word),
    h("h3", {}, block.title),
    // In an emergency the call comes before the reading.
    level === "emergency" && call,
    ...paragraphs(block.text).map((text) => h("p", {}, text)),
    level !== "emergency" && call,
  );
}

function table(block: Extract<Block, { type: "table" }>): HTMLElement {
  // A phone shows each row as a card, which takes the table's own display away and with it, in some browsers, its meaning: so the roles are said.
  const head = h("tr", { role: "row" }, h("td", { role: "cell" }), ...block.columns.map((column) => h("th", { scope: "col", role: "columnheader" }, column)));
  const rows = block.rows.map((row) =>
    h(
      "tr",
      { role: "row" },
      h("th", { scope: "row", role: "rowheader" }, row.header),
      ...row.cells.map((cell, index) => h("td", { role: "cell", "data-column": block.columns[index] ?? "" }, cell)),
    ),
  );
  return h(
    "div",
    { class: "table" },
    h(
      "table",
      { role: "table" },
      block.caption && h("caption", {}, block.caption),
      h("thead", { role: "rowgroup" }, head),
      h("tbody", { role: "rowgroup" }, ...rows),
    ),
  );
}

function source(item: Source, { strings, locale }: Voice): (Node | string)[] {
  const title = item.title || item.organisation;
  return [
    item.url ? outLink(item.url, title, strings) : h("span", {}, title),
    h(
      "span",
      { class: "origin" },
      item.organisation,
      item.checked && ` · ${strings.checked} `,
      item.checked && h("time", { datetime: item.checked }, longDate(item.checked, locale)),
    ),
  ];
}

/** A day such as 2026-11-23 in words; anything else as it came. */
function longDate(day: string, locale: string): string {
  const date = /^\d{4}-\d\d-\d\d$/.test(day) ? new Date(`${day}T12:00:00Z`) : null;
  return date && !Number.isNaN(date.getTime()) ? date.toLocaleDateString(locale, { dateStyle: "long", timeZone: "UTC" }) : day;
}

function outLink(url: string, text: string, strings: Strings): HTMLAnchorElement {
  return h(
    "a",
    { href: url, target: "_blank", rel: "noopener noreferrer", referrerpolicy: "no-referrer" },
    text,
    h("span", { class: "unseen" }, ` (${strings.newTab})`),
  );
}

const lines = (...parts: string[]): string => parts.filter(Boolean).join("\n");
const phoneLine = (phone: Phone): string => `${phone.label} (${phone.number})`;

function sentence(...parts: string[]): string {
  return parts
    .filter(Boolean)
    .map((part) => (/[.!?:]$/.test(part) ? part : `${part}.`))
    .join(" ");
}
