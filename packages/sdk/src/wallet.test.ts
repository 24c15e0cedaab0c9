import { AccountKey } from "@mobilecoin-ts/account";
import { compareBytes } from "@mobilecoin-ts/crypto";
import { beforeEach, describe, expect, test } from "vitest";
import { MemoryLedger } from "./testing/memory-ledger.ts";
import { Wallet } from "./wallet.ts";

const MOB = 10n ** 12n;
const alice = AccountKey.random();
const bob = AccountKey.random();
const stranger = AccountKey.random().defaultSubaddress;

let ledger: MemoryLedger;
let wallet: Wallet;

beforeEach(() => {
  ledger = new MemoryLedger();
  ledger.fund(stranger, Array<bigint>(40).fill(1n));
  wallet = new Wallet({ account: alice, ledger });
});

const pay = (amount: bigint, tokenId = 0n) => ({ to: bob.defaultSubaddress, amount, tokenId });

describe("wallet", () => {
  test("counts what it owns by token, as of the block it names", async () => {
    ledger.fund(alice.defaultSubaddress, [2n * MOB, 3n * MOB]);
    ledger.fund(alice.defaultSubaddress, [7n], 1n);
    await wallet.sync();
    expect(wallet.blockCount).toBe(3n);
    expect([...wallet.balances()]).toEqual([
      [0n, 5n * MOB],
      [1n, 7n],
    ]);
  });

  test("reports progress and stops when told", async () => {
    ledger.fund(alice.defaultSubaddress, [MOB]);
    const seen: bigint[] = [];
    await wallet.sync({ onProgress: ({ blocks }) => seen.push(blocks) });
    expect(seen).toEqual([1n, 2n]);
    ledger.fund(alice.defaultSubaddress, [MOB]);
    await expect(wallet.sync({ signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow("enough");
    expect(wallet.balances().get(0n)).toBe(MOB);
  });

  test("pays, gets its change back, and tells both sides' history", async () => {
    ledger.fund(alice.defaultSubaddress, [5n * MOB]);
    const payment = await wallet.send({ ...pay(2n * MOB), paymentRequestId: 77n });
    expect(await payment.confirmed()).toBe(2n);
    expect(wallet.balances().get(0n)).toBe(3n * MOB - payment.fee);
    const other = new Wallet({ account: bob, ledger });
    await other.sync();
    const contacts = new Map([["alice", wallet.address]]);
    expect(other.activity(contacts)).toMatchObject([
      { kind: "received", amount: 2n * MOB, counterparty: { contact: "alice" } },
    ]);
    expect(other.outputs[0]!.memo).toMatchObject({ paymentRequestId: 77n });
    expect(compareBytes(other.outputs[0]!.txOut.publicKey, payment.outputPublicKey)).toBe(0);
    expect(wallet.activity().at(-1)).toMatchObject({ kind: "sent", amount: 2n * MOB, fee: payment.fee });
    // Restored from its keys alone, the wallet tells the same.
    const restored = new Wallet({ account: alice, ledger });
    await restored.sync();
    expect(restored.activity()).toEqual(wallet.activity());
  });

  test("does not believe a friend's name that the memo's MAC does not prove", async () => {
    ledger.fund(bob.defaultSubaddress, [5n * MOB]);
    const impostor = new Wallet({ account: bob, ledger });
    await (await impostor.send({ to: alice.defaultSubaddress, amount: MOB })).confirmed();
    await wallet.sync();
    const hash = wallet.activity()[0]!.counterparty!.addressHash;
    expect(wallet.activity(new Map([["bob", bob.defaultSubaddress]]))[0]).toMatchObject({
      counterparty: { contact: "bob", addressHash: hash },
    });
    const forged = { ...bob.defaultSubaddress, spendPublicKey: stranger.spendPublicKey };
    expect(wallet.activity(new Map([["bob", forged]]))[0]!.counterparty!.contact).toBeUndefined();
  });

  test("hides each input among ten others of its own", async () => {
    ledger.fund(alice.defaultSubaddress, [MOB, MOB]);
    const { tx } = await wallet.prepare(pay(MOB + 1n));
    const members = tx.prefix.inputs.flatMap(({ ring }) => ring.map(({ publicKey }) => publicKey.join()));
    expect(tx.prefix.inputs.map(({ ring }) => ring.length)).toEqual([11, 11]);
    expect(new Set(members).size).toBe(22);
  });

  test("takes calls that come at the same time, and pays each from outputs of its own", async () => {
    ledger.fund(alice.defaultSubaddress, [2n * MOB, 2n * MOB, 2n * MOB]);
    const payments = await Promise.all([wallet.send(pay(MOB)), wallet.send(pay(MOB)), wallet.sync()]);
    const images = payments.flatMap((payment) =>
      payment === undefined ? [] : payment.tx.signature.ringSignatures.map(({ keyImage }) => keyImage.join()),
    );
    expect(new Set(images).size).toBe(2);
    await expect(wallet.send(pay(100n * MOB))).rejects.toMatchObject({ code: "InsufficientFunds" });
    await expect(wallet.send(pay(MOB))).resolves.toBeDefined();
  });

  test("does not use an output twice while a payment is under way, but does once it expired", async () => {
    ledger.fund(alice.defaultSubaddress, [2n * MOB]);
    ledger.fate = "forgotten";
    const payment = await wallet.send(pay(MOB));
    await expect(wallet.prepare(pay(MOB))).rejects.toMatchObject({ code: "InsufficientFunds" });
    for (let block = 0; block < 50; block++) ledger.append([]);
    await expect(payment.confirmed()).rejects.toMatchObject({ code: "TombstonePassed", retryable: true });
    await expect(wallet.prepare(pay(MOB))).resolves.toBeDefined();
  });

  test.each<[string, () => void, bigint, bigint, string]>([
    ["more than there is", () => ledger.fund(alice.defaultSubaddress, [MOB]), MOB, 0n, "InsufficientFunds"],
    [
      "from too many small outputs",
      () => ledger.fund(alice.defaultSubaddress, Array<bigint>(17).fill(MOB)),
      16n * MOB,
      0n,
      "WouldNeedDefragmentation",
    ],
    ["a token without a fee", () => {}, 1n, 5n, "UnknownToken"],
  ])("refuses to pay %s", async (_, prepare, amount, tokenId, code) => {
    prepare();
    await expect(wallet.prepare(pay(amount, tokenId))).rejects.toMatchObject({ code });
  });

  test("needs enough of a ledger to hide in", async () => {
    const small = new MemoryLedger();
    small.fund(alice.defaultSubaddress, [MOB]);
    const lonely = new Wallet({ account: alice, ledger: small });
    await expect(lonely.prepare(pay(1n))).rejects.toMatchObject({ code: "NotEnoughMixins" });
  });

  test("passes a rejection on, and keeps the output", async () => {
    ledger.fund(alice.defaultSubaddress, [2n * MOB]);
    ledger.fate = "rejected";
    await expect(wallet.send(pay(MOB))).rejects.toMatchObject({
      code: "Rejected",
      data: { result: "TxFeeError" },
    });
    ledger.fate = "appended";
    await expect(wallet.send(pay(MOB))).resolves.toBeDefined();
  });

  test("applies blocks in order only", async () => {
    const { WalletState } = await import("./wallet-state.ts");
    const state = new WalletState(alice);
    const block = { index: 1n, firstTxOutIndex: 0n, outputs: [], keyImages: [], signedAt: undefined };
    expect(() => state.apply(block)).toThrow(RangeError);
  });
});
