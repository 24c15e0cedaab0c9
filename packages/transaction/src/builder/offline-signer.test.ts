import { AccountKey } from "@mobilecoin-ts/account";
import { Point, Scalar } from "@mobilecoin-ts/curve";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DEFAULT_FEE_MAP, feeMapDigest } from "../tx/fee-map.ts";
import { LocalRingSigner } from "../tx/ring-signer.ts";
import { txCodec } from "../tx/tx.ts";
import { type BlockVersion, blockVersion } from "../tx-out/block-version.ts";
import { DEFAULT_MINIMUM_FEE } from "../tx-out/constants.ts";
import { recoverOnetimePrivateKey } from "../tx-out/onetime-keys.ts";
import { createSenderMemo } from "../tx-out/sender-memo.ts";
import { deviceMemoMac } from "./device-memo.ts";
import { formatLosslessJson, parseLosslessJson } from "./lossless-json.ts";
import {
  createSignerSecrets,
  importSignerSecrets,
  signerAccount,
  signerAccountInfo,
  signTransaction,
  syncTxos,
} from "./offline-signer.ts";
import { reservedSubaddresses } from "./reserved-subaddresses.ts";
import { SignedContingentInputBuilder } from "./sci-builder.ts";
import { withMembershipProofs } from "./signed-contingent-input.ts";
import { acceptSignedTx, acceptSyncedTxos, txSignRequest } from "./signer-hand-over.ts";
import {
  accountInfoFile,
  signerSecretsFile,
  type TxSignRequest,
  txoSyncRequestFile,
  txoSyncResponseFile,
  txSignRequestFile,
  txSignResponseFile,
} from "./signer-messages.ts";
import { rejections, thrown } from "./testing-rejection.ts";
import { seededRandom, TestWorld } from "./testing-world.ts";
import { TransactionBuilder } from "./transaction-builder.ts";
import { outputSecretsOf, signUnsignedTx, type UnsignedTx } from "./unsigned-tx.ts";

const V3 = blockVersion(3);
const FEE = { value: DEFAULT_MINIMUM_FEE, tokenId: 0n };
const ID = new Uint8Array(32).fill(0xab);
const code = (name: string) => [`offlineSigner: ${name}`];
const PHRASE =
  "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon " +
  "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon art";

/** A payment by an account whose keys are elsewhere. */
function payment(version: BlockVersion = V3, seed = "offline") {
  const world = new TestWorld(version, seed);
  const secrets = createSignerSecrets(world.random);
  const account = signerAccount(secrets);
  const builder = new TransactionBuilder({ blockVersion: version, fee: FEE, random: world.random });
  for (const value of [1_000_000_000n, 2_000_000_000n]) {
    builder.addInput(world.credentials(world.fund(account, { value, tokenId: 0n }, 7n)));
  }
  builder.addOutput({ value: 2_000_000_000n, tokenId: 0n }, world.account().defaultSubaddress);
  builder.addChangeOutput(
    { value: 600_000_000n, tokenId: 0n },
    reservedSubaddresses(account.viewAccountKey()),
  );
  builder.setTombstoneBlock(150n);
  return { world, secrets, account, unsigned: builder.buildUnsigned() };
}

/** The payment with an offer of somebody else in it. */
function withOffer(): UnsignedTx {
  const { world, account, unsigned } = payment();
  const offer = new SignedContingentInputBuilder({
    blockVersion: V3,
    credentials: world.credentials(world.fund(account, { value: 1n, tokenId: 0n })),
  });
  offer.addPartialFillChange({ value: 1n, tokenId: 0n }, reservedSubaddresses(account));
  const sci = offer.build(new LocalRingSigner(account));
  const builder = new TransactionBuilder({ blockVersion: V3, fee: FEE });
  builder.addPresignedPartialFillInput(withMembershipProofs(sci, world.proofsOf(sci.txOutGlobalIndices)), {
    value: 1n,
    tokenId: 0n,
  });
  const added = builder.buildUnsigned();
  return {
    ...unsigned,
    txPrefix: { ...unsigned.txPrefix, inputs: [...unsigned.txPrefix.inputs, ...added.txPrefix.inputs] },
    rings: [...unsigned.rings, ...added.rings],
    txOutUnblindingData: [...unsigned.txOutUnblindingData, ...added.txOutUnblindingData],
  };
}

