import { create, fromBinary, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { bytesToHex } from "@mobilecoin-ts/crypto";
import { ORDER, Point } from "@mobilecoin-ts/curve";
import * as Api from "@mobilecoin-ts/wire/gen/external_pb";
import { beforeAll, describe, expect, test } from "vitest";
import { TransactionError } from "../error.ts";
import { blockVersion } from "../tx-out/block-version.ts";
import { TestPayment } from "./testing/test-payment.ts";
import { type Tx, txCodec } from "./tx.ts";
import { membershipElementFromApi, membershipProofFromApi, txFromApi, txOutFromApi } from "./tx-from-api.ts";

let tx: Tx;
beforeAll(() => {
  const payment = TestPayment.make(blockVersion(3));
  const [o0, o1] = payment.outputs;
  tx = payment
    .withRules(0, {
      requiredOutputs: [o0!.txOut],
      maxTombstoneBlock: 7n,
      partialFillOutputs: [{ txOut: o0!.txOut, amountSharedSecret: new Uint8Array(32) }],
      partialFillChange: { txOut: o1!.txOut, amountSharedSecret: new Uint8Array(32) },
      minPartialFillValue: 3n,
    })
    .sign();
});

const received = (): Api.Tx => fromBinary(Api.TxSchema, txCodec.encode(tx));
const NO_POINT = { data: new Uint8Array(32).fill(255) };
const SHORT = { data: new Uint8Array(31) };

/** Code and field of the rejection of a message bent in place. */
function refusal(bend: (message: Api.Tx) => void): unknown {
  const message = received();
  bend(message);
  return refusalOf(() => txFromApi(message));
}

function refusalOf(convert: () => unknown): unknown {
  try {
    return convert();
  } catch (error) {
    if (!(error instanceof TransactionError)) throw error;
    const { field } = error.data;
    return [error.code, field];
  }
}

const wrapper = (init: { data: Uint8Array }): Api.CompressedRistretto =>
  create(Api.CompressedRistrettoSchema, init);

describe("an API transaction", () => {
  test("becomes the record of which it is the message, in both directions", () => {
    expect(txFromApi(received())).toEqual(tx);
    expect(bytesToHex(txCodec.encode(txFromApi(received())))).toBe(bytesToHex(txCodec.encode(tx)));
    const onTheWire = toBinary(Api.TxSchema, received());
    expect(txCodec.decode(onTheWire)).toEqual(tx);
  });

  test("keeps a single range proof and a fee map digest", () => {
    const older = { ...TestPayment.make(blockVersion(2)).sign(), feeMapDigest: new Uint8Array(32).fill(1) };
    expect(txFromApi(fromBinary(Api.TxSchema, txCodec.encode(older)))).toEqual(older);
  });

  test("may lack what has a default of its own", () => {
    expect(txFromApi(create(Api.TxSchema))).toEqual(txCodec.decode(new Uint8Array(0)));
  });

  test("is refused without an amount", () => {
    expect(
      refusal((message) => {
        message.prefix!.outputs[1]!.maskedAmount = { case: undefined };
      }),
    ).toEqual(["ObjectMissing", "prefix.outputs[1].masked_amount"]);
  });

  test("is refused for keys that are no points, of ring members too; the ledger form is not", () => {
    expect(
      refusal((message) => {
        message.prefix!.inputs[1]!.ring[2]!.targetKey = wrapper(NO_POINT);
      }),
    ).toEqual(["KeyCastError", "prefix.inputs[1].ring[2].target_key"]);
    expect(
      refusal((message) => {
        message.prefix!.outputs[0]!.publicKey = wrapper(NO_POINT);
      }),
    ).toEqual(["KeyCastError", "prefix.outputs[0].public_key"]);
    const bent = received();
    bent.prefix!.outputs[0]!.publicKey = wrapper(NO_POINT);
    expect(() => txCodec.decode(toBinary(Api.TxSchema, bent))).not.toThrow();
  });

  test("is refused for lengths, of what is missing too", () => {
    const cases: [string, (message: Api.Tx) => void][] = [
      ["prefix.outputs[0].target_key", ({ prefix }) => delete prefix!.outputs[0]!.targetKey],
      ["prefix.outputs[0].e_fog_hint", ({ prefix }) => delete prefix!.outputs[0]!.eFogHint],
      [
        "prefix.outputs[0].e_memo",
        ({ prefix }) => {
          prefix!.outputs[0]!.eMemo!.data = new Uint8Array(65);
        },
      ],
      [
        "prefix.outputs[0].masked_amount.commitment",
        ({ prefix }) => {
          const amount = prefix!.outputs[0]!.maskedAmount;
          if (amount.case !== undefined) delete amount.value.commitment;
        },
      ],
      [
        "prefix.inputs[0].proofs[3].elements[1].hash",
        ({ prefix }) => delete prefix!.inputs[0]!.proofs[3]!.elements[1]!.hash,
      ],
      ["signature.ring_signatures[0].c_zero", ({ signature }) => delete signature!.ringSignatures[0]!.cZero],
      [
        "signature.ring_signatures[1].responses[21]",
        ({ signature }) => {
          signature!.ringSignatures[1]!.responses[21]!.data = SHORT.data;
        },
      ],
      [
        "signature.ring_signatures[1].key_image",
        ({ signature }) => delete signature!.ringSignatures[1]!.keyImage,
      ],
      [
        "signature.pseudo_output_commitments[1]",
        ({ signature }) => {
          signature!.pseudoOutputCommitments[1] = wrapper(SHORT);
        },
      ],
      [
        "prefix.inputs[0].input_rules.partial_fill_change.amount_shared_secret",
        ({ prefix }) => {
          prefix!.inputs[0]!.inputRules!.partialFillChange!.amountSharedSecret = SHORT.data;
        },
      ],
    ];
    for (const [field, bend] of cases) expect(refusal(bend)).toEqual(["ArrayCastError", field]);
  });

  test("is refused for a revealed output without the output", () => {
    expect(
      refusal(({ prefix }) => delete prefix!.inputs[0]!.inputRules!.partialFillOutputs[0]!.txOut),
    ).toEqual(["ObjectMissing", "prefix.inputs[0].input_rules.partial_fill_outputs[0].tx_out"]);
  });

  test("has its scalars reduced, and its commitments and key images taken as they are", () => {
    const message = received();
    const unreduced = new Uint8Array(32);
    for (let i = 0, rest = ORDER + 1n; i < 32; i++, rest >>= 8n) unreduced[i] = Number(rest & 255n);
    message.signature!.ringSignatures[0]!.cZero!.data = unreduced;
    message.signature!.ringSignatures[0]!.keyImage!.data = NO_POINT.data;
    message.signature!.pseudoOutputCommitments[0] = wrapper(NO_POINT);
    const { ringSignatures, pseudoOutputCommitments } = txFromApi(message).signature;
    expect(ringSignatures[0]).toMatchObject({
      cZero: Uint8Array.of(1, ...new Uint8Array(31)),
      keyImage: NO_POINT.data,
    });
    expect(pseudoOutputCommitments[0]).toEqual(NO_POINT.data);
  });
});

const G = { data: Point.BASE.encode() };
const output: MessageInitShape<typeof Api.TxOutSchema> = {
  maskedAmount: { case: "maskedAmountV1", value: { commitment: G, maskedTokenId: Uint8Array.of(1, 2, 3) } },
  targetKey: G,
  publicKey: G,
  eFogHint: { data: new Uint8Array(84) },
};

test("an empty memo counts as absent, and a masked token id may have any length", () => {
  const empty = create(Api.TxOutSchema, { ...output, eMemo: {} });
  expect(txOutFromApi(empty)).toMatchObject({
    eMemo: undefined,
    maskedAmount: { version: 1, maskedTokenId: Uint8Array.of(1, 2, 3) },
  });
});

describe("an API membership proof", () => {
  const hash = { data: new Uint8Array(32) };

  test("is refused for a range that ends before it starts", () => {
    const elements = [
      { range: { from: 2n, to: 2n }, hash },
      { range: { from: 2n, to: 1n }, hash },
    ];
    const proof = create(Api.TxOutMembershipProofSchema, { index: 2n, highestIndex: 2n, elements });
    expect(refusalOf(() => membershipProofFromApi(proof))).toEqual(["Other", "proof.elements[1].range"]);
  });

  test("takes an absent range for [0, 0]", () => {
    expect(membershipElementFromApi(create(Api.TxOutMembershipElementSchema, { hash }))).toEqual({
      range: { from: 0n, to: 0n },
      hash: hash.data,
    });
  });
});
