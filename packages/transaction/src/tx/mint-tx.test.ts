import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { bytesToHex, ed25519PublicKey, ed25519Sign, type SignerSet } from "@mobilecoin-ts/crypto";
import { Point } from "@mobilecoin-ts/curve";
import { WireError } from "@mobilecoin-ts/wire";
import * as Api from "@mobilecoin-ts/wire/gen/external_pb";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { TransactionError } from "../error.ts";
import {
  type MintConfigTx,
  type MintTx,
  mintConfigTxCodec,
  mintConfigTxPrefixHash,
  mintTxCodec,
  mintTxPrefixHash,
  signerSetCodec,
  type ValidatedMintConfigTx,
  validatedMintConfigTxCodec,
} from "./mint-tx.ts";
import {
  mintConfigTxFromApi,
  mintTxFromApi,
  signerSetFromApi,
  validatedMintConfigTxFromApi,
} from "./mint-tx-from-api.ts";

const SEED = new Uint8Array(32).fill(1);
const KEY = ed25519PublicKey(SEED);
const G = Point.BASE.encode();
/** No point of either curve. */
const NO_KEY = new Uint8Array(32);
NO_KEY[0] = 7;
const signatures = [ed25519Sign(SEED, new Uint8Array(32))];

const u64 = fc.bigInt(0n, (1n << 64n) - 1n);
const { signerSet } = fc.letrec<{ signerSet: SignerSet }>((tie) => ({
  signerSet: fc.record({
    individualSigners: fc.array(fc.constant(KEY), { maxLength: 3 }),
    multiSigners: fc.oneof({ maxDepth: 3 }, fc.constant([]), fc.array(tie("signerSet"), { maxLength: 2 })),
    threshold: fc.nat(),
  }),
}));
const nonce = fc.uint8Array({ maxLength: 70 });
const signature = fc.constantFrom([], signatures);

const mintTx: fc.Arbitrary<MintTx> = fc.record({
  prefix: fc.record({
    tokenId: u64,
    amount: u64,
    viewPublicKey: fc.constant(G),
    spendPublicKey: fc.constant(G),
    nonce,
    tombstoneBlock: u64,
    eFogHint: fc.option(fc.uint8Array({ minLength: 84, maxLength: 84 }), { nil: undefined }),
  }),
  signature,
});

const mintConfigTx: fc.Arbitrary<MintConfigTx> = fc.record({
  prefix: fc.record({
    tokenId: u64,
    configs: fc.array(fc.record({ tokenId: u64, signerSet, mintLimit: u64 }), { maxLength: 3 }),
    nonce,
    tombstoneBlock: u64,
    totalMintLimit: u64,
  }),
  signature,
});

const validated: fc.Arbitrary<ValidatedMintConfigTx> = fc.record({ mintConfigTx, signerSet });

describe("mint transactions", () => {
  test("encode to bytes that decode to them, also by way of the API", () => {
    fc.assert(
      fc.property(mintTx, (tx) => {
        const bytes = mintTxCodec.encode(tx);
        expect(mintTxCodec.decode(bytes)).toEqual(tx);
        const message = fromBinary(Api.MintTxSchema, bytes);
        expect(mintTxFromApi(message)).toEqual(tx);
        expect(mintTxCodec.decode(toBinary(Api.MintTxSchema, message))).toEqual(tx);
        expect(bytesToHex(mintTxPrefixHash(mintTxCodec.decode(bytes).prefix))).toBe(
          bytesToHex(mintTxPrefixHash(tx.prefix)),
        );
      }),
      { numRuns: 50 },
    );
    fc.assert(
      fc.property(validated, (tx) => {
        const bytes = validatedMintConfigTxCodec.encode(tx);
        expect(validatedMintConfigTxCodec.decode(bytes)).toEqual(tx);
        const message = fromBinary(Api.ValidatedMintConfigTxSchema, bytes);
        expect(validatedMintConfigTxFromApi(message)).toEqual(tx);
        expect(mintConfigTxCodec.decode(mintConfigTxCodec.encode(tx.mintConfigTx))).toEqual(tx.mintConfigTx);
        const { prefix } = tx.mintConfigTx;
        expect(
          bytesToHex(mintConfigTxPrefixHash(validatedMintConfigTxFromApi(message).mintConfigTx.prefix)),
        ).toBe(bytesToHex(mintConfigTxPrefixHash(prefix)));
      }),
      { numRuns: 50 },
    );
  });

  test("must hold points when they are decoded, unlike outputs", () => {
    const [tx] = fc.sample(mintTx, 1);
    for (const key of ["viewPublicKey", "spendPublicKey"] as const) {
      const bent = mintTxCodec.encode({ ...tx!, prefix: { ...tx!.prefix, [key]: NO_KEY } });
      expect(() => mintTxCodec.decode(bent)).toThrow(WireError);
    }
  });
});

