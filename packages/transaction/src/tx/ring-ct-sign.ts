import { Point, type RandomBytes, Scalar, systemRandom } from "@mobilecoin-ts/curve";
import { TransactionError, type TransactionErrorCodes } from "../error.ts";
import { commit, valueGenerator } from "../proofs/pedersen.ts";
import { proveRange } from "../proofs/range-prove.ts";
import { type BlockVersion, supports } from "../tx-out/block-version.ts";
import type { InputRing, OutputSecret } from "./input-ring.ts";
import { groupByToken } from "./ring-ct-tokens.ts";
import type { RingSigner } from "./ring-signer.ts";
import { ringSigningMessage } from "./signing-digest.ts";
import type { SignatureRctBulletproofs, TxPrefix } from "./tx.ts";

/** Everything about a transaction's signatures that needs no spend key (02 section 2.13). */
export interface SigningData {
  /** What each signable ring signs; longer than 32 bytes before block version 2. */
  readonly ringSigningMessage: Uint8Array;
  /** One a ring. */
  readonly pseudoOutputBlindings: readonly Scalar[];
  /** One a ring, 32 bytes compressed. */
  readonly pseudoOutputCommitments: readonly Uint8Array[];
  readonly rangeProofBytes: Uint8Array;
  readonly rangeProofs: readonly Uint8Array[];
  readonly pseudoOutputTokenIds: readonly bigint[];
  readonly outputTokenIds: readonly bigint[];
}

export interface SigningDataOptions {
  readonly blockVersion: BlockVersion;
  readonly prefix: TxPrefix;
  /** One an input, in the same order. */
  readonly rings: readonly InputRing[];
  /** One an output, in the same order. */
  readonly outputSecrets: readonly OutputSecret[];
  readonly random?: RandomBytes | undefined;
}

function refuse(
  code: TransactionErrorCodes["ringCt"],
  text: string,
  options: { readonly cause?: unknown; readonly data?: Readonly<Record<string, number | bigint>> } = {},
): TransactionError<"ringCt"> {
  return new TransactionError("ringCt", code, text, options);
}

/** The amount that a ring brings in. */
function ringAmount(ring: InputRing): OutputSecret["amount"] {
  return ring.kind === "signable" ? ring.ring.inputSecret.amount : ring.ring.pseudoOutputSecret.amount;
}

function check({ blockVersion, prefix, rings, outputSecrets }: SigningDataOptions): void {
  const { feeTokenId } = prefix;
  if (!supports(blockVersion, "maskedTokenId") && feeTokenId !== 0n) {
    throw refuse("TokenIdNotAllowed", `block version ${blockVersion} has fees of token 0 only`);
  }
  if (!supports(blockVersion, "mixedTransactions")) {
    const amounts = [...rings.map(ringAmount), ...outputSecrets.map(({ amount }) => amount)];
    if (amounts.some(({ tokenId }) => tokenId !== feeTokenId)) {
      throw refuse(
        "MixedTransactionsNotAllowed",
        `block version ${blockVersion} allows the fee's token only`,
      );
    }
    if (rings.some(({ kind }) => kind === "presigned")) {
      throw refuse(
        "SignedInputRulesNotAllowed",
        `block version ${blockVersion} has no rings signed beforehand`,
      );
    }
  }
  if (rings.length === 0) throw refuse("NoInputs", "there is no ring to sign");
  const signable = rings.flatMap((ring) => (ring.kind === "signable" ? [ring.ring] : []));
  const [first] = signable;
  if (first === undefined)
    throw refuse("AllRingsPresigned", "at least one ring must sign the transaction itself");
  const size = first.members.length;
  if (size === 0 || signable.some(({ members }) => members.length !== size)) {
    throw refuse("InvalidRingSize", "the rings are empty or not all of one size", { data: { size } });
  }
  if (signable.some(({ realInputIndex }) => realInputIndex >= size)) {
    throw refuse("IndexOutOfBounds", "a real index lies outside its ring", { data: { size } });
  }
  if (rings.length !== prefix.inputs.length) {
    throw refuse("ZipExact", "there are not as many rings as inputs", {
      data: { rings: rings.length, inputs: prefix.inputs.length },
    });
  }
}

/**
 * Blindings that make the commitments balance: random for every signable ring but the last, which takes up the
 * difference.
 */
function pseudoOutputBlindings(
  rings: readonly InputRing[],
  outputSecrets: readonly OutputSecret[],
  random: RandomBytes,
): Scalar[] {
  const lastSignable = rings.findLastIndex(({ kind }) => kind === "signable");
  const blindings = rings.map((ring, i) => {
    if (ring.kind === "presigned") return ring.ring.pseudoOutputSecret.blinding;
    return i === lastSignable ? Scalar.ZERO : Scalar.random(random);
  });
  const sum = (scalars: readonly Scalar[]): Scalar =>
    scalars.reduce((total, scalar) => total.add(scalar), Scalar.ZERO);
  blindings[lastSignable] = sum(outputSecrets.map(({ blinding }) => blinding)).subtract(sum(blindings));
  return blindings;
}

