/** What a node of a local network tells of itself. */
export interface NodeStatus {
  readonly name: string;
  /** False while it is stopped. */
  readonly running: boolean;
  /** Number of blocks in its ledger; undefined while it is stopped. */
  readonly blockCount: bigint | undefined;
  /** Id of its last block, 64 hex digits. */
  readonly lastBlockId: string | undefined;
  /** Peers with whom it has an attested connection, and those it dials. */
  readonly peers: { readonly connected: number; readonly dialled: number } | undefined;
  /** Transactions that it holds, and values that wait for a block. */
  readonly cachedTxs: number | undefined;
  readonly pendingValues: number | undefined;
  /** What it last said about the slot under way. */
  readonly phase: string | undefined;
  readonly behind: boolean | undefined;
  /** Processor time of its process, milliseconds; undefined where it shares one. */
  readonly cpuMs: number | undefined;
}

export function stoppedStatus(name: string): NodeStatus {
  return {
    name,
    running: false,
    blockCount: undefined,
    lastBlockId: undefined,
    peers: undefined,
    cachedTxs: undefined,
    pendingValues: undefined,
    phase: undefined,
    behind: undefined,
    cpuMs: undefined,
  };
}

/** A node that runs, in this process or in one of its own. */
export interface NodeHost {
  status(): Promise<NodeStatus>;
  /** Cuts the node off from peers (`host:port`), all others let in again. */
  cutOff(peers: readonly string[]): Promise<void>;
  /** Stops it in good order. */
  stop(): Promise<void>;
  /** Ends it without warning, as a crash would. In this process that is the same as `stop`. */
  kill(): Promise<void>;
}

/** What a node's process is told to do, and answers with the same number. */
export type NodeRequest =
  | { readonly id: number; readonly kind: "status" }
  | { readonly id: number; readonly kind: "cutOff"; readonly peers: readonly string[] }
  | { readonly id: number; readonly kind: "stop" };

export type NodeReply =
  | { readonly kind: "ready" }
  | { readonly kind: "failed"; readonly message: string }
  | { readonly kind: "done"; readonly id: number; readonly status?: WireNodeStatus };

/** `NodeStatus` as messages between processes carry it. */
export type WireNodeStatus = Omit<NodeStatus, "blockCount"> & { readonly blockCount: string | undefined };

export function toWire(status: NodeStatus): WireNodeStatus {
  return { ...status, blockCount: status.blockCount?.toString() };
}

export function fromWire(status: WireNodeStatus): NodeStatus {
  return { ...status, blockCount: status.blockCount === undefined ? undefined : BigInt(status.blockCount) };
}
