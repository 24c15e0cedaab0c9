import type { AccountKey } from "@mobilecoin-ts/account";
import { compareBytes } from "@mobilecoin-ts/crypto";
import { Scalar } from "@mobilecoin-ts/curve";
import { signableRing } from "../../builder/input-credentials.ts";
import { TestWorld } from "../../builder/testing-world.ts";
import type { Amount } from "../../tx-out/amount.ts";
import type { BlockVersion } from "../../tx-out/block-version.ts";
import { DEFAULT_MINIMUM_FEE } from "../../tx-out/constants.ts";
import { createTxOut } from "../../tx-out/create-tx-out.ts";
import { fakeFogHint } from "../../tx-out/fog-hint.ts";
import type { TxOut } from "../../tx-out/tx-out.ts";
import type { InputRing, OutputSecret, SignableInputRing } from "../input-ring.ts";
import type { InputRules } from "../input-rules.ts";
import { signRingCt } from "../ring-ct-sign.ts";
import { LocalRingSigner, type RingSigner } from "../ring-signer.ts";
import { type Tx, type TxIn, type TxPrefix, txInSignedDigest } from "../tx.ts";
import { type ValidationContext, validateTransaction } from "../validate.ts";
import { rejectionsOf } from "./rejections-of.ts";

/** What a payment moves; one of MOB with two inputs and two outputs unless given. */
export interface TestPaymentOptions {
  readonly inputs?: readonly Amount[];
  readonly outputs?: readonly Amount[];
  readonly fee?: Amount;
  readonly seed?: string;
  /** How many outputs of others to hide among. */
  readonly decoys?: number;
}

/** An output with what opens it; the shared secret also yields the amount's own secret. */
export interface TestOutput {
  readonly txOut: TxOut;
  readonly secret: OutputSecret;
  readonly sharedSecret: Uint8Array;
}

const mob = (value: bigint): Amount => ({ value, tokenId: 0n });

/**
 * A payment of any block version taken apart, so that a test can bend each part and sign the result again; for tests.
 *
 * Without bending it is valid.
 */
export class TestPayment {
  readonly world: TestWorld;
  readonly account: AccountKey;
  readonly prefix: TxPrefix;
  readonly rings: readonly InputRing[];
  readonly outputs: readonly TestOutput[];

  private constructor(
    world: TestWorld,
    account: AccountKey,
    prefix: TxPrefix,
    rings: readonly InputRing[],
    outputs: readonly TestOutput[],
  ) {
    this.world = world;
    this.account = account;
    this.prefix = prefix;
    this.rings = rings;
    this.outputs = outputs;
  }

  static make(blockVersion: BlockVersion, options: TestPaymentOptions = {}): TestPayment {
    const fee = options.fee ?? mob(DEFAULT_MINIMUM_FEE);
    const inputs = options.inputs ?? [mob(3_000_000_000n), mob(2_000_000_000n)];
    const outputs = options.outputs ?? [mob(1_500_000_000n), mob(3_500_000_000n - fee.value)];
    const world = new TestWorld(blockVersion, options.seed ?? "payment", options.decoys);
    const account = world.account();
    const spent = inputs.map((amount) => world.fund(account, amount));
    const credentials = spent
      .map((owned) => world.credentials(owned))
      .sort((a, b) => compareBytes(a.ring[0]!.publicKey, b.ring[0]!.publicKey));
    const made = outputs
      .map((amount) => TestPayment.#output(world, amount))
      .sort((a, b) => compareBytes(a.txOut.publicKey, b.txOut.publicKey));
    const prefix: TxPrefix = {
      inputs: credentials.map(({ ring, proofs }) => ({ ring, proofs, inputRules: undefined })),
      outputs: made.map(({ txOut }) => txOut),
      fee: fee.value,
      feeTokenId: fee.tokenId,
      tombstoneBlock: world.blockIndex + 50n,
    };
    const rings = credentials.map(
      (credential): InputRing => ({
        kind: "signable",
        ring: signableRing(credential),
      }),
    );
    return new TestPayment(world, account, prefix, rings, made);
  }

  static #output(world: TestWorld, amount: Amount): TestOutput {
    const {
      txOut,
      sharedSecret,
      amount: unmasked,
    } = createTxOut({
      blockVersion: world.blockVersion,
      amount,
      recipient: world.account().defaultSubaddress,
      eFogHint: fakeFogHint(world.random),
      random: world.random,
    });
    return { txOut, sharedSecret, secret: { amount, blinding: unmasked.blinding } };
  }

