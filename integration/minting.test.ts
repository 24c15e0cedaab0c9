import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AccountKey } from "@mobilecoin-ts/account";
import {
  ConsensusNodeClient,
  mintConfigTxPrefix,
  mintTxPrefix,
  signMintTransaction,
} from "@mobilecoin-ts/consensus";
import { decodeEd25519PrivateDer, decodePem, ed25519PublicKey } from "@mobilecoin-ts/crypto";
import { clientResponderId, DEVNET_CHAIN_ID, Devnet, governorKeyFile } from "@mobilecoin-ts/devnet";
import { Wallet } from "@mobilecoin-ts/sdk";
import { type GrpcTransport, grpcTransport } from "@mobilecoin-ts/service";
import type { MintConfigTxPrefix, MintTxPrefix } from "@mobilecoin-ts/transaction";
import { ServiceUri } from "@mobilecoin-ts/wire";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const TOKEN = 1n;

let folder: string;
let devnet: Devnet;
let transport: GrpcTransport;
let client: ConsensusNodeClient;
/** Governs and mints the token. */
let seed: Uint8Array;
const receiver = AccountKey.random();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "minting-"));
  devnet = await Devnet.start(folder, { topology: "dense3" });
  const uri = new ServiceUri("consensusClient", `insecure-mc://${clientResponderId(devnet.plan.nodes[0]!)}/`);
  transport = grpcTransport(uri, { chainId: DEVNET_CHAIN_ID });
  client = new ConsensusNodeClient(transport);
  seed = decodeEd25519PrivateDer(
    decodePem("PRIVATE KEY", readFileSync(governorKeyFile(folder, TOKEN), "utf8")),
  );
});

afterAll(async () => {
  transport.close();
  await devnet.close();
  rmSync(folder, { recursive: true, force: true });
});

const TOMBSTONE = 1000n;

function configTx(change: Partial<MintConfigTxPrefix> = {}, key = seed) {
  const signerSet = { individualSigners: [ed25519PublicKey(seed)], multiSigners: [], threshold: 1 };
  const request = {
    tokenId: TOKEN,
    configs: [{ tokenId: TOKEN, signerSet, mintLimit: 1_000n }],
    totalMintLimit: 2_000n,
    tombstoneBlock: TOMBSTONE,
    nonce: undefined,
  };
  const prefix = { ...mintConfigTxPrefix(request), ...change };
  return signMintTransaction({ kind: "mintConfigTx", tx: { prefix, signature: [] } }, key);
}

function mintTx(amount: bigint, change: Partial<MintTxPrefix> = {}, key = seed) {
  const { viewPublicKey, spendPublicKey } = receiver.defaultSubaddress;
  const request = { tokenId: TOKEN, amount, viewPublicKey, spendPublicKey, tombstoneBlock: TOMBSTONE };
  const prefix = { ...mintTxPrefix(request), ...change };
  return signMintTransaction({ kind: "mintTx", tx: { prefix, signature: [] } }, key);
}

const stranger = new Uint8Array(32).fill(9);

describe("minting on a network of three", () => {
  test.each([
    ["NoGovernors", () => configTx({ tokenId: 7n })],
    ["InvalidTokenId", () => configTx({ configs: [{ ...configOf(), tokenId: 2n }] })],
    [
      "InvalidSignerSet",
      () =>
        configTx({
          configs: [{ ...configOf(), signerSet: { individualSigners: [], multiSigners: [], threshold: 1 } }],
        }),
    ],
    ["InvalidNonceLength", () => configTx({ nonce: new Uint8Array(3) })],
    ["InvalidSignature", () => configTx({}, stranger)],
    ["TombstoneBlockExceeded", () => configTx({ tombstoneBlock: 0n })],
    ["TombstoneBlockTooFar", () => configTx({ tombstoneBlock: 1n << 40n })],
    ["NoMatchingMintConfig", () => mintTx(1n)],
  ])("refuses with %s", async (reason, transaction) => {
    expect(await client.propose(transaction())).toMatchObject({ kind: "refused", reason });
  });

  test("puts a configuration in force, mints under it, and pays out", async () => {
    const config = configTx();
    expect(await client.propose(config)).toMatchObject({ kind: "accepted" });
    await expect.poll(() => devnet.store.blockCount(), { timeout: 15_000 }).toBe(2n);
    const all = (count: bigint) => devnet.ledger.stores.every((store) => store.blockCount() === count);
    await expect.poll(() => all(2n), { timeout: 15_000 }).toBe(true);
    expect(await client.propose(config)).toMatchObject({ kind: "refused", reason: "NonceAlreadyUsed" });
    expect(await client.propose(mintTx(5_000n))).toMatchObject({ reason: "AmountExceedsMintLimit" });
    expect(await client.propose(mintTx(1n, {}, stranger))).toMatchObject({ reason: "NoMatchingMintConfig" });
    const mint = mintTx(700n);
    expect(await client.propose(mint)).toMatchObject({ kind: "accepted" });
    await expect.poll(() => all(3n), { timeout: 15_000 }).toBe(true);
    expect(await client.propose(mint)).toMatchObject({ kind: "refused", reason: "NonceAlreadyUsed" });
    expect(await client.propose(mintTx(301n))).toMatchObject({ reason: "AmountExceedsMintLimit" });

    const wallet = new Wallet({ account: receiver, ledger: devnet.ledger });
    await wallet.sync();
    expect(wallet.balances().get(TOKEN)).toBe(700n);
    const ids = devnet.ledger.stores.map((store) => store.latestBlock().id.join());
    expect(new Set(ids).size).toBe(1);
  });
});

function configOf() {
  const prefix = configTx().tx.prefix as MintConfigTxPrefix;
  return prefix.configs[0]!;
}
