import { type PublicAddress, shortAddressHash } from "@mobilecoin-ts/account";
import { compareBytes } from "@mobilecoin-ts/crypto";
import { Scalar } from "@mobilecoin-ts/curve";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { commit } from "../proofs/pedersen.ts";
import { makeSigningData } from "../tx/ring-ct-sign.ts";
import { LocalRingSigner } from "../tx/ring-signer.ts";
import { extendedMessageDigest } from "../tx/signing-digest.ts";
import { txPrefixHash } from "../tx/tx.ts";
import { summarizeTx, type TxInSummary, type TxOutSummary, type TxSummary } from "../tx/tx-summary.ts";
import type { UnmaskedAmount } from "../tx-out/amount.ts";
import { type BlockVersion, blockVersion } from "../tx-out/block-version.ts";
import { DEFAULT_MINIMUM_FEE } from "../tx-out/constants.ts";
import { maskAmount } from "../tx-out/masked-amount.ts";
import { createOnetimeKeys, decodeKey } from "../tx-out/onetime-keys.ts";
import { reservedSubaddresses } from "./reserved-subaddresses.ts";
import { SignedContingentInputBuilder } from "./sci-builder.ts";
import { withMembershipProofs } from "./signed-contingent-input.ts";
import { rejections } from "./testing-rejection.ts";
import { TestWorld } from "./testing-world.ts";
import { TransactionBuilder } from "./transaction-builder.ts";
import { TxSummaryBalances } from "./tx-summary-report.ts";
import { TxSummaryVerifier, verifyTxSummary } from "./tx-summary-verifier.ts";
import {
  type TxOutSummaryUnblindingData,
  type TxSummaryUnblindingData,
  txSummaryUnblindingData,
} from "./unblinding-data.ts";
import { outputSecretsOf } from "./unsigned-tx.ts";
import { txSummaryUnblindingDataCodec } from "./unsigned-tx-codec.ts";

const V3 = blockVersion(3);
const FEE = { value: DEFAULT_MINIMUM_FEE, tokenId: 0n };
const mob = (value: bigint) => ({ value, tokenId: 0n });
const usd = (value: bigint) => ({ value, tokenId: 1n });
const code = (name: string) => [`txSummary: ${name}`];

/** Bob pays Carol, and takes Alice's offer of 1000 dollars, of which he leaves 400, for 5 units of MOB each. */
function swap(version: BlockVersion = V3) {
  const world = new TestWorld(version, "summary");
  const [alice, bob, carol] = [world.account(), world.account(), world.account().defaultSubaddress];
  const dollars = world.fund(alice, usd(1_000n));
  const offer = new SignedContingentInputBuilder({
    blockVersion: version,
    credentials: world.credentials(dollars),
    random: world.random,
  });
  offer.addPartialFillOutput(mob(5_000n), alice.defaultSubaddress);
  offer.addPartialFillChange(usd(1_000n), reservedSubaddresses(alice));
  const sci = offer.build(new LocalRingSigner(alice));

  const builder = new TransactionBuilder({ blockVersion: version, fee: FEE, random: world.random });
  builder.addInput(world.credentials(world.fund(bob, mob(1_000_000_000n))));
  builder.addPresignedPartialFillInput(
    withMembershipProofs(sci, world.proofsOf(sci.txOutGlobalIndices)),
    usd(400n),
  );
  builder.addOutput(usd(250n), carol);
  builder.addOutput(usd(350n), bob.defaultSubaddress);
  builder.addChangeOutput(mob(599_997_000n), reservedSubaddresses(bob));
  builder.setTombstoneBlock(150n);
  const unsigned = builder.buildUnsigned();
  const signing = makeSigningData({
    blockVersion: version,
    prefix: unsigned.txPrefix,
    rings: unsigned.rings,
    outputSecrets: outputSecretsOf(unsigned.txOutUnblindingData),
    random: world.random,
  });
  const data = txSummaryUnblindingData(unsigned, signing.pseudoOutputBlindings);
  const summary = summarizeTx(unsigned.txPrefix, signing.pseudoOutputCommitments);
  const digest = extendedMessageDigest(txPrefixHash(unsigned.txPrefix), signing);
  return { alice, bob, carol, unsigned, signing, data, summary, digest };
}

const world = swap();
const verify = (summary: TxSummary, data: TxSummaryUnblindingData) =>
  verifyTxSummary(world.digest, summary, data, world.bob.viewPrivateKey);

