/**
 * One conversation: what was said, what is on its way, what failed. It knows nothing of the page; whoever shows it
 * listens for `change`. Every question is one entry and its answer another, which turns from pending to done or failed
 * and back in its place: so a retry can neither lose a question nor double it.
 */

import { Api, ApiError, type Ask, type Failure, type FailureKind } from "./api";
import type { Turn } from "./turn";

/** Failures that pass by themselves. */
const unsent: ReadonlySet<FailureKind> = new Set(["offline", "unreachable", "interrupted"]);

export interface UserEntry {
  readonly id: string;
  readonly kind: "user";
  readonly at: number;
  readonly text: string;
}

export interface BotEntry {
  readonly id: string;
  readonly kind: "bot";
  at: number;
  /** What it answers; null for the welcome. */
  ask: Ask | null;
  state: "pending" | "done" | "failed";
  slow: boolean;
  turn: Turn | null;
  failure: Failure | null;
  /** The suggestion that was taken: the others are then past, too. */
  chosen: number | null;
  /** The conversation before it had ended on the server. */
  resumed: boolean;
  /** What the person said of it. */
  helpful: boolean | null;
}

export interface NoticeEntry {
  readonly id: string;
  readonly kind: "notice";
  readonly at: number;
  readonly notice: "deleted";
}

export type Entry = UserEntry | BotEntry | NoticeEntry;

export interface Saved {
  readonly token: string | null;
  readonly expiresAt: number;
  readonly entries: readonly Entry[];
}

/** `news`: the entry has come into another state, which is to be told; otherwise it only looks different. */
type Listener = (change: { readonly added?: Entry; readonly updated?: Entry; readonly news?: boolean; readonly reset?: true }) => void;

export class Conversation {
  private token: string | null = null;
  private expiresAt = 0;
  private list: Entry[] = [];
  private readonly waiting: BotEntry[] = [];
  private running: Promise<void> | null = null;
  /** Counts restarts: an answer to a conversation that is gone is dropped. */
  private generation = 0;

  constructor(
    private readonly api: Api,
    private readonly country: () => string | null,
    private readonly slowMs: number,
    private readonly changed: Listener,
  ) {}

  get entries(): readonly Entry[] {
    return this.list;
  }

  entry(id: string): Entry | undefined {
    return this.list.find((entry) => entry.id === id);
  }

  get isBusy(): boolean {
    return this.running !== null;
  }

  /** What a reload brings back. An answer that was on its way is then a failed one, to be tried again. */
  restore(saved: Saved): void {
    if (saved.expiresAt && saved.expiresAt * 1000 < Date.now()) return;
    this.token = saved.token;
    this.expiresAt = saved.expiresAt;
    this.list = saved.entries
      .filter((entry) => entry.kind !== "notice")
      .map((entry) =>
        entry.kind === "bot" && entry.state === "pending"
          ? { ...entry, state: "failed", slow: false, failure: { kind: "interrupted", message: null } }
          : entry,
      );
  }

  /** Goes over to what another tab has made of the conversation. */
  adopt(saved: Saved): void {
    this.reset([]);
    this.restore(saved);
    this.changed({ reset: true });
  }

  save(): Saved {
    return { token: this.token, expiresAt: this.expiresAt, entries: this.list };
  }

  /** Opens the conversation and shows its welcome, once. */
  begin(): void {
    if (this.list.length === 0) this.queue(this.addBot(null));
  }

  /** Asks, after whatever is still being answered. */
  ask(text: string, payload?: string): void {
    if (text.trim() === "") return;
    this.add({ id: newId(), kind: "user", at: Date.now(), text });
    this.queue(this.addBot({ id: newId(), text, ...(payload ? { payload } : {}) }));
  }

  /** Takes a suggestion: once, and only one of those that were offered together. */
  choose(entry: BotEntry, index: number): void {
    const suggestion = entry.turn?.suggestions[index];
    if (!suggestion || entry.chosen !== null) return;
    entry.chosen = index;
    this.update(entry);
    this.ask(suggestion.title, suggestion.payload);
  }

  retry(entry: BotEntry): void {
    if (entry.state !== "failed" || this.waiting.includes(entry)) return;
    this.queue(entry);
  }

  /** Tries again, in order, what failed for want of a connection or because the page went away. */
  retryUnsent(): void {
    for (const entry of this.list) {
      if (entry.kind !== "bot" || entry.state !== "failed") continue;
      if (entry.failure && unsent.has(entry.failure.kind)) this.retry(entry);
    }
  }

