import { Scalar } from "@mobilecoin-ts/curve";
import fc from "fast-check";
import type { TxOut } from "../../tx-out/tx-out.ts";
import type { InputRules, RevealedTxOut } from "../input-rules.ts";
import type { TxOutMembershipProof } from "../membership-proof.ts";
import type { SignatureRctBulletproofs, Tx, TxIn, TxPrefix } from "../tx.ts";

/** Records of every shape that the ledger form can hold, valid or not; for property tests. */

const u64 = fc.bigInt(0n, (1n << 64n) - 1n);
const bytes = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length });
const scalar = bytes(32).map((any) => Scalar.fromBytesModOrder(any).toBytes());
const few = { maxLength: 3 };

const arbitraryTxOut: fc.Arbitrary<TxOut> = fc.record({
  maskedAmount: fc.option(
    fc.record({
      version: fc.constantFrom(1 as const, 2 as const),
      commitment: bytes(32),
      maskedValue: u64,
      maskedTokenId: fc.oneof(bytes(0), bytes(8), fc.uint8Array({ maxLength: 12 })),
    }),
    { nil: undefined },
  ),
  targetKey: bytes(32),
  publicKey: bytes(32),
  eFogHint: bytes(84),
  eMemo: fc.option(bytes(66), { nil: undefined }),
});

const proof: fc.Arbitrary<TxOutMembershipProof> = fc.record({
  index: u64,
  highestIndex: u64,
  elements: fc.array(fc.record({ range: fc.record({ from: u64, to: u64 }), hash: bytes(32) }), few),
});

const revealed: fc.Arbitrary<RevealedTxOut> = fc.record({
  txOut: arbitraryTxOut,
  amountSharedSecret: fc.uint8Array({ maxLength: 40 }),
});

export const arbitraryInputRules: fc.Arbitrary<InputRules> = fc.record({
  requiredOutputs: fc.array(arbitraryTxOut, few),
  maxTombstoneBlock: u64,
  partialFillOutputs: fc.array(revealed, few),
  partialFillChange: fc.option(revealed, { nil: undefined }),
  minPartialFillValue: u64,
});

const txIn: fc.Arbitrary<TxIn> = fc.record({
  ring: fc.array(arbitraryTxOut, few),
  proofs: fc.array(proof, few),
  inputRules: fc.option(arbitraryInputRules, { nil: undefined }),
});

export const arbitraryTxPrefix: fc.Arbitrary<TxPrefix> = fc.record({
  inputs: fc.array(txIn, few),
  outputs: fc.array(arbitraryTxOut, few),
  fee: u64,
  feeTokenId: fc.oneof(fc.constant(0n), u64),
  tombstoneBlock: u64,
});

const signature: fc.Arbitrary<SignatureRctBulletproofs> = fc.record({
  ringSignatures: fc.array(
    fc.record({ cZero: scalar, responses: fc.array(scalar, few), keyImage: bytes(32) }),
    few,
  ),
  pseudoOutputCommitments: fc.array(bytes(32), few),
  rangeProofBytes: fc.uint8Array(few),
  rangeProofs: fc.array(fc.uint8Array(few), few),
  pseudoOutputTokenIds: fc.array(u64, few),
  outputTokenIds: fc.array(u64, few),
});

export const arbitraryTx: fc.Arbitrary<Tx> = fc.record({
  prefix: arbitraryTxPrefix,
  signature,
  feeMapDigest: fc.oneof(bytes(0), bytes(32)),
});