/** The swap with output `index` and its data changed. */
function withOutput(
  index: number,
  change: Partial<TxOutSummary>,
  dataChange: Partial<TxOutSummaryUnblindingData> = {},
): string[] {
  const outputs = world.summary.outputs.with(index, { ...world.summary.outputs[index]!, ...change });
  const data = world.data.outputs.with(index, { ...world.data.outputs[index]!, ...dataChange });
  return rejections(() => verify({ ...world.summary, outputs }, { ...world.data, outputs: data }));
}

/** Index of the output to this address, and of the first that the offer demands. */
const outputTo = (address: PublicAddress): number =>
  world.data.outputs.findIndex((data) => data.address === address);
const toCarol = outputTo(world.carol);
const demanded = world.summary.outputs.findIndex(({ associatedToInputRules }) => associatedToInputRules);
const ownInput = world.summary.inputs.findIndex(({ inputRulesDigest }) => inputRulesDigest.length === 0);

describe("the report of a transaction", () => {
  test("says who pays and gets what, and speaks for the digest that is signed", () => {
    const { report, signingDigest } = verify(world.summary, world.data);
    expect(signingDigest).toEqual(world.signing.ringSigningMessage);
    expect(report).toEqual({
      balances: [
        { entity: { kind: "ourself" }, tokenId: 0n, value: -400_003_000n },
        { entity: { kind: "ourself" }, tokenId: 1n, value: 350n },
        {
          entity: { kind: "address", addressHash: shortAddressHash(world.carol) },
          tokenId: 1n,
          value: 250n,
        },
        { entity: { kind: "swap" }, tokenId: 0n, value: 3_000n },
        { entity: { kind: "swap" }, tokenId: 1n, value: -600n },
      ],
      fee: FEE,
      tombstoneBlock: 150n,
    });
  });

  test("follows from unblinding data that was encoded and decoded", () => {
    const received = txSummaryUnblindingDataCodec.decode(txSummaryUnblindingDataCodec.encode(world.data));
    expect(verify(world.summary, received)).toEqual(verify(world.summary, world.data));
  });

  test("seen by somebody else's device credits everybody by address", () => {
    const stranger = Scalar.fromBigInt(3n);
    const { report } = verifyTxSummary(world.digest, world.summary, world.data, stranger);
    const addresses = report.balances.flatMap(({ entity }) =>
      entity.kind === "address" ? [entity.addressHash] : [],
    );
    expect(new Set(addresses.map(String)).size).toBe(3);
    expect(addresses).toEqual(addresses.toSorted(compareBytes));
  });

  test("changes its digest with every field", () => {
    const digest = (change: Partial<TxSummary>) =>
      verify({ ...world.summary, ...change }, world.data).signingDigest;
    const seen = [{}, { fee: 1n }, { feeTokenId: 1n }, { tombstoneBlock: 1n }].map((change) =>
      String(digest(change)),
    );
    expect(new Set(seen).size).toBe(4);
  });
});

