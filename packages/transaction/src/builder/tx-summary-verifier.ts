import { shortAddressHash } from "@mobilecoin-ts/account";
import { appendDigestible, compareBytes, d, Transcript } from "@mobilecoin-ts/crypto";
import type { Scalar } from "@mobilecoin-ts/curve";
import { TransactionError } from "../error.ts";
import { commit } from "../proofs/pedersen.ts";
import {
  type TxInSummary,
  type TxOutSummary,
  type TxSummary,
  txInSummaryDigestible,
  txOutSummaryDigestible,
} from "../tx/tx-summary.ts";
import type { UnmaskedAmount } from "../tx-out/amount.ts";
import { type BlockVersion, blockVersion } from "../tx-out/block-version.ts";
import { type MaskedAmount, maskAmountForBlockVersion } from "../tx-out/masked-amount.ts";
import { createOnetimeKeys, decodeKey } from "../tx-out/onetime-keys.ts";
import { matchViewKey } from "../tx-out/view-key-match.ts";
import type { BuilderErrorCodes } from "./error-codes.ts";
import { type TransactionEntity, TxSummaryBalances, type TxSummaryReport } from "./tx-summary-report.ts";
import type { TxOutSummaryUnblindingData, TxSummaryUnblindingData } from "./unblinding-data.ts";

export interface TxSummaryVerifierOptions {
  /** The 32-byte extended message digest (02 section 2.10). */
  readonly extendedMessageDigest: Uint8Array;
  readonly blockVersion: BlockVersion;
  readonly outputCount: number;
  readonly inputCount: number;
  /** The signing account's, by which it recognises its own outputs. */
  readonly viewPrivateKey: Scalar;
}

/** What a signing device shows, and what it then signs. */
export interface VerifiedTxSummary {
  readonly report: TxSummaryReport;
  /** 32 bytes: the only digest the report speaks for (block version 3 and later). */
  readonly signingDigest: Uint8Array;
}

/**
 * Reads a transaction's summary piece by piece, as a device without much memory does, checking that each piece is what
 * the unblinding data says, and computes the digest to sign along the way (02 section 2.20). All outputs come first,
 * then all inputs, in prefix order.
 */
export class TxSummaryVerifier {
  readonly #blockVersion: BlockVersion;
  readonly #outputCount: number;
  readonly #inputCount: number;
  readonly #viewPrivateKey: Scalar;
  readonly #balances = new TxSummaryBalances();
  readonly #transcript = new Transcript("mc_extended_message_and_tx_summary");
  #outputs = 0;
  #inputs = 0;

