import type { PublicAddress } from "@mobilecoin-ts/account";
import { compareBytes } from "@mobilecoin-ts/crypto";
import { type RandomBytes, type Scalar, systemRandom } from "@mobilecoin-ts/curve";
import { TransactionError } from "../error.ts";
import { rejectedAs } from "../rejection.ts";
import { type FeeMap, feeMapDigest } from "../tx/fee-map.ts";
import type { InputRing } from "../tx/input-ring.ts";
import type { RingSigner } from "../tx/ring-signer.ts";
import type { Tx, TxIn } from "../tx/tx.ts";
import type { Amount } from "../tx-out/amount.ts";
import { type BlockVersion, MAX_BLOCK_VERSION, supports } from "../tx-out/block-version.ts";
import { EmptyMemoBuilder } from "../tx-out/memo-builders/empty-memo-builder.ts";
import type { MemoBuilder, MemoContext, ReservedSubaddresses } from "../tx-out/memo-builders/memo-builder.ts";
import { txOutEquals } from "../tx-out/tx-out.ts";
import { type BuiltOutput, makeOutput, type OutputWithSecrets } from "./built-output.ts";
import { type FogResolver, resolveFogHint } from "./fog-resolver.ts";
import { type InputCredentials, signableRing } from "./input-credentials.ts";
import { fillPartially, fillWhole, type SciContribution } from "./sci-fill.ts";
import { presignedRing, type SignedContingentInput } from "./signed-contingent-input.ts";
import { TombstoneLimit } from "./tombstone-limit.ts";
import { signUnsignedTx, type UnsignedTx } from "./unsigned-tx.ts";

export interface TransactionBuilderOptions {
  readonly blockVersion: BlockVersion;
  /** The value can be changed until the change output is added, the token cannot. */
  readonly fee: Amount;
  /** Unused memos unless given. A memo builder serves one transaction. */
  readonly memoBuilder?: MemoBuilder | undefined;
  /** Needed where a recipient, or the sender's own account, uses Fog. */
  readonly fogResolver?: FogResolver | undefined;
  /** The network's fees: the transaction then names their digest, which a node compares with its own. */
  readonly feeMap?: FeeMap | undefined;
  readonly random?: RandomBytes | undefined;
}

export interface AddOutputOptions {
  /** Random unless given; never to be used twice. */
  readonly txPrivateKey?: Scalar | undefined;
}

type BuilderInput =
  | { readonly kind: "own"; readonly credentials: InputCredentials }
  | { readonly kind: "presigned"; readonly sci: SignedContingentInput };

/**
 * Makes a transaction of any block version (02 section 2.18): inputs, outputs, change last, then `build`. It does not
 * choose inputs or mixins, compute change, or refuse what validation refuses by count or minimum fee; amounts that do
 * not balance fail when signing. Not rolled back when a call fails in the memo builder.
 */
export class TransactionBuilder {
  readonly #blockVersion: BlockVersion;
  readonly #memoBuilder: MemoBuilder;
  readonly #fogResolver: FogResolver | undefined;
  readonly #feeMap: FeeMap | undefined;
  readonly #random: RandomBytes;
  readonly #tombstone = new TombstoneLimit();
  readonly #inputs: BuilderInput[] = [];
  readonly #outputs: OutputWithSecrets[] = [];
  #fee: Amount;

