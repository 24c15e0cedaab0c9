/** Why a local quorum set or a request to a node was refused. Bad messages of others are ignored, never thrown. */
export type ScpErrorCode = "InvalidQuorumSet" | "SlotNotGreater";

export class ScpError extends Error {
  override readonly name = "ScpError";
  readonly code: ScpErrorCode;

  constructor(code: ScpErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
