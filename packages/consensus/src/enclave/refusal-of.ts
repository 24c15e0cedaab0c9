import { AttestationError } from "@mobilecoin-ts/attestation";
import { TransactionError } from "@mobilecoin-ts/transaction";
import type { Refusal } from "../enclave-api/index.ts";
import { ConsensusError } from "../error.ts";
import { proposeTxResultOf } from "../propose-tx-result.ts";

/** What the host is told of a failure, under the names of 04 section 2.14.5. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof AttestationError) {
    return { code: "Attest", message: `${error.code}: ${error.message}`, result: undefined };
  }
  if (error instanceof TransactionError) {
    const code = error.area === "feeMap" ? "FeeMap" : "MalformedTx";
    return { code, message: error.message, result: proposeTxResultOf(error) };
  }
  if (error instanceof ConsensusError) {
    const about = error.code === "MalformedTx" ? error.cause : error;
    return { code: error.code, message: error.message, result: proposeTxResultOf(about) };
  }
  // An error nobody thought of may say anything, so its text stays inside.
  const kind = error instanceof Error ? error.name : typeof error;
  return { code: "Poison", message: `the enclave failed: ${kind}`, result: undefined };
}

/** A refusal on its way out of the enclave: what crosses the boundary is `code`, `message` and `data`. */
export class EnclaveRefusal extends Error {
  readonly code: string;
  readonly data: Readonly<Record<string, string>>;

  constructor({ code, message, result }: Refusal) {
    super(message);
    this.name = "EnclaveRefusal";
    this.code = code;
    this.data = result === undefined ? {} : { result };
  }
}
