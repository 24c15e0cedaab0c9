import type { Block } from "@mobilecoin-ts/ledger";
import { fibonacciDelays, type Logger, retry } from "@mobilecoin-ts/service";
import { abortable, type Clock, withTimeLimit } from "../clock.ts";
import { reasonOf } from "../error.ts";
import type { NetworkStateTracker } from "../network/network-state.ts";
import type { BlockSource } from "../sources/block-source.ts";
import { agreedHeaders, faultInHeaders } from "./header-agreement.ts";

/** How long peers may take (03 section 2.12 step 1). */
const HEADERS_TIME_LIMIT_MS = 30_000;
/** How long slower peers are waited for when those that answered suffice: a dead peer must not cost half a minute. */
const HEADERS_GRACE_MS = 1_000;

const RETRIES = { delays: fibonacciDelays(10), maxAttempts: 6 };

export interface FetchHeadersOptions {
  readonly peers: readonly BlockSource[];
  readonly network: NetworkStateTracker;
  readonly latest: Block | undefined;
  readonly limit: number;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Logger;
  readonly signal: AbortSignal | undefined;
}

/**
 * Asks all peers at once for the headers after the newest local block. Answers that are no chain are dropped whole, late
 * ones are not waited for; peers without anything new do not appear.
 */
export async function fetchHeaders(options: FetchHeadersOptions): Promise<Map<string, readonly Block[]>> {
  const { peers, network, latest, limit, clock, random, log, signal } = options;
  const answers = new Map<string, readonly Block[]>();
  const from = latest === undefined ? 0n : latest.index + 1n;
  await withTimeLimit(clock, HEADERS_TIME_LIMIT_MS, signal, "the peers took too long", async (limited) => {
    const enough = new AbortController();
    const asking = AbortSignal.any([limited, enough.signal]);
    const ask = async (peer: BlockSource): Promise<void> => {
      try {
        const headers = await retry(() => abortable(peer.fetchBlocks(from, limit, asking), asking), RETRIES, {
          signal: asking,
          random,
          now: () => clock.now(),
          sleep: (ms, s) => clock.sleep(ms, s),
        });
        if (headers.length === 0 || asking.aborted) return;
        const fault =
          headers.length > limit ? `it has ${headers.length} blocks` : faultInHeaders(latest, headers);
        if (fault !== undefined) {
          log.warn({ peer: peer.name, code: "InvalidBlockId", fault }, "a peer's blocks are refused");
          return;
        }
        answers.set(peer.name, headers);
      } catch (error) {
        if (!asking.aborted) log.warn({ peer: peer.name, reason: reasonOf(error) }, "a peer gives no blocks");
      }
      if (agreedHeaders(network, answers) !== undefined) {
        clock.sleep(HEADERS_GRACE_MS, asking).then(
          () => enough.abort(new DOMException("enough peers have answered", "AbortError")),
          () => {},
        );
      }
    };
    await Promise.all(peers.map(ask));
    // Ends the waits that are still armed.
    enough.abort();
  });
  signal?.throwIfAborted();
  return answers;
}