  constructor(options: TxSummaryVerifierOptions) {
    this.#blockVersion = options.blockVersion;
    this.#outputCount = options.outputCount;
    this.#inputCount = options.inputCount;
    this.#viewPrivateKey = options.viewPrivateKey;
    appendDigestible(this.#transcript, "extended_message", d.bytes, options.extendedMessageDigest);
    this.#transcript.append("tx_summary", "agg");
    this.#transcript.append("name", "TxSummary");
    this.#openList("outputs", options.outputCount);
  }

  /**
   * Takes the next output.
   *
   * @throws TransactionError area `txSummary`: `UnexpectedOutput`, `Key`, `MissingMaskedAmount`, `Amount`,
   * `MissingTxPrivateKey`, `AddressVerificationFailed`, `MissingDataRequiredToVerifyTxOutRecipient`,
   * `AmountVerificationFailed`, `NumericOverflow`, `BufferOverflow`.
   */
  addOutput(summary: TxOutSummary, data: TxOutSummaryUnblindingData): void {
    if (this.#outputs >= this.#outputCount) throw refuse("UnexpectedOutput", "more outputs than announced");
    this.#verifyOutput(summary, data);
    appendDigestible(this.#transcript, "", txOutSummaryDigestible, summary);
    this.#outputs += 1;
    if (this.#outputs === this.#outputCount) this.#openList("inputs", this.#inputCount);
  }

  /**
   * Takes the next input.
   *
   * @throws TransactionError area `txSummary`: `StillExpectingMoreOutputs`, `UnexpectedInput`,
   * `AmountVerificationFailed`, `NumericOverflow`, `BufferOverflow`.
   */
  addInput(summary: TxInSummary, amount: UnmaskedAmount): void {
    this.#requireAllOutputs();
    if (this.#inputs >= this.#inputCount) throw refuse("UnexpectedInput", "more inputs than announced");
    requireCommitment(summary.pseudoOutputCommitment, amount);
    const payer: TransactionEntity = summary.inputRulesDigest.length === 0 ? OURSELF : SWAP;
    this.#balances.debit(payer, amount.tokenId, amount.value);
    appendDigestible(this.#transcript, "", txInSummaryDigestible, summary);
    this.#inputs += 1;
  }

  /**
   * The report and the digest it speaks for.
   *
   * @throws TransactionError area `txSummary`: `StillExpectingMoreOutputs`, `StillExpectingMoreInputs` (the reference
   * declares it but goes on, with a digest that fits no transaction).
   */
  finish(rest: Pick<TxSummary, "fee" | "feeTokenId" | "tombstoneBlock">): VerifiedTxSummary {
    this.#requireAllOutputs();
    if (this.#inputs < this.#inputCount) {
      throw refuse("StillExpectingMoreInputs", "fewer inputs than announced");
    }
    const transcript = this.#transcript.clone();
    appendDigestible(transcript, "fee", d.u64, rest.fee);
    appendDigestible(transcript, "fee_token_id", d.u64, rest.feeTokenId);
    appendDigestible(transcript, "tombstone_block", d.u64, rest.tombstoneBlock);
    transcript.append("tx_summary", "agg-end");
    transcript.append("name", "TxSummary");
    return {
      report: {
        balances: this.#balances.sorted(),
        fee: { value: rest.fee, tokenId: rest.feeTokenId },
        tombstoneBlock: rest.tombstoneBlock,
      },
      signingDigest: transcript.challenge("digest32", 32),
    };
  }

  #verifyOutput(
    summary: TxOutSummary,
    { unmaskedAmount, address, txPrivateKey }: TxOutSummaryUnblindingData,
  ): void {
    const own = this.#ownAmount(summary);
    if (own !== undefined) {
      this.#balances.credit(OURSELF, own.tokenId, own.value);
    } else if (address !== undefined) {
      if (txPrivateKey === undefined) {
        throw refuse("MissingTxPrivateKey", "the transaction private key of an output is missing");
      }
      const recipient = {
        viewPublicKey: decodeKeyOf(address.viewPublicKey, "view_public_key"),
        spendPublicKey: decodeKeyOf(address.spendPublicKey, "spend_public_key"),
      };
      const keys = createOnetimeKeys(recipient, txPrivateKey);
      const { maskedAmount } = wrapAmount(() =>
        maskAmountForBlockVersion(this.#blockVersion, unmaskedAmount, keys.sharedSecret),
      );
      const expected: TxOutSummary = { ...keys, maskedAmount, associatedToInputRules: false };
      if (!summariesEqual(summary, expected)) {
        throw refuse("AddressVerificationFailed", "an output does not pay the address stated");
      }
      const payee: TransactionEntity = { kind: "address", addressHash: shortAddressHash(address) };
      this.#balances.credit(payee, unmaskedAmount.tokenId, unmaskedAmount.value);
    } else {
      if (!summary.associatedToInputRules) {
        throw refuse("MissingDataRequiredToVerifyTxOutRecipient", "nothing says whom an output pays");
      }
      requireCommitment(requireAmount(summary).commitment, unmaskedAmount);
      this.#balances.credit(SWAP, unmaskedAmount.tokenId, unmaskedAmount.value);
    }
  }

  /** The amount of an output of ours; undefined for others'. */
  #ownAmount(summary: TxOutSummary): UnmaskedAmount | undefined {
    decodeKeyOf(summary.publicKey, "public_key");
    requireAmount(summary);
    const match = wrapAmount(() => matchViewKey(summary, this.#viewPrivateKey));
    return match.matches ? match.amount : undefined;
  }

  #requireAllOutputs(): void {
    if (this.#outputs < this.#outputCount) {
      throw refuse("StillExpectingMoreOutputs", "fewer outputs than announced");
    }
  }

  #openList(context: "outputs" | "inputs", length: number): void {
    this.#transcript.append(context, "seq");
    this.#transcript.appendU64("len", BigInt(length));
  }
}

/**
 * Verifies a whole summary.
 *
 * @throws TransactionError area `txSummary`: `BlockVersion`, `ZipExact` (as many unblinding records as outputs and
 * inputs), then as `TxSummaryVerifier`.
 */
export function verifyTxSummary(
  extendedMessageDigest: Uint8Array,
  summary: TxSummary,
  data: TxSummaryUnblindingData,
  viewPrivateKey: Scalar,
): VerifiedTxSummary {
  requireSameCount("outputs", summary.outputs.length, data.outputs.length);
  requireSameCount("inputs", summary.inputs.length, data.inputs.length);
  const verifier = new TxSummaryVerifier({
    extendedMessageDigest,
    blockVersion: knownBlockVersion(data.blockVersion),
    outputCount: summary.outputs.length,
    inputCount: summary.inputs.length,
    viewPrivateKey,
  });
  for (const [index, output] of summary.outputs.entries()) verifier.addOutput(output, data.outputs[index]!);
  for (const [index, input] of summary.inputs.entries()) verifier.addInput(input, data.inputs[index]!);
  return verifier.finish(summary);
}

const OURSELF: TransactionEntity = { kind: "ourself" };
const SWAP: TransactionEntity = { kind: "swap" };

type SummaryCode = BuilderErrorCodes["txSummary"];

function refuse(code: SummaryCode, message: string, cause?: unknown): TransactionError<"txSummary"> {
  return new TransactionError("txSummary", code, message, { cause });
}

function knownBlockVersion(version: number): BlockVersion {
  try {
    return blockVersion(version);
  } catch (cause) {
    throw refuse("BlockVersion", "the unblinding data is of an unknown block version", cause);
  }
}

function decodeKeyOf(bytes: Uint8Array, field: string): ReturnType<typeof decodeKey> {
  try {
    return decodeKey(bytes, field);
  } catch (cause) {
    throw refuse("Key", `${field} of an output is no point`, cause);
  }
}

function requireAmount({ maskedAmount }: TxOutSummary): MaskedAmount {
  if (maskedAmount === undefined) throw refuse("MissingMaskedAmount", "an output has no amount that we know");
  return maskedAmount;
}

function wrapAmount<T>(attempt: () => T): T {
  try {
    return attempt();
  } catch (cause) {
    if (!(cause instanceof TransactionError)) throw cause;
    throw refuse("Amount", `an amount is malformed: ${cause.message}`, cause);
  }
}

function requireCommitment(commitment: Uint8Array, { value, blinding, tokenId }: UnmaskedAmount): void {
  if (compareBytes(commitment, commit(value, blinding, tokenId).encode()) !== 0) {
    throw refuse("AmountVerificationFailed", "a commitment is not to the amount stated");
  }
}

function requireSameCount(what: string, summary: number, data: number): void {
  if (summary === data) return;
  throw new TransactionError("txSummary", "ZipExact", `summary and unblinding data differ in ${what}`, {
    data: { summary, data },
  });
}

function summariesEqual(a: TxOutSummary, b: TxOutSummary): boolean {
  return (
    compareBytes(a.targetKey, b.targetKey) === 0 &&
    compareBytes(a.publicKey, b.publicKey) === 0 &&
    a.associatedToInputRules === b.associatedToInputRules &&
    maskedAmountsEqual(a.maskedAmount, b.maskedAmount)
  );
}

function maskedAmountsEqual(a: MaskedAmount | undefined, b: MaskedAmount | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return (
    a.version === b.version &&
    a.maskedValue === b.maskedValue &&
    compareBytes(a.commitment, b.commitment) === 0 &&
    compareBytes(a.maskedTokenId, b.maskedTokenId) === 0
  );
}
