/** What the server says in one turn, parsed once at the edge: past here nothing is unknown. */

export type Urgency = "none" | "see_doctor" | "same_day" | "emergency";

export interface Phone {
  readonly label: string;
  readonly number: string;
}

export interface Source {
  readonly title: string;
  readonly organisation: string;
  readonly url: string | null;
  readonly checked: string | null;
}

export interface Suggestion {
  readonly title: string;
  readonly payload: string;
}

export type Block =
  | { readonly type: "escalation"; readonly urgency: Urgency; readonly title: string; readonly text: string; readonly phones: readonly Phone[] }
  | { readonly type: "support"; readonly title: string; readonly text: string; readonly phones: readonly Phone[] }
  | { readonly type: "heading" | "paragraph" | "note" | "disclaimer"; readonly text: string }
  | { readonly type: "list"; readonly items: readonly string[] }
  | {
      readonly type: "table";
      readonly caption: string;
      readonly columns: readonly string[];
      readonly rows: readonly { readonly header: string; readonly cells: readonly string[] }[];
    }
  | { readonly type: "signpost"; readonly name: string; readonly organisation: string; readonly url: string | null; readonly text: string }
  | { readonly type: "sources"; readonly items: readonly Source[] };

export interface Turn {
  readonly text: string;
  readonly urgency: Urgency;
  readonly blocks: readonly Block[];
  readonly suggestions: readonly Suggestion[];
  /** Ids of the facts it gave, or the name of the intent where it gave none: what a rating of it is counted under. */
  readonly about: readonly string[];
}

type Json = Record<string, unknown>;

const isRecord = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value);
const string = (value: unknown): string => (typeof value === "string" ? value : typeof value === "number" ? String(value) : "");
const records = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isRecord) : []);
const strings = (value: unknown): string[] => (Array.isArray(value) ? value.map(string) : []);

/** A link that a person may follow: http or https, nothing else. */
function link(value: unknown): string | null {
  try {
    const url = new URL(string(value));
    return url.protocol === "https:" || url.protocol === "http:" ? url.href : null;
  } catch {
    return null;
  }
}

function urgency(value: unknown): Urgency {
  return value === "emergency" || value === "same_day" || value === "see_doctor" ? value : "none";
}

function phones(value: unknown): Phone[] {
  return records(value)
    .map((phone) => ({ label: string(phone["label"]), number: string(phone["number"]) }))
    .filter((phone) => /\d/.test(phone.number));
}

function source(item: Json): Source {
  return {
    title: string(item["title"]),
    organisation: string(item["organisation"]),
    url: link(item["url"]),
    checked: string(item["checked"]) || null,
  };
}

function block(json: Json): Block | null {
  const text = string(json["text"]);
  const type = json["type"];
  switch (type) {
    case "escalation":
      return { type, urgency: urgency(json["urgency"]), title: string(json["title"]), text, phones: phones(json["phones"]) };
    case "support":
      return { type, title: string(json["title"]), text, phones: phones(json["phones"]) };
    case "heading":
    case "paragraph":
    case "note":
    case "disclaimer":
      return text ? { type, text } : null;
    case "list":
      return { type, items: strings(json["items"]) };
    case "table":
      return {
        type,
        caption: string(json["caption"]),
        columns: strings(json["columns"]),
        rows: records(json["rows"]).map((row) => ({ header: string(row["header"]), cells: strings(row["cells"]) })),
      };
    case "signpost":
      return { type, name: string(json["name"]), organisation: string(json["organisation"]), url: link(json["url"]), text };
    case "sources": {
      const items = records(json["items"]).map(source);
      return items.length ? { type, items } : null;
    }
    default:
      // A newer server's block: what it says still stands in the words of the turn.
      return text ? { type: "paragraph", text } : null;
  }
}

/** Reads a turn; the disclaimer is last whatever the server sent. Throws when there is nothing to show. */
export function parseTurn(json: unknown, ownDisclaimer: string): Turn {
  if (!isRecord(json)) throw new TypeError("a turn is an object");
  const text = string(json["text"]);
  const disclaimer = string(json["disclaimer"]) || ownDisclaimer;
  let blocks = records(json["blocks"])
    .map(block)
    .filter((item) => item !== null);
  if (!blocks.some((item) => item.type !== "disclaimer")) {
    blocks = paragraphs(text.replace(disclaimer, "")).map((item) => ({ type: "paragraph", text: item }));
  }
  if (!blocks.length) throw new TypeError("a turn says something");
  const last = blocks.find((item) => item.type === "disclaimer") ?? { type: "disclaimer", text: disclaimer };
  return {
    text,
    urgency: urgency(json["urgency"]),
    blocks: [...blocks.filter((item) => item.type !== "disclaimer"), last],
    suggestions: records(json["suggestions"])
      .map((item) => ({ title: string(item["title"]), payload: string(item["payload"]) }))
      .filter((item) => item.title !== ""),
    about: about(json),
  };
}

function about(json: Json): string[] {
  const facts = records(json["answers"]).flatMap((answer) => strings(answer["fact_ids"]));
  if (facts.length) return [...new Set(facts)];
  const intent = isRecord(json["intent"]) ? string(json["intent"]["name"]) : "";
  return intent ? [intent] : [];
}

/** The paragraphs of a text, split at blank lines. */
export function paragraphs(text: string): string[] {
  return text
    .split(/\n\s*\n/)
    .map((part) => part.trim())
    .filter((part) => part !== "");
}
