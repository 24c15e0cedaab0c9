import { bytesToHex, compareBytes } from "@mobilecoin-ts/crypto";
import { type RandomBytes, systemRandom } from "@mobilecoin-ts/curve";
import { TransactionError, type TransactionErrorCodes } from "../error.ts";
import { rejectedAs, rejectionOf } from "../rejection.ts";
import { type BlockVersion, MAX_BLOCK_VERSION, supports } from "../tx-out/block-version.ts";
import { MAX_INPUTS, MAX_OUTPUTS, MAX_TOMBSTONE_BLOCKS, RING_SIZE } from "../tx-out/constants.ts";
import { type TxOut, txOutEquals } from "../tx-out/tx-out.ts";
import { verifyInputRules } from "./input-rules.ts";
import {
  deriveProofAtIndex,
  impliedMerkleRoot,
  isMembershipProofValid,
  requireOrderedRanges,
  type TxOutMembershipProof,
} from "./membership-proof.ts";
import { verifyRingCtBatch } from "./ring-ct-verify.ts";
import type { Tx, TxIn, TxPrefix } from "./tx.ts";

/** What a node knows when it validates a transaction (02 section 2.15). */
export interface ValidationContext {
  /** Index of the block that the transaction would go into. */
  readonly blockIndex: bigint;
  readonly blockVersion: BlockVersion;
  /**
   * From the node's own ledger, for every ring member of the transaction in input and ring order: the current proof
   * for the TxOut at the highest index of the member's own proof.
   */
  readonly rootProofs: readonly TxOutMembershipProof[];
  /** Minimum fee of the transaction's fee token, in its smallest unit. */
  readonly minimumFee: bigint;
}

/** One of several transactions validated together. */
export interface ValidationCandidate {
  readonly tx: Tx;
  readonly context: ValidationContext;
}

function refuse(
  code: TransactionErrorCodes["validation"],
  text: string,
  options: { readonly cause?: unknown; readonly data?: Readonly<Record<string, number | bigint>> } = {},
): TransactionError<"validation"> {
  return new TransactionError("validation", code, text, options);
}

/** Rules 0 to 7d, and the presence of amounts. */
function validateBeforeSignature({ prefix }: Tx, context: ValidationContext): void {
  const { blockVersion, rootProofs } = context;
  if (!(blockVersion <= MAX_BLOCK_VERSION)) {
    throw refuse("Ledger", `invalid block version: ${blockVersion}`, { data: { blockVersion } });
  }
  validateCounts(prefix);
  for (const { ring } of prefix.inputs) validateRingSize(ring);
  validateDistinctRingElements(prefix.inputs);
  for (const { ring } of prefix.inputs) {
    if (!isStrictlyAscending(ring.map(({ publicKey }) => publicKey))) {
      throw refuse("UnsortedRingElements", "a ring is not strictly ascending by public key");
    }
  }
  if (!isStrictlyAscending(prefix.inputs.map(({ ring }) => ring[0]!.publicKey))) {
    throw refuse("UnsortedInputs", "the inputs are not strictly ascending by their first ring members");
  }
  validateMembership(prefix.inputs, rootProofs);
  const outputsWithAmount = [...prefix.inputs.flatMap(({ ring }) => ring), ...prefix.outputs];
  if (outputsWithAmount.some(({ maskedAmount }) => maskedAmount === undefined)) {
    throw refuse("UnknownMaskedAmountVersion", "an output or ring member has no amount that we know");
  }
}

function validateCounts({ inputs, outputs }: TxPrefix): void {
  if (inputs.length === 0) throw refuse("NoInputs", "the transaction has no inputs");
  if (inputs.length > MAX_INPUTS) {
    throw refuse("TooManyInputs", `${inputs.length} inputs are more than ${MAX_INPUTS}`);
  }
  if (outputs.length === 0) throw refuse("NoOutputs", "the transaction has no outputs");
  if (outputs.length > MAX_OUTPUTS) {
    throw refuse("TooManyOutputs", `${outputs.length} outputs are more than ${MAX_OUTPUTS}`);
  }
}

function validateRingSize(ring: readonly TxOut[]): void {
  if (ring.length > RING_SIZE)
    throw refuse("ExcessiveRingSize", `a ring has ${ring.length} members, not ${RING_SIZE}`);
  if (ring.length < RING_SIZE)
    throw refuse("InsufficientRingSize", `a ring has ${ring.length} members, not ${RING_SIZE}`);
}

/**
 * Inputs with rules were signed by others, who could not know the rest of the transaction: their rings may repeat
 * members of other rings, at every block version (MCIP 57).
 */
