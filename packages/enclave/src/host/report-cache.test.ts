import type { Collateral, DcapEvidence } from "@mobilecoin-ts/ledger";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ReportCache } from "./report-cache.ts";

const HOUR = 3_600_000;
const NO_BYTES = new Uint8Array(0);
const collateral: Collateral = {
  pckCrlIssuerChain: [],
  rootCaCrl: NO_BYTES,
  pckCrl: NO_BYTES,
  tcbInfoIssuerChain: [],
  tcbInfo: "{}",
  qeIdentityIssuerChain: [],
  qeIdentity: "{}",
};

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A cache over an enclave that keeps what it is given, and a provider that works while it is `up`. */
function parts() {
  const state = { up: true, quotes: 0, kept: [] as DcapEvidence[], failures: [] as unknown[] };
  const contents = { nonce: new Uint8Array(16), key: new Uint8Array(32), customIdentity: NO_BYTES };
  const options = {
    enclave: {
      newReport: async () => ({ report: Uint8Array.of(1), contents }),
      cacheEvidence: async (evidence: DcapEvidence) => void state.kept.push(evidence),
    },
    provider: {
      quote: async (report: Uint8Array) => {
        state.quotes += 1;
        if (!state.up) throw new Error("no quotes today");
        return { quote: Uint8Array.of(...report, state.quotes), collateral };
      },
    },
    now: () => Date.now(),
    onFailure: (error: unknown) => void state.failures.push(error),
  };
  return { state, options };
}

test("an enclave has evidence from the start, and new evidence after 18 hours", async () => {
  const { state, options } = parts();
  await using _cache = await ReportCache.start(options);
  expect(state.kept.map(({ quote }) => quote)).toEqual([Uint8Array.of(1, 1)]);
  await vi.advanceTimersByTimeAsync(18 * HOUR);
  expect(state.quotes).toBe(1);
  await vi.advanceTimersByTimeAsync(1000);
  expect(state.kept.map(({ quote }) => quote)).toEqual([Uint8Array.of(1, 1), Uint8Array.of(1, 2)]);
  await vi.advanceTimersByTimeAsync(18 * HOUR);
  expect(state.quotes).toBe(2);
});

test("without a first quote there is no cache", async () => {
  const { state, options } = parts();
  state.up = false;
  await expect(ReportCache.start(options)).rejects.toMatchObject({
    code: "Evidence",
    message: expect.stringContaining("no quotes today"),
  });
  await vi.advanceTimersByTimeAsync(20 * HOUR);
  expect(state.quotes).toBe(1);
});

test("a renewal that fails is told, leaves the evidence and is tried again a second later", async () => {
  const { state, options } = parts();
  await using _cache = await ReportCache.start(options);
  state.up = false;
  await vi.advanceTimersByTimeAsync(18 * HOUR + 3000);
  expect(state.failures.length).toBe(3);
  expect(state.kept.length).toBe(1);
  state.up = true;
  await vi.advanceTimersByTimeAsync(1000);
  expect(state.kept.length).toBe(2);
  await vi.advanceTimersByTimeAsync(HOUR);
  expect(state.quotes).toBe(5);
});

test("a closed cache asks for nothing more", async () => {
  const { state, options } = parts();
  const cache = await ReportCache.start(options);
  await cache.close();
  await vi.advanceTimersByTimeAsync(40 * HOUR);
  expect(state.quotes).toBe(1);
});
