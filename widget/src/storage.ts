/**
 * Where a conversation lives between page loads: the tab, and the device only when the person asked for that. A page that may
 * not store anything (a sandboxed frame) still gets a chat.
 */

import type { Saved } from "./conversation";

export interface Stored {
  readonly conversation: Saved;
  readonly isOpen: boolean;
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
    const text = attempt(() => sessionStorage.getItem(this.key) ?? localStorage.getItem(this.key));
    if (!text) return null;
    try {
      const stored = JSON.parse(text) as Stored;
      return Array.isArray(stored.conversation.entries) ? stored : null;
    } catch {
      return null;
    }
  }

  save(stored: Stored, onDevice: boolean): void {
    const text = JSON.stringify(stored);
    attempt(() => sessionStorage.setItem(this.key, text));
    attempt(() => (onDevice ? localStorage.setItem(this.key, text) : localStorage.removeItem(this.key)));
  }
}

function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}