describe("the account", () => {
  test("is created, kept and imported as a phrase of 24 words", () => {
    const secrets = createSignerSecrets(seededRandom("secrets"));
    expect(secrets.mnemonic.split(" ").length).toBe(24);
    expect(importSignerSecrets(secrets.mnemonic)).toEqual(secrets);
    const text = signerSecretsFile.format(secrets);
    expect(JSON.parse(text)).toEqual({ mnemonic: secrets.mnemonic });
    expect(signerSecretsFile.parse(text)).toEqual(secrets);
    expect(rejections(() => importSignerSecrets("no phrase"))).toEqual(code("InvalidMnemonic"));
    expect(rejections(() => signerAccount({ mnemonic: "no phrase" }))).toEqual(code("InvalidMnemonic"));
  });

  test("is shown without what spends", () => {
    const info = signerAccountInfo({ mnemonic: PHRASE }, 3);
    const account = AccountKey.fromMnemonic(PHRASE, 3);
    expect(info).toEqual({
      viewPrivate: account.viewPrivateKey.toBytes(),
      spendPublic: Point.multiplyBase(account.spendPrivateKey).encode(),
      accountIndex: 3,
    });
    const json = parseLosslessJson(accountInfoFile.format(info));
    expect(json).toEqual({
      view_private: expect.stringMatching(/^[0-9a-f]{64}$/),
      spend_public: expect.stringMatching(/^[0-9a-f]{64}$/),
      account_index: 3,
    });
    expect(accountInfoFile.parse(accountInfoFile.format(info))).toEqual(info);
  });
});

describe("key images", () => {
  test("are those of later spends, for outputs of any subaddress", () => {
    const { account, unsigned } = payment();
    const real = unsigned.rings.map((ring) => {
      if (ring.kind !== "signable") throw new Error("unexpected ring");
      return ring.ring.members[ring.ring.realInputIndex]!.publicKey;
    });
    const request = {
      accountId: ID,
      txos: real.map((txOutPublicKey) => ({ subaddress: 7n, txOutPublicKey })),
    };
    const text = txoSyncRequestFile.format(request);
    expect(parseLosslessJson(text)).toMatchObject({ txos: [{ subaddress: "7" }, { subaddress: "7" }] });
    const response = syncTxos(account, txoSyncRequestFile.parse(text));
    const received = txoSyncResponseFile.parse(txoSyncResponseFile.format(response));
    const tx = signUnsignedTx(unsigned, { signer: new LocalRingSigner(account) });
    expect(acceptSyncedTxos(request, received).map(({ keyImage }) => keyImage)).toEqual(
      tx.signature.ringSignatures.map(({ keyImage }) => keyImage),
    );
    expect(
      rejections(() => acceptSyncedTxos(request, { ...received, accountId: new Uint8Array(32) })),
    ).toEqual(code("AccountMismatch"));
    for (const txos of [received.txos.slice(1), received.txos.toReversed()]) {
      expect(rejections(() => acceptSyncedTxos(request, { ...received, txos }))).toEqual(
        code("TxosMismatch"),
      );
    }
  });

  test("subaddress indices are decimal strings of the whole u64", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), (subaddress) => {
        const request = { accountId: ID, txos: [{ subaddress, txOutPublicKey: ID }] };
        expect(txoSyncRequestFile.parse(txoSyncRequestFile.format(request))).toEqual(request);
      }),
    );
  });

  test("InvalidField: a public key that is no point", () => {
    const { account } = payment();
    const txos = [{ subaddress: 0n, txOutPublicKey: new Uint8Array(32).fill(255) }];
    expect(thrown(() => syncTxos(account, { accountId: ID, txos }))).toMatchObject({
      code: "InvalidField",
      data: { field: "txos[0].tx_out_public_key" },
    });
  });
});