describe("what the summary verifier refuses", () => {
  test("ZipExact, before BlockVersion", () => {
    const { outputs, inputs } = world.data;
    expect(
      rejections(() => verify(world.summary, { ...world.data, outputs: outputs.slice(1), blockVersion: 5 })),
    ).toEqual(code("ZipExact"));
    expect(rejections(() => verify(world.summary, { ...world.data, inputs: inputs.slice(1) }))).toEqual(
      code("ZipExact"),
    );
    expect(rejections(() => verify(world.summary, { ...world.data, blockVersion: 5 }))).toEqual([
      "txSummary: BlockVersion",
      "blockVersion: UnsupportedBlockVersion",
    ]);
  });

  test("Key and MissingMaskedAmount, in that order", () => {
    const noPoint = new Uint8Array(32).fill(255);
    expect(withOutput(0, { publicKey: noPoint, maskedAmount: undefined })).toEqual([
      "txSummary: Key",
      "txOut: Key",
    ]);
    expect(withOutput(0, { maskedAmount: undefined })).toEqual(code("MissingMaskedAmount"));
    expect(withOutput(toCarol, {}, { address: { ...world.carol, viewPublicKey: noPoint } })).toEqual([
      "txSummary: Key",
      "txOut: Key",
    ]);
  });

  test("Amount: a masked token id of a wrong length", () => {
    const maskedAmount = { ...world.summary.outputs[0]!.maskedAmount!, maskedTokenId: new Uint8Array(7) };
    expect(withOutput(0, { maskedAmount })).toEqual([
      "txSummary: Amount",
      "txOut: Amount",
      "amount: InvalidMaskedTokenId",
    ]);
  });

  test("Amount: a token that the block version of the data does not have", () => {
    expect(rejections(() => verify(world.summary, { ...world.data, blockVersion: 1 }))).toEqual([
      "txSummary: Amount",
      "amount: TokenIdNotSupportedAtBlockVersion",
    ]);
  });

  test("MissingTxPrivateKey", () => {
    expect(withOutput(toCarol, {}, { txPrivateKey: undefined })).toEqual(code("MissingTxPrivateKey"));
  });

  test("AddressVerificationFailed: whatever does not follow from address and key", () => {
    const failed = code("AddressVerificationFailed");
    const output = world.summary.outputs[toCarol]!;
    const data = world.data.outputs[toCarol]!;
    const { maskedAmount } = output;
    expect(withOutput(toCarol, {}, { txPrivateKey: Scalar.ONE })).toEqual(failed);
    expect(withOutput(toCarol, {}, { address: world.alice.defaultSubaddress })).toEqual(failed);
    expect(withOutput(toCarol, {}, { unmaskedAmount: { ...data.unmaskedAmount, value: 251n } })).toEqual(
      failed,
    );
    expect(withOutput(toCarol, {}, { unmaskedAmount: { ...data.unmaskedAmount, tokenId: 2n } })).toEqual(
      failed,
    );
    expect(withOutput(toCarol, { targetKey: output.publicKey })).toEqual(failed);
    expect(withOutput(toCarol, { publicKey: output.targetKey })).toEqual(failed);
    expect(withOutput(toCarol, { associatedToInputRules: true })).toEqual(failed);
    expect(
      withOutput(toCarol, {
        maskedAmount: { ...maskedAmount!, maskedValue: maskedAmount!.maskedValue ^ 1n },
      }),
    ).toEqual(failed);
    expect(withOutput(toCarol, { maskedAmount: { ...maskedAmount!, version: 1 } })).toEqual(failed);
  });

  test("the blinding stated for an output with an address is not used", () => {
    const { unmaskedAmount } = world.data.outputs[toCarol]!;
    const outputs = world.data.outputs.with(toCarol, {
      ...world.data.outputs[toCarol]!,
      unmaskedAmount: { ...unmaskedAmount, blinding: Scalar.ZERO },
    });
    expect(verify(world.summary, { ...world.data, outputs })).toEqual(verify(world.summary, world.data));
  });

  test("MissingDataRequiredToVerifyTxOutRecipient: no address, and no offer demands the output", () => {
    expect(withOutput(toCarol, {}, { address: undefined })).toEqual(
      code("MissingDataRequiredToVerifyTxOutRecipient"),
    );
    expect(withOutput(demanded, { associatedToInputRules: false })).toEqual(
      code("MissingDataRequiredToVerifyTxOutRecipient"),
    );
  });

  test("AmountVerificationFailed: an output of an offer, an input", () => {
    const data = world.data.outputs[demanded]!;
    expect(
      withOutput(demanded, {}, { unmaskedAmount: { ...data.unmaskedAmount, value: 1n << 62n } }),
    ).toEqual(code("AmountVerificationFailed"));
    const inputs = world.data.inputs.with(ownInput, { ...world.data.inputs[ownInput]!, value: 1n });
    expect(rejections(() => verify(world.summary, { ...world.data, inputs }))).toEqual(
      code("AmountVerificationFailed"),
    );
  });

  /** An output to an address, and an input, of any amount. */
  function piece(value: bigint, tokenId = 0n) {
    const txPrivateKey = Scalar.fromBigInt(11n);
    const recipient = world.carol;
    const keys = createOnetimeKeys(
      {
        viewPublicKey: decodeKey(recipient.viewPublicKey, "view"),
        spendPublicKey: decodeKey(recipient.spendPublicKey, "spend"),
      },
      txPrivateKey,
    );
    const { maskedAmount, unmasked } = maskAmount(2, { value, tokenId }, keys.sharedSecret);
    const output: TxOutSummary = { ...keys, maskedAmount, associatedToInputRules: false };
    const input: TxInSummary = {
      pseudoOutputCommitment: commit(value, Scalar.ONE, tokenId).encode(),
      inputRulesDigest: new Uint8Array(0),
    };
    const inputAmount: UnmaskedAmount = { value, tokenId, blinding: Scalar.ONE };
    return {
      output,
      outputData: { unmaskedAmount: unmasked, address: recipient, txPrivateKey },
      input,
      inputAmount,
    };
  }

  function verifier(outputCount: number, inputCount: number): TxSummaryVerifier {
    return new TxSummaryVerifier({
      extendedMessageDigest: new Uint8Array(32),
      blockVersion: V3,
      outputCount,
      inputCount,
      viewPrivateKey: world.bob.viewPrivateKey,
    });
  }

  test("NumericOverflow: a single amount of 2^63, or sums beyond", () => {
    const large = piece(1n << 63n);
    expect(rejections(() => verifier(1, 0).addOutput(large.output, large.outputData))).toEqual(
      code("NumericOverflow"),
    );
    const half = piece(1n << 62n);
    const two = verifier(2, 0);
    two.addOutput(half.output, half.outputData);
    expect(rejections(() => two.addOutput(half.output, half.outputData))).toEqual(code("NumericOverflow"));
  });

  test("BufferOverflow: the 33rd balance", () => {
    const many = verifier(33, 0);
    for (let token = 0n; token < 32n; token++) {
      const { output, outputData } = piece(0n, token);
      many.addOutput(output, outputData);
    }
    const { output, outputData } = piece(0n, 32n);
    expect(rejections(() => many.addOutput(output, outputData))).toEqual(code("BufferOverflow"));
  });

  test("pieces out of order", () => {
    const { output, outputData, input, inputAmount } = piece(5n);
    const rest = { fee: 0n, feeTokenId: 0n, tombstoneBlock: 0n };
    const pieces = verifier(1, 1);
    expect(rejections(() => pieces.addInput(input, inputAmount))).toEqual(code("StillExpectingMoreOutputs"));
    expect(rejections(() => pieces.finish(rest))).toEqual(code("StillExpectingMoreOutputs"));
    pieces.addOutput(output, outputData);
    expect(rejections(() => pieces.addOutput(output, outputData))).toEqual(code("UnexpectedOutput"));
    expect(rejections(() => pieces.finish(rest))).toEqual(code("StillExpectingMoreInputs"));
    pieces.addInput(input, inputAmount);
    expect(rejections(() => pieces.addInput(input, inputAmount))).toEqual(code("UnexpectedInput"));
    expect(pieces.finish(rest).report.balances).toEqual([
      { entity: { kind: "ourself" }, tokenId: 0n, value: -5n },
      {
        entity: { kind: "address", addressHash: shortAddressHash(world.carol) },
        tokenId: 0n,
        value: 5n,
      },
    ]);
  });
});

