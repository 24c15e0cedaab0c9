export type DevnetErrorCode =
  | "LedgerInUse"
  | "NodeUnreachable"
  | "NodeRefused"
  | "NotADevnet"
  | "NoNode"
  | "NodeFailed"
  | "NotRunning"
  | "TopologyDiffers"
  | "UnknownTopology";

/** A failure of the local network: what happened, and, in the message, what to do about it. */
export class DevnetError extends Error {
  readonly code: DevnetErrorCode;

  constructor(code: DevnetErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "DevnetError";
    this.code = code;
  }
}
