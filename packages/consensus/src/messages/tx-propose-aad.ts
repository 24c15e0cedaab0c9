import type { NodeId } from "@mobilecoin-ts/wire";
import { decodeCbor, encodeCbor } from "../document/cbor.ts";
import { type Shape, struct, text } from "../document/shape.ts";
import { nodeIdShape } from "./key-shapes.ts";

/** What accompanies transactions on their way between enclaves, authenticated and not encrypted (04 section 2.8). */
export interface TxProposeAad {
  /** The node that a client gave the transactions to. */
  readonly originNode: NodeId;
  /** Responder id of the node that sends them on. */
  readonly relayedBy: string;
}

const txProposeAadShape: Shape<TxProposeAad> = struct<TxProposeAad>({
  originNode: ["origin_node", nodeIdShape],
  relayedBy: ["relayed_by", text],
});

/** CBOR. */
export function encodeTxProposeAad(aad: TxProposeAad): Uint8Array {
  return encodeCbor(txProposeAadShape.write(aad));
}

/** @throws ConsensusError `Malformed`, `InvalidField`, `LimitExceeded` */
export function decodeTxProposeAad(bytes: Uint8Array): TxProposeAad {
  return txProposeAadShape.read(decodeCbor(bytes));
}