describe("balances", () => {
  test("sort by entity, then token, and keep zero amounts", () => {
    const entity = fc.oneof(
      fc.constant({ kind: "ourself" as const }),
      fc.constant({ kind: "swap" as const }),
      fc.uint8Array({ minLength: 16, maxLength: 16 }).map((addressHash) => ({
        kind: "address" as const,
        addressHash,
      })),
    );
    const rank = { ourself: 0, address: 1, swap: 2 };
    fc.assert(
      fc.property(
        fc.array(fc.tuple(entity, fc.bigInt({ min: 0n, max: 4n })), { maxLength: 32 }),
        (records) => {
          const balances = new TxSummaryBalances();
          for (const [who, tokenId] of records) balances.credit(who, tokenId, 0n);
          const sorted = balances.sorted();
          for (const [index, record] of sorted.slice(1).entries()) {
            const previous = sorted[index]!;
            const order =
              rank[previous.entity.kind] - rank[record.entity.kind] ||
              (previous.entity.kind === "address" && record.entity.kind === "address"
                ? compareBytes(previous.entity.addressHash, record.entity.addressHash)
                : 0) ||
              (previous.tokenId < record.tokenId ? -1 : 1);
            expect(order).toBeLessThan(0);
          }
          expect(sorted.length).toBe(
            new Set(records.map(([who, token]) => JSON.stringify([who, String(token)]))).size,
          );
        },
      ),
    );
  });

  test("the recipient of our own output is us, whatever address the data states", () => {
    const own = world.data.outputs.findIndex(
      ({ address, unmaskedAmount }) => address !== undefined && unmaskedAmount.value === 350n,
    );
    const outputs = world.data.outputs.with(own, { ...world.data.outputs[own]!, address: world.carol });
    expect(verify(world.summary, { ...world.data, outputs })).toEqual(verify(world.summary, world.data));
  });
});
