/** The server's side of the conversation: four requests, and the ways in which they fail. */

import { parseTurn, type Turn } from "./turn";

export type FailureKind = "offline" | "unreachable" | "timeout" | "interrupted" | "server" | "refused";

export interface Failure {
  readonly kind: FailureKind;
  /** What the server said about it, in words for a person. */
  readonly message: string | null;
}

export class ApiError extends Error implements Failure {
  constructor(
    readonly kind: FailureKind,
    readonly status: number = 0,
    readonly said: string | null = null,
  ) {
    super(said ?? kind);
  }
}

export interface Ask {
  /** Made here and the same at every attempt: a server that has answered it once does not answer it again. */
  readonly id: string;
  readonly text: string;
  readonly payload?: string;
}

export interface Opened {
  readonly token: string;
  readonly expiresAt: number;
  readonly welcome: Turn;
}

export class Api {
  constructor(
    private readonly server: string,
    private readonly timeoutMs: number,
    private readonly ownDisclaimer: string,
  ) {}

  async open(country: string | null): Promise<Opened> {
    const json = await this.request("POST", "/api/conversations", null, country ? { country } : {});
    const { token, expires_at: expiresAt, turn } = (json ?? {}) as Record<string, unknown>;
    if (typeof token !== "string" || token === "") throw new ApiError("server");
    return { token, expiresAt: typeof expiresAt === "number" ? expiresAt : 0, welcome: this.turn(turn) };
  }

  async ask(token: string, ask: Ask, country: string | null): Promise<Turn> {
    return this.turn(await this.request("POST", "/api/messages", token, country ? { ...ask, country } : ask));
  }

  /** Whether an answer helped. Which one is told by what it was about; nothing that was said goes along. */
  async rate(token: string, answer: string, helpful: boolean, about: readonly string[]): Promise<void> {
    await this.request("POST", "/api/feedback", token, { answer, helpful, about });
  }

  /** Deletes the conversation on the server; one that the server no longer knows is deleted already. */
  async delete(token: string): Promise<void> {
    try {
      await this.request("DELETE", "/api/conversations", token, null);
    } catch (error) {
      if (!(error instanceof ApiError && (error.status === 401 || error.status === 404))) throw error;
    }
  }

  private turn(json: unknown): Turn {
    try {
      return parseTurn(json, this.ownDisclaimer);
    } catch {
      throw new ApiError("server");
    }
  }

  private async request(method: string, path: string, token: string | null, body: object | null): Promise<unknown> {
    const headers: Record<string, string> = {};
    if (body) headers["Content-Type"] = "application/json";
    if (token) headers["Authorization"] = `Bearer ${token}`;
    let response: Response;
    let json: unknown;
    try {
      response = await fetch(this.server + path, {
        method,
        headers,
        body: body ? JSON.stringify(body) : null,
        credentials: "omit",
        cache: "no-store",
        referrerPolicy: "no-referrer",
        // A conversation that is deleted as the page closes is still deleted.
        keepalive: method === "DELETE",
        signal: AbortSignal.timeout(this.timeoutMs),
      });
      json = response.status === 204 ? null : await response.json().catch((error: unknown) => {
        // A proxy's error page is not JSON; a broken-off answer is an error of its own.
        if (error instanceof SyntaxError) return undefined;
        throw error;
      });
    } catch (error) {
      if (error instanceof DOMException && error.name === "TimeoutError") throw new ApiError("timeout");
      throw new ApiError(navigator.onLine ? "unreachable" : "offline");
    }
    if (response.ok) {
      if (json === undefined) throw new ApiError("server", response.status);
      return json;
    }
    const said = (json as { error?: { message?: unknown } } | null | undefined)?.error?.message;
    throw new ApiError(
      response.status >= 500 || response.status === 429 || response.status === 408 ? "server" : "refused",
      response.status,
      typeof said === "string" && said !== "" ? said : null,
    );
  }
}
