export { consensusEnclave } from "./declaration.ts";
export type { FormBlockRequest, FormedBlock, ProvenEncryptedTx } from "./form-block-request.ts";
export type { EnclaveIdentity, EnclaveInit, MinimumFee } from "./init.ts";
export type { Refusal } from "./refusal.ts";
export type { AcceptedHandshake, Channel, NewReport, PeerAddress, PeerResponse } from "./session.ts";
export type { ProposedByPeer, TxContext, TxsForPeer, WellFormedTxContext } from "./tx-context.ts";
export type {
  TxToCheck,
  WellFormedBatch,
  WellFormedOutcome,
  WellFormedRequest,
  WellFormedTx,
} from "./well-formed.ts";
