import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bytesToHex } from "@mobilecoin-ts/crypto";
import { txOutCodec, txOutHash, txOutMerkleLeaf } from "@mobilecoin-ts/transaction";
import { open, type RootDatabase } from "lmdb";
import { afterAll, beforeAll, expect, test } from "vitest";
import { blockCodec } from "../block.ts";
import { blockMetadataCodec } from "../block-metadata.ts";
import { blockSignatureCodec } from "../block-signature.ts";
import { sampleChain } from "../testing/sample-chain.ts";
import { LedgerStore } from "./ledger-store.ts";

const folder = mkdtempSync(join(tmpdir(), "ledger-tables-"));
const chain = sampleChain({ blockCount: 2, outputsPerBlock: 1 });

beforeAll(async () => {
  await using store = LedgerStore.open(folder, { create: true });
  for (const data of chain) store.appendBlock(data);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const be64 = (value: number) => value.toString(16).padStart(16, "0");
const text = (value: string) => bytesToHex(new TextEncoder().encode(value));
const outputs = chain.map(({ contents }) => contents.outputs[0]!);
const keyImage = chain[1]!.contents.keyImages[0]!;
const perBlock = <T>(encode: (data: (typeof chain)[number]) => T) =>
  chain.map((data, i) => [be64(i), encode(data)] as const);

/** Keys and values as 03 section 2.9 has them; undefined where only the keys are worth spelling out. */
const EXPECTED: Readonly<Record<string, readonly (readonly [string, string | undefined])[]>> = {
  ledger_db_metadata: [[text("version"), `08f997d209120d${text("mobilecoin-ts")}`]],
  "ledger_db:counts": [[text("num_blocks"), be64(2)]],
  "ledger_db:blocks": perBlock(({ block }) => bytesToHex(blockCodec.encode(block))),
  "ledger_db:block_signatures": perBlock(({ signature }) =>
    bytesToHex(blockSignatureCodec.encode(signature!)),
  ),
  "ledger_db:block_metadata": perBlock(({ metadata }) => bytesToHex(blockMetadataCodec.encode(metadata!))),
  "ledger_db:key_images": [[bytesToHex(keyImage), "0100000000000000"]],
  "ledger_db:key_images_by_block": [
    [be64(0), ""],
    [be64(1), `0a220a20${bytesToHex(keyImage)}`],
  ],
  "ledger_db:tx_outs_by_block": [
    [be64(0), "1001"],
    [be64(1), "08011001"],
  ],
  "ledger_db:block_number_by_tx_out_index": [
    [be64(0), be64(0)],
    [be64(1), be64(1)],
  ],
  "tx_out_store:counts": [[text("num_tx_outs"), be64(2)]],
  "tx_out_store:tx_out_by_index": outputs.map((output, i) => [
    be64(i),
    bytesToHex(txOutCodec.encode(output)),
  ]),
  "tx_out_store:tx_out_index_by_hash": outputs.map((output, i) => [bytesToHex(txOutHash(output)), be64(i)]),
  "tx_out_store:tx_out_index_by_public_key": outputs.map((output, i) => [
    bytesToHex(output.publicKey),
    be64(i),
  ]),
  "tx_out_store:merkle_hash_by_range": [
    [be64(0) + be64(0), bytesToHex(txOutMerkleLeaf(outputs[0]!))],
    [be64(0) + be64(1), undefined],
    [be64(1) + be64(1), bytesToHex(txOutMerkleLeaf(outputs[1]!))],
  ],
  "mint_config_store:active_mint_configs_by_token_id": [],
  "mint_config_store:block_index_by_mint_config_tx_nonce_and_token_id": [],
  "mint_config_store:validated_mint_config_txs_by_block": perBlock(() => ""),
  "mint_tx_store:set_txs_by_block": perBlock(() => ""),
  "mint_tx_store:block_index_by_mint_tx_nonce_and_token_id": [],
};

const options = { keyEncoding: "binary", encoding: "binary" } as const;
let root: RootDatabase<Uint8Array, Uint8Array>;

beforeAll(() => {
  root = open({ path: folder, noSubdir: false, readOnly: true, maxDbs: 19, ...options });
});

afterAll(() => root.close());

test("a ledger has the reference's tables and no others", () => {
  const names = [...root.getKeys()].map((key) => new TextDecoder().decode(key).replace(/\0$/, ""));
  expect(names.sort()).toEqual(Object.keys(EXPECTED).sort());
});

test.each(Object.entries(EXPECTED))("%s has the reference's keys and values", (name, rows) => {
  const table = root.openDB<Uint8Array, Uint8Array>({ name, ...options });
  const stored = [...table.getRange()].map(({ key, value }) => [bytesToHex(key), bytesToHex(value)]);
  const expected = rows.toSorted(([a], [b]) => (a < b ? -1 : 1));
  expect(stored.map(([key]) => key)).toEqual(expected.map(([key]) => key));
  for (const [i, [, value]] of expected.entries()) if (value !== undefined) expect(stored[i]![1]).toBe(value);
});
