/**
 * Where a conversation lives between page loads: the tab, and the device only when the person asked for that. A page that may
 * not store anything (a sandboxed frame) still gets a chat.
 */

import type { Saved } from "./conversation";

export interface Stored {
  readonly conversation: Saved;
  readonly isOpen: boolean;
  /** What was typed and not sent: the tab's alone. */
  readonly draft?: string;
}

export class Storage {
  private readonly key: string;

  constructor(name: string) {
    this.key = `skinfo-chat:${name}`;
  }

  get keptOnDevice(): boolean {
    return attempt(() => localStorage.getItem(this.key) !== null) ?? false;
  }

  load(): Stored | null {
    return read(attempt(() => sessionStorage.getItem(this.key)) ?? attempt(() => localStorage.getItem(this.key)));
  }

  save(stored: Stored, onDevice: boolean): void {
    attempt(() => sessionStorage.setItem(this.key, JSON.stringify(stored)));
    const { draft: _, ...shared } = stored;
    attempt(() => (onDevice ? localStorage.setItem(this.key, JSON.stringify(shared)) : localStorage.removeItem(this.key)));
  }

  /** What another tab has just kept on the device, null if it took it off; undefined if it did something else. */
  changedElsewhere(event: StorageEvent): Stored | null | undefined {
    if (event.storageArea !== attempt(() => localStorage) || event.key !== this.key) return undefined;
    return event.newValue === null ? null : (read(event.newValue) ?? undefined);
  }
}

function read(text: string | null | undefined): Stored | null {
  if (!text) return null;
  try {
    const stored = JSON.parse(text) as Stored;
    return Array.isArray(stored.conversation.entries) ? stored : null;
  } catch {
    return null;
  }
}

function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}
