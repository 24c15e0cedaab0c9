import type { PublicAddress } from "@mobilecoin-ts/account";
import { compareBytes } from "@mobilecoin-ts/crypto";
import { type RandomBytes, Scalar, systemRandom } from "@mobilecoin-ts/curve";
import { rejectedAs } from "../rejection.ts";
import type { InputRules, RevealedTxOut } from "../tx/input-rules.ts";
import { LocalRingSigner, type RingSigner } from "../tx/ring-signer.ts";
import { type TxIn, txInSignedDigest } from "../tx/tx.ts";
import type { Amount } from "../tx-out/amount.ts";
import { type BlockVersion, firstVersionWith, MAX_BLOCK_VERSION, supports } from "../tx-out/block-version.ts";
import { MOB_TOKEN_ID } from "../tx-out/constants.ts";
import { amountSharedSecret } from "../tx-out/masked-amount.ts";
import { EmptyMemoBuilder } from "../tx-out/memo-builders/empty-memo-builder.ts";
import type { MemoBuilder, MemoContext, ReservedSubaddresses } from "../tx-out/memo-builders/memo-builder.ts";
import { type BuiltOutput, makeOutput, type OutputWithSecrets } from "./built-output.ts";
import { type FogResolver, MAX_TOMBSTONE_BLOCK, resolveFogHint } from "./fog-resolver.ts";
import { type InputCredentials, signableRing } from "./input-credentials.ts";
import { refuseSci, type SignedContingentInput } from "./signed-contingent-input.ts";
import { TombstoneLimit } from "./tombstone-limit.ts";

export interface SignedContingentInputBuilderOptions {
  readonly blockVersion: BlockVersion;
  /** What is offered. */
  readonly credentials: InputCredentials;
  /** Unused memos unless given. It is told a fee of 0 MOB, so destination memos work for change in MOB only. */
  readonly memoBuilder?: MemoBuilder | undefined;
  /** Needed where we, or whom the offer pays, use Fog. */
  readonly fogResolver?: FogResolver | undefined;
  readonly random?: RandomBytes | undefined;
}

/**
 * Makes an offer: this input, for these outputs (02 section 2.19). Withdraw it by spending the same output.
 * Not rolled back when a call fails in the memo builder.
 */
export class SignedContingentInputBuilder {
  readonly #blockVersion: BlockVersion;
  readonly #credentials: InputCredentials;
  readonly #memoBuilder: MemoBuilder;
  readonly #fogResolver: FogResolver | undefined;
  readonly #random: RandomBytes;
  readonly #tombstone = new TombstoneLimit();
  readonly #requiredOutputs: OutputWithSecrets[] = [];
  readonly #partialFillOutputs: RevealedTxOut[] = [];
  #partialFillChange: RevealedTxOut | undefined;
  #minPartialFillValue = 0n;

