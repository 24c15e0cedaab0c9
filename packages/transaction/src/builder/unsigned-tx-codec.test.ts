import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { concat } from "@mobilecoin-ts/crypto";
import { Scalar } from "@mobilecoin-ts/curve";
import { WireError } from "@mobilecoin-ts/wire";
import { UnsignedTxSchema } from "@mobilecoin-ts/wire/gen/external_pb";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { TransactionError } from "../error.ts";
import { makeSigningData } from "../tx/ring-ct-sign.ts";
import { LocalRingSigner } from "../tx/ring-signer.ts";
import { blockVersion } from "../tx-out/block-version.ts";
import { DEFAULT_MINIMUM_FEE } from "../tx-out/constants.ts";
import { reservedSubaddresses } from "./reserved-subaddresses.ts";
import { SignedContingentInputBuilder } from "./sci-builder.ts";
import { withMembershipProofs } from "./signed-contingent-input.ts";
import { decodeSigningData, encodeSigningData } from "./signing-data-codec.ts";
import { rejections, thrown } from "./testing-rejection.ts";
import { TestWorld } from "./testing-world.ts";
import { TransactionBuilder } from "./transaction-builder.ts";
import { outputSecretsOf, signUnsignedTx } from "./unsigned-tx.ts";
import { decodeUnsignedTx, encodeUnsignedTx } from "./unsigned-tx-codec.ts";

const V3 = blockVersion(3);
const usd = (value: bigint) => ({ value, tokenId: 1n });
const mob = (value: bigint) => ({ value, tokenId: 0n });

/** An unsigned transaction with every kind of ring, key and output. */
function unsignedSwap() {
  const world = new TestWorld(V3, "unsigned");
  const [alice, bob] = [world.account(), world.account()];
  const offer = new SignedContingentInputBuilder({
    blockVersion: V3,
    credentials: world.credentials(world.fund(alice, usd(9n))),
    random: world.random,
  });
  offer.addRequiredOutput(mob(5n), alice.defaultSubaddress);
  const sci = offer.build(new LocalRingSigner(alice));
  const builder = new TransactionBuilder({
    blockVersion: V3,
    fee: mob(DEFAULT_MINIMUM_FEE),
    random: world.random,
  });
  builder.addInput(world.credentials(world.fund(bob, mob(400_000_006n))));
  const own = world.credentials(world.fund(bob, mob(2n)));
  builder.addInput({
    ...own,
    onetimeKeyDeriveData: { kind: "onetimeKey", privateKey: Scalar.random(world.random) },
  });
  builder.addPresignedInput(withMembershipProofs(sci, world.proofsOf(sci.txOutGlobalIndices)));
  builder.addOutput(usd(9n), bob.defaultSubaddress);
  builder.addChangeOutput(mob(3n), reservedSubaddresses(bob));
  builder.setTombstoneBlock(150n);
  return { world, bob, unsigned: builder.buildUnsigned() };
}

const { world, bob, unsigned } = unsignedSwap();
const encoded = encodeUnsignedTx(unsigned);

/** A length-delimited field. */
function field(tag: number, ...content: Uint8Array[]): Uint8Array {
  const bytes = concat(...content);
  const head = [(tag << 3) | 2];
  for (let length = bytes.length; ; length >>>= 7) {
    head.push(length < 128 ? length : (length & 127) | 128);
    if (length < 128) return concat(Uint8Array.from(head), bytes);
  }
}