describe("signer sets", () => {
  const one: SignerSet = { individualSigners: [KEY], multiSigners: [], threshold: 1 };

  test("write nested sets after the threshold, whose tag is lower", () => {
    const nested = { individualSigners: [], multiSigners: [one], threshold: 1 };
    expect(bytesToHex(signerSetCodec.encode(nested)).slice(0, 8)).toBe("10011a26");
  });

  test("must hold Ed25519 keys when they are decoded", () => {
    const bent = signerSetCodec.encode({ ...one, individualSigners: [NO_KEY] });
    expect(() => signerSetCodec.decode(bent)).toThrow(WireError);
    const message = fromBinary(Api.Ed25519SignerSetSchema, bent);
    expect(() => signerSetFromApi(message)).toThrow(expect.objectContaining({ code: "KeyCastError" }));
  });

  test("are nested no more deeply than the decoder allows", () => {
    let nested = one;
    for (let depth = 1; depth < 101; depth++) nested = { ...one, multiSigners: [nested] };
    expect(() => signerSetCodec.decode(signerSetCodec.encode(nested))).toThrow(
      expect.objectContaining({ code: "Limit" }),
    );
    let message = create(Api.Ed25519SignerSetSchema);
    for (let depth = 1; depth < 101; depth++) {
      message = create(Api.Ed25519SignerSetSchema, { multiSigners: [message] });
    }
    expect(() => signerSetFromApi(message)).toThrow(expect.objectContaining({ code: "Other" }));
    expect(() => signerSetFromApi(message.multiSigners[0])).not.toThrow();
  });
});

describe("the API is stricter", () => {
  const prefix = { viewPublicKey: { data: G }, spendPublicKey: { data: G } };
  const refusal = (convert: () => unknown): unknown => {
    try {
      return convert();
    } catch (error) {
      if (!(error instanceof TransactionError)) throw error;
      const { field } = error.data;
      return [error.area, error.code, field];
    }
  };
  const mint = (init: Parameters<typeof create<typeof Api.MintTxSchema>>[1]): unknown =>
    refusal(() => mintTxFromApi(create(Api.MintTxSchema, init)));

  test("keys must be there, 32 bytes, and points", () => {
    expect(mint({})).toEqual(["conversion", "ArrayCastError", "prefix.view_public_key"]);
    expect(mint({ prefix: { viewPublicKey: { data: G } } })).toEqual([
      "conversion",
      "ArrayCastError",
      "prefix.spend_public_key",
    ]);
    expect(mint({ prefix: { ...prefix, spendPublicKey: { data: NO_KEY } } })).toEqual([
      "conversion",
      "KeyCastError",
      "prefix.spend_public_key",
    ]);
  });

  test("hints have 84 bytes; an empty one counts as absent", () => {
    expect(mint({ prefix: { ...prefix, eFogHint: { data: new Uint8Array(83) } } })).toEqual([
      "conversion",
      "ArrayCastError",
      "prefix.e_fog_hint",
    ]);
    expect(mint({ prefix: { ...prefix, eFogHint: {} } })).toMatchObject({ prefix: { eFogHint: undefined } });
  });

  test("signatures and signers have their lengths", () => {
    expect(mint({ prefix, signature: { signatures: [{ data: new Uint8Array(63) }] } })).toEqual([
      "conversion",
      "ArrayCastError",
      "signature.signatures[0]",
    ]);
    const configs = [
      { signerSet: { multiSigners: [{ individualSigners: [{ data: new Uint8Array(31) }] }] } },
    ];
    const configTx = create(Api.MintConfigTxSchema, { prefix: { configs } });
    expect(refusal(() => mintConfigTxFromApi(configTx))).toEqual([
      "conversion",
      "ArrayCastError",
      "prefix.configs[0].signer_set.multi_signers[0].individual_signers[0]",
    ]);
  });
});