  /** Says whether an answer helped; what is said last counts. Throws, and takes it back, when it could not be sent. */
  async rate(entry: BotEntry, helpful: boolean): Promise<void> {
    if (!entry.ask || !entry.turn || entry.helpful === helpful) return;
    const before = entry.helpful;
    entry.helpful = helpful;
    this.update(entry);
    try {
      await this.api.rate(this.token ?? "", entry.ask.id, helpful, entry.turn.about);
    } catch (error) {
      entry.helpful = before;
      this.update(entry);
      throw error;
    }
  }

  /** A new conversation; the old one goes from here at once and, as far as it can be reached, from the server. */
  restart(): void {
    const token = this.token;
    this.reset([]);
    if (token) void this.api.delete(token).catch(() => undefined);
    this.begin();
  }

  /** Deletes it on the server and then here; throws, and keeps it here, when the server could not do it. */
  async delete(): Promise<void> {
    if (this.token) await this.api.delete(this.token);
    this.reset([{ id: newId(), kind: "notice", at: Date.now(), notice: "deleted" }]);
  }

  private reset(entries: Entry[]): void {
    this.generation += 1;
    this.token = null;
    this.expiresAt = 0;
    this.waiting.length = 0;
    this.running = null;
    this.list = entries;
    this.changed({ reset: true });
  }

  private add<E extends Entry>(entry: E): E {
    this.list.push(entry);
    this.changed({ added: entry });
    return entry;
  }

  private addBot(ask: Ask | null): BotEntry {
    return this.add<BotEntry>({
      id: newId(),
      kind: "bot",
      at: Date.now(),
      ask,
      state: "pending",
      slow: false,
      turn: null,
      failure: null,
      chosen: null,
      resumed: false,
      helpful: null,
    });
  }

  private update(entry: Entry, news = false): void {
    this.changed({ updated: entry, news });
  }

  private queue(entry: BotEntry): void {
    entry.state = "pending";
    entry.failure = null;
    entry.slow = false;
    this.waiting.push(entry);
    const generation = this.generation;
    // Counted from the asking, not from its turn in the queue: that is how long the person has waited.
    setTimeout(() => {
      if (generation !== this.generation || entry.state !== "pending") return;
      entry.slow = true;
      this.update(entry, true);
    }, this.slowMs);
    this.running ??= this.run(generation);
    this.update(entry, true);
  }

  private async run(generation: number): Promise<void> {
    let entry: BotEntry | undefined;
    while (generation === this.generation && (entry = this.waiting[0])) {
      await this.deliver(entry, generation);
      if (generation !== this.generation) return;
      this.waiting.shift();
      if (!this.waiting.length) this.running = null;
      this.update(entry, true);
    }
  }

  private async deliver(entry: BotEntry, generation: number): Promise<void> {
    try {
      if (!navigator.onLine) throw new ApiError("offline");
      const turn = await this.answer(entry, generation);
      if (generation !== this.generation) return;
      entry.turn = turn;
      entry.state = "done";
      entry.failure = null;
    } catch (error) {
      entry.state = "failed";
      entry.failure = error instanceof ApiError ? { kind: error.kind, message: error.said } : { kind: "server", message: null };
    } finally {
      entry.slow = false;
      entry.at = Date.now();
    }
  }

  private async answer(entry: BotEntry, generation: number): Promise<Turn> {
    if (!entry.ask) return this.open(generation);
    if (!this.token) await this.open(generation);
    try {
      return await this.press(entry, entry.ask);
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 401)) throw error;
      this.token = null;
      await this.open(generation);
      entry.resumed = true;
      return this.press(entry, entry.ask);
    }
  }

  /** Sends what was asked. A button of a conversation that has ended is not known in the next one; its words still are. */
  private async press(entry: BotEntry, ask: Ask): Promise<Turn> {
    try {
      return await this.api.ask(this.token ?? "", ask, this.country());
    } catch (error) {
      if (!(ask.payload && error instanceof ApiError && error.status === 400)) throw error;
      entry.ask = { id: newId(), text: ask.text };
      return this.api.ask(this.token ?? "", entry.ask, this.country());
    }
  }

  private async open(generation: number): Promise<Turn> {
    const opened = await this.api.open(this.country());
    if (generation !== this.generation) {
      // Begun for a conversation that the person has left meanwhile.
      void this.api.delete(opened.token).catch(() => undefined);
      throw new ApiError("interrupted");
    }
    this.token = opened.token;
    this.expiresAt = opened.expiresAt;
    for (const entry of this.list) {
      // A welcome that had failed: trying it again now would only leave this conversation for another.
      if (entry.kind !== "bot" || entry.ask || entry.state !== "failed") continue;
      Object.assign(entry, { state: "done", failure: null, turn: opened.welcome });
      this.update(entry);
    }
    return opened.welcome;
  }
}

function newId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