describe("a transaction that goes out unsigned and comes back signed", () => {
  test.each([0, 1, 2, 3, 4].map(blockVersion))("validates at block version %i", (version) => {
    const { world, account, unsigned } = payment(version);
    const request = txSignRequest(unsigned, ID);
    const outgoing = txSignRequestFile.format(request);
    const response = signTransaction(account, txSignRequestFile.parse(outgoing), world.random);
    expect(response.tx.feeMapDigest.length).toBe(0);
    const incoming = txSignResponseFile.parse(txSignResponseFile.format(response));
    expect(txCodec.encode(incoming.tx)).toEqual(txCodec.encode(response.tx));
    const tx = acceptSignedTx(request, incoming, { feeMap: DEFAULT_FEE_MAP });
    expect(tx.feeMapDigest).toEqual(feeMapDigest(DEFAULT_FEE_MAP));
    world.validate(tx);
  });

  test("with output secrets instead of unblinding data", () => {
    const { world, account, unsigned } = payment();
    const request: TxSignRequest = {
      ...txSignRequest(unsigned, ID),
      disclosure: { kind: "secrets", outputs: outputSecretsOf(unsigned.txOutUnblindingData) },
    };
    const parsed = txSignRequestFile.parse(txSignRequestFile.format(request));
    expect(parsed.disclosure.kind).toBe("secrets");
    world.validate(acceptSignedTx(request, signTransaction(account, parsed)));
  });

  test("signs inputs that bring their one-time key", () => {
    const { world, account } = payment();
    const owned = world.fund(account, { value: 400_000_001n, tokenId: 0n });
    const privateKey = recoverOnetimePrivateKey(owned.sharedSecret, account.subaddressSpendPrivateKey(0n));
    const builder = new TransactionBuilder({ blockVersion: V3, fee: FEE });
    builder.addInput({
      ...world.credentials(owned),
      onetimeKeyDeriveData: { kind: "onetimeKey", privateKey },
    });
    builder.addOutput({ value: 1n, tokenId: 0n }, account.defaultSubaddress);
    builder.setTombstoneBlock(150n);
    const request = txSignRequest(builder.buildUnsigned(), ID);
    const text = txSignRequestFile.format(request);
    expect(parseLosslessJson(text)).toMatchObject({
      rings: [
        {
          Signable: { input_secret: { onetime_key_derive_data: { OneTimeKey: [...privateKey.toBytes()] } } },
        },
      ],
    });
    expect(txSignRequestFile.parse(text)).toEqual(request);
    world.validate(acceptSignedTx(request, signTransaction(account, txSignRequestFile.parse(text))));
  });

  test("RingSignatureFailed: another account", () => {
    const { world, unsigned } = payment();
    expect(rejections(() => signTransaction(world.account(), txSignRequest(unsigned, ID)))).toEqual([
      "builder: RingSignatureFailed",
      "ringCt: Signer",
      "ringSigner: TrueInputNotOwned",
    ]);
  });

  test("PresignedRing: offers of others are not for the offline signer, though their JSON is read", () => {
    const { account } = payment();
    const request = txSignRequest(withOffer(), ID);
    const parsed = txSignRequestFile.parse(txSignRequestFile.format(request));
    expect(parsed).toEqual(request);
    expect(thrown(() => signTransaction(account, parsed))).toMatchObject({
      code: "PresignedRing",
      data: { field: "rings[2]" },
    });
  });

  test("BlockVersion: a version nobody knows", () => {
    const { account, unsigned } = payment();
    expect(
      rejections(() => signTransaction(account, txSignRequest({ ...unsigned, blockVersion: 5 }, ID))),
    ).toEqual(["unsignedTx: BlockVersion", "blockVersion: UnsupportedBlockVersion"]);
  });
});

