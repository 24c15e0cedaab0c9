import type { LedgerStore } from "@mobilecoin-ts/ledger/store";
import type { ProposeOutcome } from "@mobilecoin-ts/sdk";
import { DEFAULT_FEE_MAP, type Tx, txCodec } from "@mobilecoin-ts/transaction";
import { DevnetError } from "./error.ts";
import type { NodeFile } from "./node-file.ts";
import { StoreAccess } from "./store-access.ts";

/** The node of another process on this machine: its ledger is read from the folder, proposals go over the loopback. */
export class RemoteNode extends StoreAccess {
  readonly #file: NodeFile;

  constructor(store: LedgerStore, file: NodeFile) {
    super(store, DEFAULT_FEE_MAP);
    this.#file = file;
  }

  /** @throws DevnetError `NodeUnreachable`, `NodeRefused`. */
  async propose(tx: Tx): Promise<ProposeOutcome> {
    const { port, token, pid } = this.#file;
    let response: Response;
    try {
      response = await fetch(`http://127.0.0.1:${port}/propose`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/octet-stream" },
        body: new Uint8Array(txCodec.encode(tx)),
      });
    } catch (cause) {
      const message = `the node (process ${pid}) does not answer; start it again with: mobilecoin devnet`;
      throw new DevnetError("NodeUnreachable", message, cause);
    }
    return readOutcome(await response.json());
  }
}

function readOutcome(body: unknown): ProposeOutcome {
  const fields = typeof body === "object" && body !== null ? Object.fromEntries(Object.entries(body)) : {};
  if (fields.accepted === true && typeof fields.blockCount === "string") {
    return { accepted: true, blockCount: BigInt(fields.blockCount) };
  }
  if (fields.accepted === false && typeof fields.result === "string") {
    return { accepted: false, result: fields.result, message: String(fields.message) };
  }
  throw new DevnetError(
    "NodeRefused",
    `the node could not answer: ${String(fields.error ?? "no reason given")}`,
  );
}
