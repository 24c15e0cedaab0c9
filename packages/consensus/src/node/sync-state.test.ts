import { describe, expect, it } from "vitest";
import { afterSyncAttempt, nextSyncState, type SyncState } from "./sync-state.ts";

describe("nextSyncState", () => {
  const grace = 10_000;
  it("waits out the grace period before it counts a node as behind", () => {
    let state: SyncState = { kind: "inSync" };
    state = nextSyncState(state, true, 1000, grace);
    expect(state).toEqual({ kind: "maybeBehind", since: 1000 });
    state = nextSyncState(state, true, 11_000, grace);
    expect(state).toEqual({ kind: "maybeBehind", since: 1000 });
    state = nextSyncState(state, true, 11_001, grace);
    expect(state).toEqual({ kind: "behind", attemptAt: 11_001, failures: 0 });
  });

  it("is in sync as soon as the network is not ahead, and begins anew", () => {
    expect(nextSyncState({ kind: "behind", attemptAt: 5, failures: 3 }, false, 9, grace)).toEqual({
      kind: "inSync",
    });
    expect(nextSyncState({ kind: "maybeBehind", since: 5 }, false, 9, grace)).toEqual({ kind: "inSync" });
  });
});

describe("afterSyncAttempt", () => {
  it("backs off a second more for each failure, up to a minute", () => {
    expect(afterSyncAttempt(0, false, 0)).toEqual({ kind: "behind", attemptAt: 1000, failures: 1 });
    expect(afterSyncAttempt(4, false, 100)).toEqual({ kind: "behind", attemptAt: 5100, failures: 5 });
    expect(afterSyncAttempt(99, false, 0)).toEqual({ kind: "behind", attemptAt: 60_000, failures: 100 });
    expect(afterSyncAttempt(99, true, 7)).toEqual({ kind: "behind", attemptAt: 7, failures: 0 });
  });
});
