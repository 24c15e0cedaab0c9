/** Whether a node keeps up with the network, as it sees it itself (04 section 2.11, step 2). */
export type SyncState =
  | { readonly kind: "inSync" }
  /** Behind for less than the grace period: it may be about to externalise the slot itself. */
  | { readonly kind: "maybeBehind"; readonly since: number }
  /** Fetches blocks instead of taking part; the next attempt is due at `attemptAt`. */
  | { readonly kind: "behind"; readonly attemptAt: number; readonly failures: number };

/** Longest wait between attempts to catch up, milliseconds. */
const MAX_BACK_OFF_MS = 60_000;

/** The state after looking at the network at `now` (milliseconds). */
export function nextSyncState(state: SyncState, behind: boolean, now: number, graceMs: number): SyncState {
  if (!behind) return { kind: "inSync" };
  switch (state.kind) {
    case "inSync":
      return { kind: "maybeBehind", since: now };
    case "maybeBehind":
      return now - state.since > graceMs ? { kind: "behind", attemptAt: now, failures: 0 } : state;
    case "behind":
      return state;
  }
}

/** The state after an attempt to catch up at `now`. */
export function afterSyncAttempt(failures: number, succeeded: boolean, now: number): SyncState {
  if (succeeded) return { kind: "behind", attemptAt: now, failures: 0 };
  const delay = Math.min((failures + 1) * 1000, MAX_BACK_OFF_MS);
  return { kind: "behind", attemptAt: now + delay, failures: failures + 1 };
}