describe("unsigned transactions as bytes", () => {
  test("are read as they were written", () => {
    expect(decodeUnsignedTx(encoded)).toEqual(unsigned);
    expect(encodeUnsignedTx(decodeUnsignedTx(encoded))).toEqual(encoded);
  });

  test("can be signed by whoever reads them", () => {
    const builder = new TransactionBuilder({ blockVersion: V3, fee: mob(DEFAULT_MINIMUM_FEE) });
    builder.addInput(world.credentials(world.fund(bob, mob(400_000_001n))));
    builder.addOutput(mob(1n), bob.defaultSubaddress);
    builder.setTombstoneBlock(150n);
    const received = decodeUnsignedTx(encodeUnsignedTx(builder.buildUnsigned()));
    world.validate(signUnsignedTx(received, { signer: new LocalRingSigner(bob) }));
  });

  test("subaddress index 0 is on the wire: its member of the oneof is what says so", () => {
    const [ring] = unsigned.rings.filter(({ kind }) => kind === "signable");
    const lone = { ...unsigned, rings: [ring!] };
    expect(decodeUnsignedTx(encodeUnsignedTx(lone)).rings).toEqual([ring]);
  });

  test("are the message of the published protobuf definition", () => {
    const api = fromBinary(UnsignedTxSchema, encoded);
    expect(api.$unknown).toBeUndefined();
    expect(api.rings.map(({ ring }) => ring.case).toSorted()).toEqual(["presigned", "signable", "signable"]);
    expect(api.txOutUnblindingData.length).toBe(3);
    // The generated code writes a oneof behind the other fields.
    expect(decodeUnsignedTx(toBinary(UnsignedTxSchema, api))).toEqual(unsigned);
  });

  test("MissingField, naming it", () => {
    const prefix = field(1);
    const fieldOf = (bytes: Uint8Array) => {
      const error = thrown(() => decodeUnsignedTx(bytes));
      return error instanceof TransactionError
        ? [`${error.area}: ${error.code}`, error.data.field]
        : [String(error)];
    };
    const amount = field(3);
    const blinding = field(4, field(1, new Uint8Array(32)));
    const key = Uint8Array.of((2 << 3) | 1, 0, 0, 0, 0, 0, 0, 0, 0);
    const signable = (...secret: Uint8Array[]) => concat(prefix, field(2, field(1, field(3, ...secret))));
    const presigned = (...content: Uint8Array[]) => concat(prefix, field(2, field(2, ...content)));
    const missing = "unsignedTx: MissingField";
    const secret = "rings[0].signable.input_secret";
    expect(fieldOf(new Uint8Array(0))).toEqual([missing, "tx_prefix"]);
    expect(fieldOf(concat(prefix, field(2)))).toEqual([missing, "rings[0]"]);
    expect(fieldOf(concat(prefix, field(2, field(1))))).toEqual([missing, secret]);
    expect(fieldOf(signable(amount, blinding))).toEqual([missing, `${secret}.onetime_key_derive_data`]);
    expect(fieldOf(signable(key, blinding))).toEqual([missing, `${secret}.amount`]);
    expect(fieldOf(signable(key, amount))).toEqual([missing, `${secret}.blinding`]);
    expect(fieldOf(presigned(field(1)))).toEqual([missing, "rings[0].presigned.pseudo_output_secret"]);
    expect(fieldOf(presigned(field(2)))).toEqual([missing, "rings[0].presigned.mlsag"]);
    expect(fieldOf(concat(prefix, field(5)))).toEqual([missing, "tx_out_unblinding_data[0].unmasked_amount"]);
  });

  test("InvalidContents: a blinding that is not canonical", () => {
    const secret = concat(
      Uint8Array.of((2 << 3) | 1, 0, 0, 0, 0, 0, 0, 0, 0),
      field(3),
      field(4, field(1, new Uint8Array(32).fill(255))),
    );
    const bytes = concat(field(1), field(2, field(1, field(3, secret))));
    expect(rejections(() => decodeUnsignedTx(bytes))).toEqual(["unsignedTx: InvalidContents"]);
  });

  test("BlockVersion: a version nobody knows", () => {
    expect(rejections(() => decodeUnsignedTx(Uint8Array.of(4 << 3, 5)))[0]).toBe("unsignedTx: BlockVersion");
  });

  test("of a oneof, the last member counts", () => {
    const secret = (...keys: Uint8Array[]) =>
      concat(
        field(1),
        field(2, field(1, field(3, ...keys, field(3), field(4, field(1, new Uint8Array(32)))))),
      );
    const onetimeKey = field(1, field(1, Scalar.ONE.toBytes()));
    const index = Uint8Array.of((2 << 3) | 1, 9, 0, 0, 0, 0, 0, 0, 0);
    const kinds = [secret(onetimeKey, index), secret(index, onetimeKey)].map((bytes) => {
      const [ring] = decodeUnsignedTx(bytes).rings;
      return ring?.kind === "signable" ? ring.ring.inputSecret.onetimeKeyDeriveData.kind : undefined;
    });
    expect(kinds).toEqual(["subaddressIndex", "onetimeKey"]);
  });

  test("bytes from anywhere give a typed error or a record that encodes again", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(encoded.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }),
        fc.nat(encoded.length),
        (edits, length) => {
          const bytes = encoded.slice(0, length === 0 ? encoded.length : length);
          for (const [at, byte] of edits) if (at < bytes.length) bytes[at] = byte;
          let record: ReturnType<typeof decodeUnsignedTx>;
          try {
            record = decodeUnsignedTx(bytes);
          } catch (error) {
            expect(error instanceof WireError || error instanceof TransactionError).toBe(true);
            return;
          }
          expect(decodeUnsignedTx(encodeUnsignedTx(record))).toEqual(record);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("signing data as bytes", () => {
  const data = makeSigningData({
    blockVersion: V3,
    prefix: unsigned.txPrefix,
    rings: unsigned.rings,
    outputSecrets: outputSecretsOf(unsigned.txOutUnblindingData),
  });

  test("are read as they were written", () => {
    expect(decodeSigningData(encodeSigningData(data))).toEqual(data);
  });

  test("InvalidContents: a blinding that is not canonical", () => {
    const bytes = field(2, field(1, new Uint8Array(32).fill(255)));
    expect(rejections(() => decodeSigningData(bytes))).toEqual(["unsignedTx: InvalidContents"]);
  });
});
