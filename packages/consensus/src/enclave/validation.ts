import type { TaskPool } from "@mobilecoin-ts/enclave/trusted";
import {
  blockVersion,
  type TransactionError,
  type ValidationCandidate,
  validateTransactions,
} from "@mobilecoin-ts/transaction";
import { type Codec, f, mapped, message } from "@mobilecoin-ts/wire";
import { txsWithProofsCodec } from "../enclave-api/proof-table.ts";
import { type Refusal, refusalCodec } from "../enclave-api/refusal.ts";
import { refusalOf } from "./refusal-of.ts";
import { type ReceivedTx, receiveTx } from "./tx-decoding.ts";

/** A transaction to be validated in full, in both its forms. */
export interface Check extends ValidationCandidate {
  readonly bytes: ReceivedTx["bytes"];
}

/** Validates transactions together: for each its refusal, or undefined where it is valid. */
export type Validate = (checks: readonly Check[]) => Promise<readonly (Refusal | undefined)[]>;

export const VALIDATION_TASK = "validate";

/** Fewer than this many transactions are not worth another worker: together, each of them costs less. */
const MIN_CHUNK = 8;

function refusalsOf(results: readonly (TransactionError | undefined)[]): (Refusal | undefined)[] {
  return results.map((rejection) => (rejection === undefined ? undefined : refusalOf(rejection)));
}

export const validateHere: Validate = async (checks) => refusalsOf(validateTransactions(checks));

/** Spreads transactions over the workers of a pool. */
export function validateIn(pool: TaskPool): Validate {
  if (pool.size === 0) return validateHere;
  return async (checks) => {
    const chunkCount = Math.max(1, Math.min(pool.size, Math.floor(checks.length / MIN_CHUNK)));
    const chunks = Array.from({ length: chunkCount }, (_, i) =>
      checks.slice((i * checks.length) / chunkCount, ((i + 1) * checks.length) / chunkCount),
    );
    const results = await Promise.all(
      chunks.map(async (chunk) =>
        verdictsCodec.decode(await pool.run(VALIDATION_TASK, jobCodec.encode(jobOf(chunk)))),
      ),
    );
    return results.flat();
  };
}

/** The task that workers of the pool run. */
export function validationTask(input: Uint8Array): Uint8Array {
  const { blockIndex, version, minimumFees, txs } = jobCodec.decode(input);
  const checks = txs.map(({ encryptedTx, proofs }, i) => ({
    tx: receiveTx(encryptedTx).tx,
    context: {
      blockIndex,
      blockVersion: blockVersion(version),
      rootProofs: proofs,
      minimumFee: minimumFees[i]!,
    },
  }));
  return verdictsCodec.encode(refusalsOf(validateTransactions(checks)));
}

/** What all transactions of a call have in common stands once. */
interface Job {
  readonly blockIndex: bigint;
  readonly version: number;
  readonly minimumFees: readonly bigint[];
  /** Not encrypted: workers of the pool are inside the enclave. */
  readonly txs: ReturnType<typeof txsWithProofsCodec.defaultValue>;
}

const jobCodec = message<Job>("ValidationJob", {
  blockIndex: f.uint64(1),
  version: f.uint32(2),
  minimumFees: f.packedUint64(3),
  txs: f.message(4, txsWithProofsCodec),
});

function jobOf(checks: readonly Check[]): Job {
  const first = checks[0]?.context;
  return {
    blockIndex: first?.blockIndex ?? 0n,
    version: first?.blockVersion ?? 0,
    minimumFees: checks.map(({ context }) => context.minimumFee),
    txs: checks.map(({ bytes, context }) => ({ encryptedTx: bytes, proofs: context.rootProofs })),
  };
}

const verdictsCodec: Codec<readonly (Refusal | undefined)[]> = mapped(
  message<{ readonly verdicts: readonly { readonly refusal: Refusal | undefined }[] }>("Verdicts", {
    verdicts: f.repeated(
      1,
      message<{ readonly refusal: Refusal | undefined }>("Verdict", {
        refusal: f.message(1, refusalCodec, { optional: true }),
      }),
    ),
  }),
  ({ verdicts }) => verdicts.map(({ refusal }) => refusal),
  (refusals) => ({ verdicts: refusals.map((refusal) => ({ refusal })) }),
);