describe("what the view-only wallet refuses of a response", () => {
  const { account, unsigned } = payment();
  const request = txSignRequest(unsigned, ID);
  const response = signTransaction(account, request, seededRandom("sign"));
  const refuses = (change: Partial<typeof response>) =>
    rejections(() => acceptSignedTx(request, { ...response, ...change }));

  test("AccountMismatch", () => {
    expect(refuses({ accountId: new Uint8Array(32) })).toEqual(code("AccountMismatch"));
  });

  test("PrefixMismatch: another transaction", () => {
    const prefix = { ...response.tx.prefix, tombstoneBlock: 151n };
    expect(refuses({ tx: { ...response.tx, prefix } })).toEqual(code("PrefixMismatch"));
  });

  test("TxosMismatch and KeyImageMismatch", () => {
    const [first, second] = response.txos;
    expect(refuses({ txos: [first!] })).toEqual(code("TxosMismatch"));
    expect(refuses({ txos: [second!, first!] })).toEqual(code("TxosMismatch"));
    expect(refuses({ txos: [{ ...first!, keyImage: second!.keyImage }, second!] })).toEqual(
      code("KeyImageMismatch"),
    );
  });

  test("InvalidSignature", () => {
    const [first, ...others] = response.tx.signature.ringSignatures;
    const ringSignatures = [{ ...first!, cZero: Scalar.ONE.toBytes() }, ...others];
    expect(
      refuses({ tx: { ...response.tx, signature: { ...response.tx.signature, ringSignatures } } }),
    ).toEqual([
      "offlineSigner: InvalidSignature",
      "ringCt: RingSignature",
      "ring-signature: InvalidSignature",
    ]);
  });
});