  get blockVersion(): BlockVersion {
    return this.world.blockVersion;
  }

  get outputSecrets(): readonly OutputSecret[] {
    return this.outputs.map(({ secret }) => secret);
  }

  /** The same payment with another prefix; rings and secrets stay. */
  with(changes: Partial<TxPrefix>): TestPayment {
    return new TestPayment(
      this.world,
      this.account,
      { ...this.prefix, ...changes },
      this.rings,
      this.outputs,
    );
  }

  /** The same payment with one output bent. */
  withOutput(index: number, bend: (output: TxOut) => TxOut): TestPayment {
    return this.with({ outputs: this.prefix.outputs.map((out, i) => (i === index ? bend(out) : out)) });
  }

  /** The same payment with one input bent. */
  withInput(index: number, bend: (input: TxIn) => TxIn): TestPayment {
    return this.with({ inputs: this.prefix.inputs.map((input, i) => (i === index ? bend(input) : input)) });
  }

  /** The same payment with other rings. */
  withRings(rings: readonly InputRing[]): TestPayment {
    return new TestPayment(this.world, this.account, this.prefix, rings, this.outputs);
  }

  /** The same payment with these outputs. */
  withOutputs(outputs: readonly TestOutput[]): TestPayment {
    const prefix = { ...this.prefix, outputs: outputs.map(({ txOut }) => txOut) };
    return new TestPayment(this.world, this.account, prefix, this.rings, outputs);
  }

  /** The same payment with rings and proofs as the ledger now has them. */
  withFreshProofs(): TestPayment {
    const inputs = this.prefix.inputs.map((input) => ({
      ...input,
      ring: input.proofs.map(({ index }) => this.world.ledger.txOuts[Number(index)]!),
      proofs: this.world.proofsOf(input.proofs.map(({ index }) => index)),
    }));
    return this.with({ inputs });
  }

  /** The same payment with one input signed beforehand, under rules. */
  withRules(index: number, rules: InputRules): TestPayment {
    const ruled = this.withInput(index, (input) => ({ ...input, inputRules: rules }));
    return ruled.withRings(
      this.rings.map((ring, i) => (i === index ? presign(this, ring, ruled.prefix.inputs[i]!) : ring)),
    );
  }

  /** A signable ring, as the signer sees it. */
  signable(index: number): SignableInputRing {
    const ring = this.rings[index];
    if (ring?.kind !== "signable") throw new Error(`ring ${index} is signed beforehand`);
    return ring.ring;
  }

  sign(signer: RingSigner = new LocalRingSigner(this.account)): Tx {
    const signature = signRingCt({
      blockVersion: this.blockVersion,
      prefix: this.prefix,
      rings: this.rings,
      outputSecrets: this.outputSecrets,
      signer,
      random: this.world.random,
    });
    return { prefix: this.prefix, signature, feeMapDigest: new Uint8Array(0) };
  }

  /** What a node with this ledger knows. */
  context(changes: Partial<ValidationContext> = {}): ValidationContext {
    return {
      blockIndex: this.world.blockIndex,
      blockVersion: this.blockVersion,
      minimumFee: DEFAULT_MINIMUM_FEE,
      rootProofs: this.prefix.inputs.flatMap(({ proofs }) =>
        proofs.map(({ highestIndex }) => this.world.ledger.proof(Number(highestIndex))),
      ),
      ...changes,
    };
  }

  /** `area: code` of the rejection and its causes; none for a valid payment. */
  rejections(changes: Partial<ValidationContext> = {}, tx: Tx = this.sign()): string[] {
    return rejectionsOf(() => validateTransaction(tx, this.context(changes), this.world.random));
  }
}

function presign({ account, world }: TestPayment, ring: InputRing, ruledInput: TxIn): InputRing {
  if (ring.kind !== "signable") throw new Error("the ring is signed beforehand");
  const blinding = Scalar.random(world.random);
  const message = txInSignedDigest(ruledInput)!;
  return {
    kind: "presigned",
    ring: {
      mlsag: new LocalRingSigner(account).sign(message, ring.ring, blinding, world.random),
      pseudoOutputSecret: { amount: ring.ring.inputSecret.amount, blinding },
    },
  };
}
