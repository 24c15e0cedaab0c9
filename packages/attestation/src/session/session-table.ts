import { bytesToHex } from "@mobilecoin-ts/crypto";
import { AttestationError } from "../error.ts";
import type { AttestedSession } from "./attested-session.ts";
import { LruMap } from "./lru-map.ts";

/** The sessions of one kind by binding, the least recently used making room for new ones (05 section 2.7). */
export class SessionTable {
  readonly #sessions: LruMap<AttestedSession>;

  constructor(limit: number) {
    this.#sessions = new LruMap(limit);
  }

  get size(): number {
    return this.#sessions.size;
  }

  add(session: AttestedSession): void {
    this.#sessions.set(bytesToHex(session.binding), session);
  }

  find(channelId: Uint8Array): AttestedSession | undefined {
    return this.#sessions.get(bytesToHex(channelId));
  }

  /** Throws `NotFound`. */
  require(channelId: Uint8Array): AttestedSession {
    return this.find(channelId) ?? notFound();
  }

  /** Whether there was such a session. */
  remove(channelId: Uint8Array): boolean {
    return this.#sessions.take(bytesToHex(channelId)) !== undefined;
  }
}

export function notFound(): never {
  throw new AttestationError(
    "NotFound",
    "session: found none of this channel id: it was closed, evicted or never was",
  );
}
