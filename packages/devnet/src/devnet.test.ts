import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AccountKey } from "@mobilecoin-ts/account";
import { verifyLedger } from "@mobilecoin-ts/ledger/store";
import { Wallet } from "@mobilecoin-ts/sdk";
import { DEFAULT_MINIMUM_FEE, TOTAL_MOB, type Tx, UNITS_PER_MOB } from "@mobilecoin-ts/transaction";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { connectDevnet, Devnet, devnetStatus } from "./devnet.ts";
import { DEVNET_ACCOUNT_COUNT, devnetAccount } from "./devnet-accounts.ts";
import { OUTPUTS_PER_ACCOUNT } from "./devnet-ledger.ts";

let dataDir: string;
let devnet: Devnet;

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "devnet-"));
  devnet = await Devnet.start(dataDir, { topology: "single" });
});

afterEach(async () => {
  await devnet.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const MOB = UNITS_PER_MOB;
const SHARE = (TOTAL_MOB * MOB) / BigInt(DEVNET_ACCOUNT_COUNT);
const walletOf = (account: AccountKey, ledger: Devnet["ledger"] = devnet.ledger) =>
  new Wallet({ account, ledger });
const mobOf = (wallet: Wallet) => wallet.balances().get(0n) ?? 0n;

describe("devnet", () => {
  test("funds its accounts, and pays between wallets that then tell the same story", async () => {
    const payer = walletOf(devnetAccount(1));
    const bob = AccountKey.random();
    const payee = walletOf(bob);
    await payer.sync();
    expect(mobOf(payer)).toBe(SHARE);
    expect(payer.outputs).toHaveLength(OUTPUTS_PER_ACCOUNT);

    const payment = await payer.send({ to: payee.address, amount: 5n * MOB });
    expect(await payment.confirmed()).toBe(1n);
    await payee.sync();
    expect(mobOf(payee)).toBe(5n * MOB);
    expect(mobOf(payer)).toBe(SHARE - 5n * MOB - DEFAULT_MINIMUM_FEE);

    const contacts = new Map([
      ["alice", payer.address],
      ["bob", payee.address],
    ]);
    expect(payee.activity(contacts)).toMatchObject([
      { kind: "received", amount: 5n * MOB, blockIndex: 1n, counterparty: { contact: "alice" } },
    ]);
    expect(payer.activity(contacts).at(-1)).toMatchObject({
      kind: "sent",
      amount: 5n * MOB,
      fee: DEFAULT_MINIMUM_FEE,
      recipients: 1,
      counterparty: { contact: "bob" },
    });
    expect(await verifyLedger(devnet.store)).toMatchObject({
      blocks: 2,
      signatures: 1,
      metadata: 1,
      rootElements: 1,
    });
  });

  test("pays fees to the first account", async () => {
    const first = walletOf(devnetAccount(0));
    await (
      await walletOf(devnetAccount(1)).send({ to: AccountKey.random().defaultSubaddress, amount: 1n })
    ).confirmed();
    await first.sync();
    expect(mobOf(first)).toBe(SHARE + DEFAULT_MINIMUM_FEE);
  });

  test("takes payments of many wallets into blocks together", async () => {
    const to = AccountKey.random();
    const payers = Array.from({ length: DEVNET_ACCOUNT_COUNT }, (_, i) => walletOf(devnetAccount(i)));
    const payments = await Promise.all(
      payers.map((payer) => payer.send({ to: to.defaultSubaddress, amount: MOB })),
    );
    await Promise.all(payments.map((payment) => payment.confirmed()));
    const payee = walletOf(to);
    await payee.sync();
    expect(mobOf(payee)).toBe(BigInt(DEVNET_ACCOUNT_COUNT) * MOB);
  });

  test("lets a wallet pay again before its first payment is confirmed, with other outputs", async () => {
    const payer = walletOf(devnetAccount(2));
    const to = AccountKey.random().defaultSubaddress;
    const first = await payer.send({ to, amount: MOB });
    const second = await payer.send({ to, amount: MOB });
    expect(await second.confirmed()).toBeGreaterThanOrEqual(await first.confirmed());
  });

  test.each<[string, (tx: Tx) => Tx, string]>([
    [
      "an inflated fee",
      (tx) => ({ ...tx, prefix: { ...tx.prefix, fee: tx.prefix.fee + 128n } }),
      "InvalidTransactionSignature",
    ],
    [
      "a fee below the minimum",
      (tx) => ({ ...tx, prefix: { ...tx.prefix, fee: 128n } }),
      "InvalidTransactionSignature",
    ],
    ["other fees in mind", (tx) => ({ ...tx, feeMapDigest: new Uint8Array(32) }), "FeeMapDigestMismatch"],
    [
      "a passed tombstone",
      (tx) => ({ ...tx, prefix: { ...tx.prefix, tombstoneBlock: 0n } }),
      "InvalidTransactionSignature",
    ],
    [
      "an unknown token",
      (tx) => ({ ...tx, prefix: { ...tx.prefix, feeTokenId: 9n } }),
      "TokenNotYetConfigured",
    ],
    [
      "a proof beyond the ledger",
      (tx) => {
        const [first, ...others] = tx.prefix.inputs;
        const proofs = first!.proofs.map((proof) => ({ ...proof, highestIndex: 1n << 40n }));
        return { ...tx, prefix: { ...tx.prefix, inputs: [{ ...first!, proofs }, ...others] } };
      },
      "LedgerTxOutIndexOutOfBounds",
    ],
  ])("rejects a transaction with %s", async (_, bend, result) => {
    const { tx } = await walletOf(devnetAccount(1)).prepare({
      to: devnetAccount(2).defaultSubaddress,
      amount: MOB,
    });
    expect(await devnet.ledger.propose(bend(tx))).toMatchObject({ accepted: false, result });
  });

  test("has no result for a transaction without inputs, as the reference has none (04 section 2.9.2)", async () => {
    const to = devnetAccount(2).defaultSubaddress;
    const { tx } = await walletOf(devnetAccount(1)).prepare({ to, amount: MOB });
    const empty = { ...tx, prefix: { ...tx.prefix, inputs: [] } };
    await expect(devnet.ledger.propose(empty)).rejects.toThrow("InvalidLocalMembershipProof");
  });

  test("rejects a double spend once the first payment is in the ledger, and takes only one of two before", async () => {
    const one = walletOf(devnetAccount(1));
    const other = walletOf(devnetAccount(1));
    const to = AccountKey.random().defaultSubaddress;
    const first = await one.prepare({ to, amount: MOB });
    const second = await other.prepare({ to, amount: 2n * MOB });
    const submitted = await Promise.allSettled([one.submit(first), other.submit(second)]);
    await expect.poll(() => devnet.store.blockCount()).toBe(2n);
    expect(submitted.some(({ status }) => status === "fulfilled")).toBe(true);
    expect(devnet.store.keyImagesOfBlock(1n)).toHaveLength(1);
    for (const { tx } of [first, second]) {
      expect(await devnet.ledger.propose(tx)).toMatchObject({ result: "ContainsSpentKeyImage" });
    }
  });

  test("says what a wallet cannot pay", async () => {
    const payer = walletOf(devnetAccount(1));
    const to = devnetAccount(0).defaultSubaddress;
    await expect(payer.prepare({ to, amount: SHARE })).rejects.toMatchObject({ code: "InsufficientFunds" });
    await expect(payer.prepare({ to, amount: 1n, tokenId: 5n })).rejects.toMatchObject({
      code: "UnknownToken",
    });
  });

  test("is found by other processes, and by nobody once it stopped", async () => {
    await expect(Devnet.start(dataDir)).rejects.toMatchObject({ code: "LedgerInUse" });
    const file = join(dataDir, "node.json");
    expect(statSync(file).mode & 0o077).toBe(0);
    expect(statSync(join(dataDir, "network.json")).mode & 0o077).toBe(0);
    {
      await using remote = await connectDevnet(dataDir);
      const wallet = new Wallet({ account: devnetAccount(3), ledger: remote.ledger });
      const payment = await wallet.send({ to: devnetAccount(2).defaultSubaddress, amount: MOB });
      expect(await payment.confirmed()).toBe(1n);
    }
    const { port, token } = JSON.parse(readFileSync(file, "utf8"));
    const ask = (authorization: string, body: BodyInit) =>
      fetch(`http://127.0.0.1:${port}/command`, { method: "POST", headers: { authorization }, body });
    expect((await ask("Bearer 00", "x")).status).toBe(401);
    for (const body of ["x", "{}", '{"command":"partition","nodes":[1]}', "x".repeat(1 << 16)]) {
      expect((await ask(`Bearer ${token}`, body)).status).toBe(400);
    }
    expect((await ask(`Bearer ${token}`, '{"command":"stop-node","node":"node9"}')).status).toBe(409);
    expect(await devnetStatus(dataDir)).toMatchObject([{ name: "node0", running: true, blockCount: 2n }]);
    await devnet.close();
    expect(existsSync(file)).toBe(false);
    devnet = await Devnet.start(dataDir);
  });

  test("goes on where it stopped, also after a death that left its file", async () => {
    const payer = walletOf(devnetAccount(1));
    await payer.send({ to: devnetAccount(2).defaultSubaddress, amount: MOB });
    await devnet.close();
    writeFileSync(join(dataDir, "node.json"), JSON.stringify({ pid: 2 ** 30, port: 1, token: "" }));
    devnet = await Devnet.start(dataDir, { topology: "single" });
    expect(devnet.store.blockCount()).toBe(2n);
    const payment = await walletOf(devnetAccount(2)).send({ to: payer.address, amount: MOB });
    expect(await payment.confirmed()).toBe(2n);
    expect((await verifyLedger(devnet.store)).signatures).toBe(2);
  });

  test("takes over from a dead node whose process id is another program's by now", async () => {
    await devnet.close();
    const file = join(dataDir, "node.json");
    writeFileSync(file, JSON.stringify({ pid: process.ppid, port: 1, token: "00" }));
    devnet = await Devnet.start(dataDir, { topology: "single" });
    // The port may be another's as well: this node, which does not know the token.
    const { port } = JSON.parse(readFileSync(file, "utf8"));
    const other = mkdtempSync(join(tmpdir(), "devnet-"));
    writeFileSync(join(other, "node.json"), JSON.stringify({ pid: process.pid, port, token: "00" }));
    await (await Devnet.start(other)).close();
    rmSync(other, { recursive: true });
  });

  test("is not made by asking for one", async () => {
    await expect(connectDevnet(join(dataDir, "elsewhere"))).rejects.toMatchObject({ code: "NotADevnet" });
  });
});