describe("JSON from outside", () => {
  const text = txSignRequestFile.format(txSignRequest(withOffer(), ID));

  /** The request with what stands at `path` replaced by `json`. */
  function altered(path: readonly (string | number)[], json: unknown): string {
    const document = parseLosslessJson(text);
    let holder = document as Record<string | number, unknown>;
    for (const step of path.slice(0, -1)) holder = holder[step] as Record<string | number, unknown>;
    const last = path.at(-1)!;
    if (json === undefined) delete holder[last];
    else holder[last] = json;
    return formatLosslessJson(document);
  }

  const byteList = (length: number, byte: unknown = 1): unknown[] => new Array(length).fill(byte);

  test.each<[string, readonly (string | number)[], unknown, string]>([
    ["an account id of 31 bytes", ["account_id"], "ab".repeat(31), "account_id"],
    ["no account id", ["account_id"], undefined, "account_id"],
    ["a block version of 33 bits", ["block_version"], 2 ** 32, "block_version"],
    ["a negative fee", ["tx_prefix", "fee"], -1, "tx_prefix.fee"],
    ["a fee in words", ["tx_prefix", "fee"], "1", "tx_prefix.fee"],
    ["no prefix", ["tx_prefix"], null, "tx_prefix"],
    ["inputs that are no list", ["tx_prefix", "inputs"], {}, "tx_prefix.inputs"],
    [
      "a key of 33 bytes",
      ["tx_prefix", "outputs", 1, "target_key"],
      byteList(33),
      "tx_prefix.outputs[1].target_key",
    ],
    [
      "a byte of 256",
      ["tx_prefix", "outputs", 0, "public_key"],
      byteList(32, 256),
      "tx_prefix.outputs[0].public_key[0]",
    ],
    [
      "an amount of version 3",
      ["tx_prefix", "outputs", 0, "masked_amount"],
      { V3: {} },
      "tx_prefix.outputs[0].masked_amount",
    ],
    ["two kinds of ring at once", ["rings", 0], { Signable: {}, Presigned: {} }, "rings[0]"],
    [
      "a scalar that is not canonical",
      ["rings", 0, "Signable", "input_secret", "blinding"],
      byteList(32, 255),
      "rings[0].Signable.input_secret.blinding",
    ],
    [
      "a signature scalar that is not canonical",
      ["rings", 2, "Presigned", "mlsag", "c_zero", "scalar"],
      byteList(32, 255),
      "rings[2].Presigned.mlsag.c_zero.scalar",
    ],
    [
      "a hint without its wrapper",
      ["tx_prefix", "outputs", 0, "e_fog_hint"],
      byteList(84),
      "tx_prefix.outputs[0].e_fog_hint",
    ],
    [
      "an address of another type",
      ["tx_out_unblinding_data", 0, "address"],
      "address",
      "tx_out_unblinding_data[0].address",
    ],
    ["neither secrets nor unblinding data", ["tx_out_unblinding_data"], undefined, "the document"],
    ["secrets beside unblinding data", ["output_secrets"], [], "the document"],
  ])("InvalidField: %s", (_name, path, json, field) => {
    expect(thrown(() => txSignRequestFile.parse(altered(path, json)))).toMatchObject({
      area: "offlineSigner",
      code: "InvalidField",
      data: { field },
    });
  });

  test("InvalidField: a list or a text in place of the document", () => {
    for (const wrong of ["[]", '"text"', "null", "1"]) {
      expect(rejections(() => accountInfoFile.parse(wrong))).toEqual(code("InvalidField"));
    }
  });

  test("InvalidField: subaddresses that are no decimal u64", () => {
    const request = (subaddress: unknown) =>
      JSON.stringify({
        account_id: "00".repeat(32),
        txos: [{ subaddress, tx_out_public_key: "00".repeat(32) }],
      });
    for (const wrong of [7, "", "-1", "0x1", "18446744073709551616", "1.0", null]) {
      expect(thrown(() => txoSyncRequestFile.parse(request(wrong)))).toMatchObject({
        code: "InvalidField",
        data: { field: "txos[0].subaddress" },
      });
    }
  });

  test("fields it does not know are ignored, and absent options are none", () => {
    const parsed = txSignRequestFile.parse(text);
    expect(txSignRequestFile.parse(altered(["extension"], { new: true }))).toEqual(parsed);
    const { eMemo: _memo, ...output } = parsed.txPrefix.outputs[0]!;
    expect(txSignRequestFile.parse(altered(["tx_prefix", "outputs", 0, "e_memo"], undefined))).toEqual({
      ...parsed,
      txPrefix: {
        ...parsed.txPrefix,
        outputs: [{ ...output, eMemo: undefined }, ...parsed.txPrefix.outputs.slice(1)],
      },
    });
  });

  test("masked values keep all their 64 bits", () => {
    const [maskedValue] = txSignRequestFile
      .parse(text)
      .txPrefix.outputs.flatMap((output) => output.maskedAmount?.maskedValue ?? []);
    expect(text).toContain(`"masked_value": ${maskedValue}`);
  });

  test("has the names and forms of the reference", () => {
    const bytes = (length: number) =>
      expect.toSatisfy(
        (list: unknown) =>
          Array.isArray(list) && list.length === length && list.every((byte) => typeof byte === "number"),
      );
    const amount = { value: expect.anything(), token_id: 0 };
    const txOut = {
      masked_amount: {
        V2: { commitment: { point: bytes(32) }, masked_value: expect.anything(), masked_token_id: bytes(8) },
      },
      target_key: bytes(32),
      public_key: bytes(32),
      e_fog_hint: { bytes: bytes(84) },
      e_memo: bytes(66),
    };
    const revealed = { tx_out: txOut, amount_shared_secret: bytes(32) };
    const mlsag = {
      c_zero: { scalar: bytes(32) },
      responses: new Array(22).fill({ scalar: bytes(32) }),
      key_image: { point: bytes(32) },
    };
    const input = (rules: unknown) => ({
      ring: new Array(11).fill(txOut),
      proofs: expect.arrayContaining([
        {
          index: expect.any(Number),
          highest_index: expect.any(Number),
          elements: expect.arrayContaining([
            { range: { from: expect.any(Number), to: expect.any(Number) }, hash: bytes(32) },
          ]),
        },
      ]),
      input_rules: rules,
    });
    const ruled = input({
      required_outputs: [],
      max_tombstone_block: 0,
      partial_fill_outputs: [],
      partial_fill_change: revealed,
      min_partial_fill_value: 0,
    });
    const signable = {
      Signable: {
        members: new Array(11).fill({
          public_key: bytes(32),
          target_key: bytes(32),
          commitment: { point: bytes(32) },
        }),
        real_input_index: expect.any(Number),
        input_secret: { onetime_key_derive_data: { SubaddressIndex: 7 }, amount, blinding: bytes(32) },
      },
    };
    const presigned = {
      Presigned: { mlsag, pseudo_output_secret: { amount, blinding: bytes(32) } },
    };
    const unmaskedAmount = { ...amount, blinding: { scalar: bytes(32) } };
    const paid = {
      unmasked_amount: unmaskedAmount,
      address: {
        view_public_key: bytes(32),
        spend_public_key: bytes(32),
        fog_report_url: "",
        fog_report_id: "",
        fog_authority_sig: [],
      },
      tx_private_key: bytes(32),
    };
    const demanded = { unmasked_amount: unmaskedAmount, address: null, tx_private_key: null };
    expect(parseLosslessJson(text)).toEqual({
      account_id: "ab".repeat(32),
      tx_prefix: {
        inputs: [input(null), input(null), ruled],
        outputs: [txOut, txOut],
        fee: 400_000_000,
        tombstone_block: 150,
        fee_token_id: 0,
      },
      rings: [signable, signable, presigned],
      tx_out_unblinding_data: [paid, paid, demanded],
      block_version: 3,
    });
    const { account, unsigned } = payment();
    const response = signTransaction(account, txSignRequest(unsigned, ID));
    expect(parseLosslessJson(txSignResponseFile.format(response))).toEqual({
      account_id: "ab".repeat(32),
      tx: {
        prefix: expect.objectContaining({ fee_token_id: 0 }),
        signature: {
          ring_signatures: [mlsag, mlsag],
          pseudo_output_commitments: [{ point: bytes(32) }, { point: bytes(32) }],
          range_proof_bytes: [],
          range_proofs: [bytes(800)],
          pseudo_output_token_ids: [0, 0],
          output_token_ids: [0, 0],
        },
        fee_map_digest: [],
      },
      txos: new Array(2).fill({
        tx_out_public_key: expect.stringMatching(/^[0-9a-f]{64}$/),
        key_image: expect.stringMatching(/^[0-9a-f]{64}$/),
      }),
    });
  });

  test("keeps its form through any number of readings", () => {
    expect(txSignRequestFile.format(txSignRequestFile.parse(text))).toBe(text);
    const document = parseLosslessJson(text);
    expect(Object.keys(document as object)).toEqual([
      "account_id",
      "tx_prefix",
      "rings",
      "tx_out_unblinding_data",
      "block_version",
    ]);
  });
});

test("a device authenticates memos for a wallet without the spend key", () => {
  const world = new TestWorld(V3, "memo", 0);
  const account = world.account();
  const recipient = Point.multiplyBase(Scalar.random(world.random));
  const publicKey = Point.multiplyBase(Scalar.random(world.random)).encode();
  const payload = createSenderMemo(
    { kind: "authenticatedSenderWithPaymentIntentId", paymentIntentId: 77n },
    { addressHash: world.random(16), subaddressSpendPrivateKey: account.subaddressSpendPrivateKey(5n) },
    recipient,
    publicKey,
  );
  expect(
    deviceMemoMac(account, {
      senderSubaddress: 5n,
      txOutPublicKey: publicKey,
      recipientViewPublicKey: recipient.encode(),
      memoType: payload.slice(0, 2),
      memoData: payload.slice(2, 50),
    }),
  ).toEqual(payload.slice(50));
});