  /** Throws TransactionError `Memo` (area `builder`) where the memo builder refuses the fee. */
  constructor(options: TransactionBuilderOptions) {
    this.#blockVersion = options.blockVersion;
    this.#memoBuilder = options.memoBuilder ?? new EmptyMemoBuilder();
    this.#fogResolver = options.fogResolver;
    this.#feeMap = options.feeMap;
    this.#random = options.random ?? systemRandom;
    this.#fee = options.fee;
    rejectedAs("builder", "Memo", () => this.#memoBuilder.setFee(options.fee));
  }

  get fee(): Amount {
    return this.#fee;
  }

  /** 2^64-1 until something set or bounded it. */
  get tombstoneBlock(): bigint {
    return this.#tombstone.value;
  }

  /** Changes the fee's value. Throws `Memo` where the memo builder refuses (a memo with the old fee is written). */
  setFee(value: bigint): void {
    const fee = { value, tokenId: this.#fee.tokenId };
    rejectedAs("builder", "Memo", () => this.#memoBuilder.setFee(fee));
    this.#fee = fee;
  }

  /** Asks for a tombstone block; returns the one in force, lower where a Fog key or an input's rules demand it. */
  setTombstoneBlock(tombstoneBlock: bigint): bigint {
    return this.#tombstone.request(tombstoneBlock);
  }

  /** Spends an output of ours. */
  addInput(credentials: InputCredentials): void {
    this.#inputs.push({ kind: "own", credentials });
  }

  /**
   * Fills a signed contingent input as a whole: its required outputs come along. Validate it first
   * (`validateSignedContingentInput`), and give it fresh membership proofs (`withMembershipProofs`).
   *
   * @throws TransactionError area `sci`: `PartialFillInputNotAllowedHere`, `BlockVersionMismatch`, `MissingProofs`,
   * `MissingRules`, `WrongNumberOfRequiredOutputAmounts`.
   */
  addPresignedInput(sci: SignedContingentInput): void {
    this.#contribute(fillWhole(sci, this.#blockVersion));
  }

  /**
   * Fills a part of a signed contingent input, returning `change` of its offer to whoever signed it. Validate it first.
   *
   * @returns what each partial fill output takes, in the order of the rules.
   * @throws TransactionError area `sci`: `FeatureNotSupportedAtBlockVersion`, `MissingProofs`, `MissingRules`,
   * `MissingPartialFillChange`, `RevealedTxOut`, `ZeroPartialFillChange`, `MinPartialFillValueExceedsPartialChange`,
   * `TokenIdMismatch`, `ChangeLimitExceeded`, then as `addPresignedInput`.
   */
  addPresignedPartialFillInput(sci: SignedContingentInput, change: Amount): readonly Amount[] {
    const fill = fillPartially(sci, change, this.#blockVersion);
    this.#contribute(fill);
    return fill.fractionalAmounts;
  }

  /** Adds a signed contingent input as it is: no check, none of the outputs its rules demand. */
  addPresignedInputRaw(sci: SignedContingentInput): void {
    this.#inputs.push({ kind: "presigned", sci });
  }

  /**
   * Pays an address.
   *
   * @throws TransactionError area `builder`: `FogPublicKey`, `MixedTransactionsNotAllowed` (before block version 3, a
   * token other than the fee's), `NewTx` (the memo builder refuses, or the token before block version 2), `KeyError`.
   */
  addOutput(amount: Amount, recipient: PublicAddress, options: AddOutputOptions = {}): BuiltOutput {
    return this.#addOutput(amount, recipient, recipient, options, (context) =>
      this.#memoBuilder.memoForOutput(amount, recipient, context),
    );
  }

  /** Pays ourselves what is left over; add it after the other outputs. Throws as `addOutput`. */
  addChangeOutput(
    amount: Amount,
    reserved: ReservedSubaddresses,
    options: AddOutputOptions = {},
  ): BuiltOutput {
    return this.#addOutput(amount, reserved.changeSubaddress, reserved.primaryAddress, options, (context) =>
      this.#memoBuilder.memoForChange(amount, reserved, context),
    );
  }

  /** Puts an amount aside as a gift code: an output to our gift code subaddress. Throws as `addOutput`. */
  addGiftCodeOutput(
    amount: Amount,
    reserved: ReservedSubaddresses,
    options: AddOutputOptions = {},
  ): BuiltOutput {
    const recipient = reserved.giftCodeSubaddress;
    return this.#addOutput(amount, recipient, reserved.primaryAddress, options, (context) =>
      this.#memoBuilder.memoForOutput(amount, recipient, context),
    );
  }

  /**
   * The transaction without its signatures, for a signer elsewhere.
   *
   * @throws TransactionError area `builder`: `BlockVersionTooNew`, `FeatureNotSupportedAtBlockVersion`, `NoInputs`,
   * `InvalidRingSize`, `MixedTransactionsNotAllowed`, `SignedInputRulesNotAllowed`, `MissingMembershipProofs`,
   * `TxOutConversion` (a ring member without an amount).
   */
  buildUnsigned(): UnsignedTx {
    this.#check();
    const inputs = this.#inputs
      .map((input) => ({ input, txIn: txInOf(input) }))
      .sort((a, b) => compareBytes(firstPublicKey(a.txIn), firstPublicKey(b.txIn)));
    const outputs = this.#outputs.toSorted((a, b) => compareBytes(a.txOut.publicKey, b.txOut.publicKey));
    return {
      txPrefix: {
        inputs: inputs.map(({ txIn }) => txIn),
        outputs: outputs.map(({ txOut }) => txOut),
        fee: this.#fee.value,
        feeTokenId: this.#fee.tokenId,
        tombstoneBlock: this.#tombstone.value,
      },
      rings: inputs.map(({ input }) => ringOf(input)),
      txOutUnblindingData: outputs.map(({ unblinding }) => unblinding),
      blockVersion: this.#blockVersion,
    };
  }

  /**
   * The signed transaction. Inputs whose credentials hold a subaddress index need a signer with the account's keys.
   *
   * @throws TransactionError as `buildUnsigned` and `signUnsignedTx`.
   */
  build(signer?: RingSigner): Tx {
    const tx = signUnsignedTx(this.buildUnsigned(), { signer, random: this.#random });
    return this.#feeMap === undefined ? tx : { ...tx, feeMapDigest: feeMapDigest(this.#feeMap) };
  }

  #addOutput(
    amount: Amount,
    recipient: PublicAddress,
    fogHintAddress: PublicAddress,
    options: AddOutputOptions,
    memo: (context: MemoContext) => Uint8Array,
  ): BuiltOutput {
    const { eFogHint, expiry } = resolveFogHint(fogHintAddress, this.#fogResolver, this.#random);
    this.#requireFeeToken(amount.tokenId);
    const { txOut, unblinding, confirmationNumber, sharedSecret } = makeOutput({
      blockVersion: this.#blockVersion,
      amount,
      recipient,
      eFogHint,
      memo,
      txPrivateKey: options.txPrivateKey,
      random: this.#random,
    });
    this.#tombstone.impose(expiry);
    this.#outputs.push({ txOut, unblinding });
    return { txOut, confirmationNumber, sharedSecret };
  }

  #contribute({ sci, outputs, tombstoneLimit }: SciContribution): void {
    for (const output of outputs) {
      // Two inputs may demand the very same output; one is enough for both.
      const present = this.#outputs.some(({ txOut }) => txOutEquals(txOut, output.txOut));
      if (output.kind === "fractional" || !present) this.#outputs.push(output);
    }
    if (tombstoneLimit !== undefined) this.#tombstone.impose(tombstoneLimit);
    this.#inputs.push({ kind: "presigned", sci });
  }

  #check(): void {
    const version = this.#blockVersion;
    if (version > MAX_BLOCK_VERSION) {
      throw refuse("BlockVersionTooNew", `block version ${version} is newer than ${MAX_BLOCK_VERSION}`, {
        version,
        newest: MAX_BLOCK_VERSION,
      });
    }
    if (!supports(version, "maskedTokenId") && this.#fee.tokenId !== 0n) {
      throw refuse("FeatureNotSupportedAtBlockVersion", `block version ${version} has no nonzero token id`, {
        version,
        feature: "nonzero token id",
      });
    }
    const [first] = this.#inputs;
    if (first === undefined) throw refuse("NoInputs", "the transaction has no inputs");
    const ringSize = membersOf(first).ring.length;
    for (const input of this.#inputs) {
      const found = membersOf(input).ring.length;
      if (found !== ringSize || found === 0) {
        throw refuse("InvalidRingSize", "the rings are empty or not all of one size", { ringSize, found });
      }
    }
    for (const input of this.#inputs) {
      this.#requireFeeToken(tokenIdOf(input));
      if (input.kind === "presigned" && !supports(version, "inputRules")) {
        throw refuse("SignedInputRulesNotAllowed", `block version ${version} has no signed input rules`, {
          version,
        });
      }
      const { ring, proofs } = membersOf(input);
      if (ring.length !== proofs.length) {
        throw refuse("MissingMembershipProofs", "an input has not one membership proof a ring member", {
          ringSize: ring.length,
          proofs: proofs.length,
        });
      }
    }
  }

  #requireFeeToken(tokenId: bigint): void {
    const version = this.#blockVersion;
    if (supports(version, "mixedTransactions") || tokenId === this.#fee.tokenId) return;
    throw refuse("MixedTransactionsNotAllowed", `block version ${version} allows the fee's token only`, {
      version,
    });
  }
}

function membersOf(input: BuilderInput): Pick<TxIn, "ring" | "proofs"> {
  return input.kind === "own" ? input.credentials : input.sci.txIn;
}

function tokenIdOf(input: BuilderInput): bigint {
  return input.kind === "own" ? input.credentials.amount.tokenId : input.sci.pseudoOutputAmount.tokenId;
}

function txInOf(input: BuilderInput): TxIn {
  if (input.kind === "presigned") return input.sci.txIn;
  const { ring, proofs } = input.credentials;
  return { ring, proofs, inputRules: undefined };
}

function ringOf(input: BuilderInput): InputRing {
  return input.kind === "own"
    ? { kind: "signable", ring: signableRing(input.credentials) }
    : { kind: "presigned", ring: presignedRing(input.sci) };
}

function firstPublicKey(txIn: TxIn): Uint8Array {
  // Empty rings were refused before.
  return txIn.ring[0]!.publicKey;
}

function refuse(
  code:
    | "BlockVersionTooNew"
    | "FeatureNotSupportedAtBlockVersion"
    | "NoInputs"
    | "InvalidRingSize"
    | "MixedTransactionsNotAllowed"
    | "SignedInputRulesNotAllowed"
    | "MissingMembershipProofs",
  message: string,
  data: Readonly<Record<string, number | string>> = {},
): TransactionError<"builder"> {
  return new TransactionError("builder", code, message, { data });
}