function validateDistinctRingElements(inputs: readonly TxIn[]): void {
  const shared = inputs.filter(({ inputRules }) => inputRules === undefined).flatMap(({ ring }) => ring);
  const separate = inputs.filter(({ inputRules }) => inputRules !== undefined).map(({ ring }) => ring);
  if ([shared, ...separate].some(hasDuplicates)) {
    throw refuse("DuplicateRingElements", "an output stands twice among the ring members");
  }
}

function hasDuplicates(txOuts: readonly TxOut[]): boolean {
  const byPublicKey = new Map<string, TxOut[]>();
  for (const txOut of txOuts) {
    const key = bytesToHex(txOut.publicKey);
    const others = byPublicKey.get(key);
    if (others === undefined) byPublicKey.set(key, [txOut]);
    else if (others.some((other) => txOutEquals(other, txOut))) return true;
    else others.push(txOut);
  }
  return false;
}

function isStrictlyAscending(keys: readonly Uint8Array[]): boolean {
  return keys.every((key, i) => i === 0 || compareBytes(keys[i - 1]!, key) < 0);
}

/** Rules 7 to 7d. */
function validateMembership(
  inputs: readonly TxIn[],
  rootProofs: readonly TxOutMembershipProof[],
  provenRoots: readonly Uint8Array[] = [],
): void {
  if (inputs.some(({ ring, proofs }) => ring.length !== proofs.length)) {
    throw refuse("MissingTxOutMembershipProof", "an input has not one membership proof a ring member");
  }
  const members = inputs.flatMap(({ ring, proofs }) =>
    ring.map((txOut, i) => ({ txOut, proof: proofs[i]! })),
  );
  if (rootProofs.length !== members.length) {
    throw refuse("InvalidLedgerContext", "the ledger gave not one root proof a ring member", {
      data: { expected: members.length, found: rootProofs.length },
    });
  }
  for (const rootProof of new Set(rootProofs)) {
    rejectedAs("validation", "MembershipProofValidationError", () => requireOrderedRanges(rootProof));
  }
  const rootOf = rootDerivation();
  for (const [i, { txOut, proof }] of members.entries()) {
    const hash = rootOf(rootProofs[i]!);
    const provenRoot = provenRoots[i];
    if (provenRoot !== undefined && compareBytes(provenRoot, hash) === 0) continue;
    if (
      !rejectedAs("validation", "MembershipProofValidationError", () =>
        isMembershipProofValid(txOut, proof, hash),
      )
    ) {
      throw refuse(
        "InvalidTxOutMembershipProof",
        "a membership proof leads to another root than the ledger's",
      );
    }
  }
}

/** Derives the root hash that a ledger proof stands for; members proven at one height share a proof, which is derived once. */
function rootDerivation(): (rootProof: TxOutMembershipProof) => Uint8Array {
  const roots = new Map<TxOutMembershipProof, Uint8Array>();
  return (rootProof) => {
    const known = roots.get(rootProof);
    if (known !== undefined) return known;
    const { hash } = rejectedAs("validation", "InvalidLedgerContext", () =>
      impliedMerkleRoot(deriveProofAtIndex(rootProof)),
    );
    roots.set(rootProof, hash);
    return hash;
  };
}

/**
 * The root hashes (32 bytes each) that a transaction's membership proofs are compared with under these root proofs.
 *
 * @throws TransactionError area `validation`: `InvalidLedgerContext`.
 */
export function memberRoots(rootProofs: readonly TxOutMembershipProof[]): Uint8Array[] {
  return rootProofs.map(rootDerivation());
}

/** Rules 9 to 17. */
function validateAfterSignature({ prefix }: Tx, context: ValidationContext): void {
  const { blockIndex, blockVersion, minimumFee } = context;
  validateFee(prefix, minimumFee);
  // Rule 10, distinct key images, cannot fail here: the signature has been verified, and asks for it first.
  if (hasRepeated(prefix.outputs.map(({ publicKey }) => publicKey))) {
    throw refuse("DuplicateOutputPublicKey", "two outputs have one public key");
  }
  validateTombstone(prefix.tombstoneBlock, blockIndex);
  for (const output of prefix.outputs) validateOutputForm(output, blockVersion);
  if (
    supports(blockVersion, "sortedOutputs") &&
    !isStrictlyAscending(prefix.outputs.map(({ publicKey }) => publicKey))
  ) {
    throw refuse("UnsortedOutputs", "the outputs are not strictly ascending by public key");
  }
  for (const [index, { inputRules }] of prefix.inputs.entries()) {
    if (inputRules === undefined) continue;
    if (!supports(blockVersion, "inputRules")) {
      throw refuse("InputRulesNotAllowed", `block version ${blockVersion} has no input rules`);
    }
    try {
      verifyInputRules(inputRules, prefix);
    } catch (cause) {
      if (!(cause instanceof TransactionError)) throw cause;
      throw refuse("InputRule", `the rules of input ${index} do not hold: ${cause.message}`, {
        cause,
        data: { index },
      });
    }
  }
}

