import { EnclaveError } from "@mobilecoin-ts/enclave";
import { isProposeTxResult } from "../enclave-api/refusal.ts";
import type { ProposeTxResult } from "../propose-tx-result.ts";
import { NodeError } from "./error.ts";

/** What a refusal of a transaction tells its sender. */
export interface ProposeRefusal {
  readonly result: ProposeTxResult;
  /** For people; no program should read it. */
  readonly message: string;
}

/** The code of an error that the enclave threw; undefined for any other failure. */
function enclaveCodeOf(error: unknown): string | undefined {
  return error instanceof EnclaveError && error.code === "CallFailed" ? error.remote?.code : undefined;
}

/** Whether the enclave refused because of a session: one that it does not know, or a message that does not decrypt. */
export function isAttestationFailure(error: unknown): boolean {
  return enclaveCodeOf(error) === "Attest";
}

/** The result to answer a proposal with; undefined where the failure is not the transaction's. */
export function proposeRefusalOf(error: unknown): ProposeRefusal | undefined {
  if (error instanceof NodeError && error.result !== undefined) {
    return { result: error.result, message: error.message };
  }
  const result = error instanceof EnclaveError ? error.remote?.data.result : undefined;
  if (result === undefined || !isProposeTxResult(result)) return undefined;
  return { result, message: error instanceof Error ? error.message : result };
}
