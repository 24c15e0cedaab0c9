import { bytesToHex, hexToBytes } from "@mobilecoin-ts/crypto";
import {
  blockVersion,
  type InputRules,
  inputRulesDigest,
  ringSigningMessage,
  type Tx,
  type TxPrefix,
  txCodec,
  txInSignedDigest,
  txPrefixHash,
} from "@mobilecoin-ts/transaction";
import { expect, test } from "vitest";
import { describeVectors, loadVectors } from "./vectors.ts";

/** Digests of 02 section 5.1: no reference output exists, two independent derivations agree. */
const EVERY_FIELD_DEFAULT = {
  rules: "3713eaa5685d0edbc8437a45890d7801bff35c784f57204fd1beceb891554454",
  signed: "4ffc3eba3212410d803875d9f6633bd47095b7dc94fcc936d3a0749b9a127baa",
};
const EVERY_FIELD_SET = {
  rules: "808907d8034fd779f36812e6e3acd68c075787e3c32f9376a63dfbdc690656ef",
  signed: "3c9bdb8a9273ad686c9c0e625b461660bc4899823089a6354096e8326c0edd11",
  prefix: "ad69d37594efa057263e5fbfb6359f44f0c699bead203530b6333c275e192cd7",
  signing: "35a20ca22281d046b18062ce2f46f341593f3c2fe0371aa1927c2b673835602e",
};
const TOKEN_ONE_TWO_PROOFS = {
  prefix: "593c1268415d245d4ecd4fd11a05935409e27bc690f9a78ef2b8a648612d0602",
  signing: "93aa144525ea8510a8104476f377eb01d5195d3f1507ad0c3279ce635d0a443a",
};

function walletSigned(): Tx {
  const rows = loadVectors<{ readonly name: string; readonly tx: string }>("transactions/signed.jsonl");
  return txCodec.decode(hexToBytes(rows.find(({ name }) => name === "wallet_signed")!.tx));
}

const hex = (bytes: Uint8Array | undefined): string | undefined => bytes && bytesToHex(bytes);

describeVectors("transactions: input rules", () => {
  const tx = walletSigned();
  const [input] = tx.prefix.inputs;
  const [o0, o1] = tx.prefix.outputs;
  if (input === undefined || o0 === undefined || o1 === undefined) throw new Error("unexpected shape");

  const everyDefault: InputRules = {
    requiredOutputs: [],
    maxTombstoneBlock: 0n,
    partialFillOutputs: [],
    partialFillChange: undefined,
    minPartialFillValue: 0n,
  };
  const everySet: InputRules = {
    requiredOutputs: [o0],
    maxTombstoneBlock: 7n,
    partialFillOutputs: [{ txOut: o1, amountSharedSecret: new Uint8Array(32).fill(5) }],
    partialFillChange: { txOut: input.ring[0]!, amountSharedSecret: new Uint8Array(32).fill(6) },
    minPartialFillValue: 3n,
  };

  test.each([
    ["default", everyDefault, EVERY_FIELD_DEFAULT],
    ["set", everySet, EVERY_FIELD_SET],
  ])("every field %s", (_name, rules, expected) => {
    expect(hex(inputRulesDigest(rules))).toBe(expected.rules);
    expect(hex(txInSignedDigest({ ...input, inputRules: rules }))).toBe(expected.signed);
  });

  test("a transaction whose input has rules that name its outputs", () => {
    const prefix: TxPrefix = { ...tx.prefix, inputs: [{ ...input, inputRules: everySet }] };
    expect(hex(txPrefixHash(prefix))).toBe(EVERY_FIELD_SET.prefix);
    expect(hex(ringSigningMessage(blockVersion(3), prefix, tx.signature))).toBe(EVERY_FIELD_SET.signing);
  });

  test("a fee in token 1 and a second, empty range proof", () => {
    const prefix: TxPrefix = { ...tx.prefix, feeTokenId: 1n };
    const rangeProofs = [...tx.signature.rangeProofs, new Uint8Array(0)];
    expect(hex(txPrefixHash(prefix))).toBe(TOKEN_ONE_TWO_PROOFS.prefix);
    expect(hex(ringSigningMessage(blockVersion(3), prefix, { ...tx.signature, rangeProofs }))).toBe(
      TOKEN_ONE_TWO_PROOFS.signing,
    );
  });
});