function validateFee({ fee }: TxPrefix, minimumFee: bigint): void {
  if (fee < minimumFee) throw refuse("TxFeeError", "the fee is below the minimum of its token");
}

function hasRepeated(values: readonly Uint8Array[]): boolean {
  return new Set(values.map(bytesToHex)).size !== values.length;
}

function validateTombstone(tombstoneBlock: bigint, blockIndex: bigint): void {
  if (blockIndex >= tombstoneBlock) {
    throw refuse("TombstoneBlockExceeded", `the transaction expired at block ${tombstoneBlock}`, {
      data: { tombstoneBlock, blockIndex },
    });
  }
  if (tombstoneBlock > blockIndex + MAX_TOMBSTONE_BLOCKS) {
    throw refuse(
      "TombstoneBlockTooFar",
      `the tombstone block is more than ${MAX_TOMBSTONE_BLOCKS} blocks ahead`,
      {
        data: { tombstoneBlock, blockIndex },
      },
    );
  }
}

function validateOutputForm({ eMemo, maskedAmount }: TxOut, blockVersion: BlockVersion): void {
  if (supports(blockVersion, "encryptedMemos")) {
    if (eMemo === undefined) throw refuse("MissingMemo", "an output has no memo");
  } else if (eMemo !== undefined) {
    throw refuse("MemosNotAllowed", `block version ${blockVersion} has no memos`);
  }
  const tokenIdLength = maskedAmount?.maskedTokenId.length;
  if (supports(blockVersion, "maskedTokenId")) {
    if (tokenIdLength !== 8) throw refuse("MissingMaskedTokenId", "an output has no masked token id");
  } else if (tokenIdLength !== 0) {
    throw refuse("MaskedTokenIdNotAllowed", `block version ${blockVersion} has no masked token ids`);
  }
}

/**
 * The rules whose outcome can change between one validation of a transaction and the next: membership under the ledger's
 * present roots, minimum fee and tombstone. A transaction that was valid once, at the same block version, is valid now
 * exactly where these hold; all else about it depends on the transaction alone.
 *
 * @param provenRoots `memberRoots` of the earlier validation. A member whose root is still the same is not proven again.
 * @throws TransactionError area `validation`: the first of these rules that does not hold.
 */
export function validateAgain(
  { prefix }: Tx,
  { blockIndex, minimumFee, rootProofs }: ValidationContext,
  provenRoots?: readonly Uint8Array[],
): void {
  validateMembership(prefix.inputs, rootProofs, provenRoots);
  validateFee(prefix, minimumFee);
  validateTombstone(prefix.tombstoneBlock, blockIndex);
}

/**
 * Validates transactions together, which makes each range proof cost a fraction of what it costs alone. The rejections
 * are those of validating each by itself; transactions are not compared with one another.
 *
 * @returns for each candidate its rejection, or undefined where it is valid.
 */
export function validateTransactions(
  candidates: readonly ValidationCandidate[],
  random: RandomBytes = systemRandom,
): (TransactionError | undefined)[] {
  const results = candidates.map(({ tx, context }) =>
    rejectionOf(() => validateBeforeSignature(tx, context)),
  );
  const standing = candidates.flatMap(({ tx, context }, index) =>
    results[index] === undefined ? [{ index, tx, context }] : [],
  );
  const signatures = verifyRingCtBatch(
    standing.map(({ tx, context }) => ({
      blockVersion: context.blockVersion,
      prefix: tx.prefix,
      signature: tx.signature,
    })),
    random,
  );
  for (const [i, { index, tx, context }] of standing.entries()) {
    const cause = signatures[i];
    results[index] =
      cause === undefined
        ? rejectionOf(() => validateAfterSignature(tx, context))
        : refuse("InvalidTransactionSignature", `the signature does not hold: ${cause.message}`, { cause });
  }
  return results;
}

/**
 * Validates a transaction as every node does (02 section 2.15), exactly as strict and as lenient; returns where it
 * holds. Whether its key images and output keys are new to the ledger is the ledger's business.
 *
 * @throws TransactionError area `validation`: the first rule of the table that does not hold.
 */
export function validateTransaction(
  tx: Tx,
  context: ValidationContext,
  random: RandomBytes = systemRandom,
): void {
  const [rejection] = validateTransactions([{ tx, context }], random);
  if (rejection !== undefined) throw rejection;
}