  /** @throws TransactionError area `sci`: `MissingProofs`, `Memo` (the memo builder refuses the fee). */
  constructor(options: SignedContingentInputBuilderOptions) {
    const { ring, proofs } = options.credentials;
    if (ring.length !== proofs.length) {
      throw refuseSci("MissingProofs", "the input has not one membership proof a ring member", {
        ringSize: ring.length,
        proofs: proofs.length,
      });
    }
    this.#blockVersion = options.blockVersion;
    this.#credentials = options.credentials;
    this.#memoBuilder = options.memoBuilder ?? new EmptyMemoBuilder();
    this.#fogResolver = options.fogResolver;
    this.#random = options.random ?? systemRandom;
    rejectedAs("sci", "Memo", () => this.#memoBuilder.setFee({ value: 0n, tokenId: MOB_TOKEN_ID }));
  }

  /** 2^64-1, which means no limit, until something set or bounded it. */
  get tombstoneBlock(): bigint {
    return this.#tombstone.value;
  }

  /** Asks for a last block to fill the offer in; returns the one in force. */
  setTombstoneBlock(tombstoneBlock: bigint): bigint {
    return this.#tombstone.request(tombstoneBlock);
  }

  /** The least that a partial fill takes of the change offered, in smallest units. Not compared with it here. */
  setMinPartialFillValue(value: bigint): void {
    this.#minPartialFillValue = value;
  }

  /**
   * Demands an output to an address.
   *
   * @throws TransactionError area `builder`: `FogPublicKey`, `NewTx`, `KeyError`.
   */
  addRequiredOutput(amount: Amount, recipient: PublicAddress): BuiltOutput {
    return this.#require(this.#outputTo(amount, recipient));
  }

  /** Demands an output to ourselves. Throws as `addRequiredOutput`. */
  addRequiredChangeOutput(amount: Amount, reserved: ReservedSubaddresses): BuiltOutput {
    return this.#require(this.#changeOutput(amount, reserved));
  }

  /**
   * Demands an output to an address, of which a partial fill owes its share.
   *
   * @throws TransactionError area `sci`: `FeatureNotSupportedAtBlockVersion`; area `builder` as `addRequiredOutput`.
   */
  addPartialFillOutput(amount: Amount, recipient: PublicAddress): BuiltOutput {
    this.#requirePartialFills();
    const output = this.#outputTo(amount, recipient);
    this.#partialFillOutputs.push(reveal(output));
    return withoutSecrets(output);
  }

  /**
   * Allows partial fills: what is not taken of this amount comes back to us.
   *
   * @throws TransactionError area `sci`: `FeatureNotSupportedAtBlockVersion`, `AlreadyHavePartialFillChange`; area
   * `builder` as `addRequiredOutput`.
   */
  addPartialFillChange(amount: Amount, reserved: ReservedSubaddresses): BuiltOutput {
    this.#requirePartialFills();
    if (this.#partialFillChange !== undefined) {
      throw refuseSci("AlreadyHavePartialFillChange", "the offer has its partial fill change");
    }
    const output = this.#changeOutput(amount, reserved);
    this.#partialFillChange = reveal(output);
    return withoutSecrets(output);
  }

  /**
   * Signs the offer. A subaddress index in the credentials needs a signer with the account's keys.
   *
   * @throws TransactionError area `sci`: `BlockVersionTooOld`, `BlockVersionTooNew`; area `builder`:
   * `TxOutConversion` (a ring member without an amount), `Signer` (the signer refuses).
   */
  build(signer: RingSigner = new LocalRingSigner()): SignedContingentInput {
    const version = this.#blockVersion;
    if (!supports(version, "inputRules")) {
      throw refuseSci("BlockVersionTooOld", `block version ${version} has no signed contingent inputs`, {
        version,
        oldest: firstVersionWith("inputRules"),
      });
    }
    if (version > MAX_BLOCK_VERSION) {
      throw refuseSci("BlockVersionTooNew", `block version ${version} is newer than ${MAX_BLOCK_VERSION}`, {
        version,
        newest: MAX_BLOCK_VERSION,
      });
    }
    const required = this.#requiredOutputs.toSorted((a, b) =>
      compareBytes(a.txOut.publicKey, b.txOut.publicKey),
    );
    const tombstone = this.#tombstone.value;
    const inputRules: InputRules = {
      requiredOutputs: required.map(({ txOut }) => txOut),
      maxTombstoneBlock: tombstone === MAX_TOMBSTONE_BLOCK ? 0n : tombstone,
      partialFillOutputs: this.#partialFillOutputs.toSorted((a, b) =>
        compareBytes(a.txOut.publicKey, b.txOut.publicKey),
      ),
      partialFillChange: this.#partialFillChange,
      minPartialFillValue: this.#minPartialFillValue,
    };
    const { ring, proofs, amount } = this.#credentials;
    // Proofs age with the ledger, so whoever fills the offer adds fresh ones; the signature does not cover them.
    const txIn: TxIn = { ring, proofs: [], inputRules };
    const message = txInSignedDigest(txIn);
    if (message === undefined) throw new TypeError("an input with rules has a digest to sign");
    const blinding = Scalar.random(this.#random);
    const mlsag = rejectedAs("builder", "Signer", () =>
      signer.sign(message, signableRing(this.#credentials), blinding, this.#random),
    );
    return {
      blockVersion: version,
      txIn,
      mlsag,
      pseudoOutputAmount: { value: amount.value, tokenId: amount.tokenId, blinding },
      requiredOutputAmounts: required.map(({ unblinding }) => unblinding.unmaskedAmount),
      txOutGlobalIndices: proofs.map((proof) => proof.index),
    };
  }

  #require(output: BuiltOutput & OutputWithSecrets): BuiltOutput {
    this.#requiredOutputs.push({ txOut: output.txOut, unblinding: output.unblinding });
    return withoutSecrets(output);
  }

  #outputTo(amount: Amount, recipient: PublicAddress): BuiltOutput & OutputWithSecrets {
    return this.#make(amount, recipient, recipient, (context) =>
      this.#memoBuilder.memoForOutput(amount, recipient, context),
    );
  }

  #changeOutput(amount: Amount, reserved: ReservedSubaddresses): BuiltOutput & OutputWithSecrets {
    return this.#make(amount, reserved.changeSubaddress, reserved.primaryAddress, (context) =>
      this.#memoBuilder.memoForChange(amount, reserved, context),
    );
  }

  #make(
    amount: Amount,
    recipient: PublicAddress,
    fogHintAddress: PublicAddress,
    memo: (context: MemoContext) => Uint8Array,
  ): BuiltOutput & OutputWithSecrets {
    const { eFogHint, expiry } = resolveFogHint(fogHintAddress, this.#fogResolver, this.#random);
    const output = makeOutput({
      blockVersion: this.#blockVersion,
      amount,
      recipient,
      eFogHint,
      memo,
      random: this.#random,
    });
    this.#tombstone.impose(expiry);
    return output;
  }

  #requirePartialFills(): void {
    const version = this.#blockVersion;
    if (supports(version, "inputRules")) return;
    throw refuseSci("FeatureNotSupportedAtBlockVersion", `block version ${version} has no partial fills`, {
      version,
      feature: "partial fills",
    });
  }
}

function reveal({ txOut, sharedSecret }: BuiltOutput): RevealedTxOut {
  return { txOut, amountSharedSecret: amountSharedSecret(sharedSecret) };
}

function withoutSecrets({ txOut, confirmationNumber, sharedSecret }: BuiltOutput): BuiltOutput {
  return { txOut, confirmationNumber, sharedSecret };
}
