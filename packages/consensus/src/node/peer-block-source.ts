import type { Block } from "@mobilecoin-ts/ledger";
import { blockFromApi } from "@mobilecoin-ts/ledger";
import type { BlockSource } from "@mobilecoin-ts/ledger-sync";
import type { Peer } from "./peer.ts";

/** The blocks of a peer, asked for over its attested connection as all that peers ask of each other (04 section 2.8). */
export class PeerBlockSource implements BlockSource {
  readonly #peer: Peer;

  constructor(peer: Peer) {
    this.#peer = peer;
  }

  get name(): string {
    return this.#peer.responderId;
  }

  async fetchBlocks(from: bigint, limit: number, signal: AbortSignal): Promise<Block[]> {
    await this.#peer.ensureAttested();
    const { blocks } = await this.#peer.blockchain.getBlocks({ offset: from, limit }, { signal });
    return blocks.map((block) => blockFromApi(block));
  }
}