/**
 * Makes pseudo-outputs and range proofs: all that a transaction needs before its rings are signed.
 *
 * As in the reference, the output secrets are not compared with the prefix: a wrong one makes a transaction that does
 * not verify.
 *
 * @throws TransactionError area `ringCt`: `TokenIdNotAllowed`, `MixedTransactionsNotAllowed`,
 * `SignedInputRulesNotAllowed`, `NoInputs`, `AllRingsPresigned`, `InvalidRingSize`, `IndexOutOfBounds`, `ZipExact`,
 * `NoCommitmentsForTokenId`, `RangeProof`, `ValueNotConserved`.
 */
export function makeSigningData(options: SigningDataOptions): SigningData {
  check(options);
  const { blockVersion, prefix, rings, outputSecrets } = options;
  const random = options.random ?? systemRandom;
  const blindings = pseudoOutputBlindings(rings, outputSecrets, random);
  const pseudoOutputs: OutputSecret[] = rings.map((ring, i) => ({
    amount: ringAmount(ring),
    blinding: blindings[i]!,
  }));
  const mixed = supports(blockVersion, "mixedTransactions");

  const committed = [...pseudoOutputs, ...outputSecrets].map(({ amount, blinding }) => ({
    ...amount,
    blinding,
  }));
  const groups = mixed
    ? groupByToken(prefix.feeTokenId, committed)
    : [{ tokenId: prefix.feeTokenId, entries: committed }];
  const proofs = groups.map(({ tokenId, entries }) => {
    if (entries.length === 0) {
      throw refuse("NoCommitmentsForTokenId", "no input or output carries the fee's token", {
        data: { tokenId },
      });
    }
    try {
      const values = entries.map(({ value }) => value);
      return proveRange(
        values,
        entries.map(({ blinding }) => blinding),
        tokenId,
        random,
      ).proof;
    } catch (cause) {
      if (!(cause instanceof TransactionError)) throw cause;
      throw refuse("RangeProof", `a range proof cannot be made: ${cause.message}`, { cause });
    }
  });

  const commitments = pseudoOutputs.map(({ amount, blinding }) =>
    commit(amount.value, blinding, amount.tokenId),
  );
  requireBalance(prefix, outputSecrets, commitments);

  const signedParts = {
    pseudoOutputCommitments: Point.encodeBatch(commitments),
    rangeProofBytes: mixed ? new Uint8Array(0) : proofs[0]!,
    rangeProofs: mixed ? proofs : [],
  };
  return {
    ...signedParts,
    ringSigningMessage: ringSigningMessage(blockVersion, prefix, signedParts),
    pseudoOutputBlindings: blindings,
    pseudoOutputTokenIds: mixed ? pseudoOutputs.map(({ amount }) => amount.tokenId) : [],
    outputTokenIds: mixed ? outputSecrets.map(({ amount }) => amount.tokenId) : [],
  };
}

function requireBalance(
  prefix: TxPrefix,
  outputSecrets: readonly OutputSecret[],
  pseudoOutputs: readonly Point[],
): void {
  const outputs = outputSecrets.map(({ amount, blinding }) => commit(amount.value, blinding, amount.tokenId));
  const fee = valueGenerator(prefix.feeTokenId).multiplyPublic(Scalar.fromBigInt(prefix.fee));
  const paid = outputs.reduce((sum, point) => sum.add(point), fee);
  const brought = pseudoOutputs.reduce((sum, point) => sum.add(point), Point.IDENTITY);
  if (!paid.equals(brought)) throw refuse("ValueNotConserved", "inputs do not balance outputs and fee");
}

export interface SignRingCtOptions extends SigningDataOptions {
  readonly signer: RingSigner;
}

/**
 * Signs a transaction (02 section 2.13).
 *
 * @throws TransactionError as `makeSigningData`, and `Signer` (cause: the signer's refusal).
 */
export function signRingCt(options: SignRingCtOptions): SignatureRctBulletproofs {
  return signRings(makeSigningData(options), options.rings, options.signer, options.random);
}

/** Signs the rings of a transaction whose signing data is made, and copies those signed beforehand. */
export function signRings(
  data: SigningData,
  rings: readonly InputRing[],
  signer: RingSigner,
  random: RandomBytes = systemRandom,
): SignatureRctBulletproofs {
  const ringSignatures = rings.map((ring, i) => {
    if (ring.kind === "presigned") return ring.ring.mlsag;
    try {
      return signer.sign(data.ringSigningMessage, ring.ring, data.pseudoOutputBlindings[i]!, random);
    } catch (cause) {
      if (!(cause instanceof TransactionError)) throw cause;
      throw refuse("Signer", `ring ${i} cannot be signed: ${cause.message}`, { cause, data: { ring: i } });
    }
  });
  const { pseudoOutputCommitments, rangeProofBytes, rangeProofs, pseudoOutputTokenIds, outputTokenIds } =
    data;
  return {
    ringSignatures,
    pseudoOutputCommitments,
    rangeProofBytes,
    rangeProofs,
    pseudoOutputTokenIds,
    outputTokenIds,
  };
}
