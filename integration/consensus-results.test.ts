import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Devnet, devnetAccount } from "@mobilecoin-ts/devnet";
import { Wallet } from "@mobilecoin-ts/sdk";
import { type Tx, type TxIn, type TxOut, UNITS_PER_MOB } from "@mobilecoin-ts/transaction";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

let folder: string;
let devnet: Devnet;
/** One input. */
let tx: Tx;
/** Two inputs. */
let twoInputs: Tx;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "results-"));
  devnet = await Devnet.start(folder, { topology: "single" });
  const wallet = new Wallet({ account: devnetAccount(1), ledger: devnet.ledger });
  const to = devnetAccount(2).defaultSubaddress;
  tx = (await wallet.prepare({ to, amount: UNITS_PER_MOB })).tx;
  twoInputs = (await wallet.prepare({ to, amount: 5_000_000n * UNITS_PER_MOB })).tx;
});

afterAll(async () => {
  await devnet.close();
  rmSync(folder, { recursive: true, force: true });
});

type Prefix = Partial<Tx["prefix"]>;

const withPrefix = (base: Tx, prefix: Prefix): Tx => ({ ...base, prefix: { ...base.prefix, ...prefix } });

/** The transaction with its first input changed. */
function withInput(change: (input: TxIn) => TxIn): Tx {
  const [first, ...others] = tx.prefix.inputs;
  return withPrefix(tx, { inputs: [change(first as TxIn), ...others] });
}

/** The transaction with its first output changed. */
function withOutput(change: (output: TxOut) => TxOut): Tx {
  const [first, ...others] = tx.prefix.outputs;
  return withPrefix(tx, { outputs: [change(first as TxOut), ...others] });
}

describe("results of a running node", () => {
  test.each<[string, () => Tx]>([
    ["TooManyInputs", () => withPrefix(tx, { inputs: Array<TxIn>(17).fill(tx.prefix.inputs[0] as TxIn) })],
    ["NoOutputs", () => withPrefix(tx, { outputs: [] })],
    [
      "TooManyOutputs",
      () => withPrefix(tx, { outputs: Array<TxOut>(17).fill(tx.prefix.outputs[0] as TxOut) }),
    ],
    [
      "InsufficientRingSize",
      () => withInput((input) => ({ ...input, ring: input.ring.slice(1), proofs: input.proofs.slice(1) })),
    ],
    [
      "ExcessiveRingSize",
      () =>
        withInput((input) => ({
          ...input,
          ring: [...input.ring, input.ring[0] as TxOut],
          proofs: [...input.proofs, input.proofs[0]!],
        })),
    ],
    [
      "DuplicateRingElements",
      () => withInput((input) => ({ ...input, ring: input.ring.with(1, input.ring[0]!) })),
    ],
    [
      "UnsortedRingElements",
      () =>
        withInput((input) => ({
          ...input,
          ring: input.ring.toReversed(),
          proofs: input.proofs.toReversed(),
        })),
    ],
    ["UnsortedInputs", () => withPrefix(twoInputs, { inputs: twoInputs.prefix.inputs.toReversed() })],
    [
      "MissingTxOutMembershipProof",
      () => withInput((input) => ({ ...input, proofs: input.proofs.slice(1) })),
    ],
    [
      "InvalidTxOutMembershipProof",
      () =>
        withInput((input) => {
          const proof = input.proofs[0]!;
          const last = proof.elements.at(-1)!;
          const bent = { ...last, hash: last.hash.map((byte, i) => (i === 0 ? byte ^ 1 : byte)) };
          return {
            ...input,
            proofs: input.proofs.with(0, { ...proof, elements: proof.elements.with(-1, bent) }),
          };
        }),
    ],
    [
      "MembershipProofValidationError",
      () =>
        withInput((input) => {
          const proof = input.proofs[0]!;
          const last = proof.elements.at(-1)!;
          const bent = { ...last, range: { from: last.range.to + 1n, to: last.range.from } };
          return {
            ...input,
            proofs: input.proofs.with(0, { ...proof, elements: proof.elements.with(-1, bent) }),
          };
        }),
    ],
    ["UnknownMaskedAmountVersion", () => withOutput((output) => ({ ...output, maskedAmount: undefined }))],
    ["InvalidTransactionSignature", () => withPrefix(tx, { fee: tx.prefix.fee + 1n })],
    ["TokenNotYetConfigured", () => withPrefix(tx, { feeTokenId: 9n })],
    ["FeeMapDigestMismatch", () => ({ ...tx, feeMapDigest: new Uint8Array(32) })],
    [
      "LedgerTxOutIndexOutOfBounds",
      () =>
        withInput((input) => ({
          ...input,
          proofs: input.proofs.map((proof) => ({ ...proof, highestIndex: 1n << 40n })),
        })),
    ],
  ])("%s", async (result, bent) => {
    expect(await devnet.ledger.propose(bent())).toMatchObject({ accepted: false, result });
  });

  test.each([
    ["TombstoneBlockExceeded", 0n, undefined],
    ["TombstoneBlockTooFar", 30_000n, undefined],
    ["TxFeeError", 50n, 128n],
  ])("%s, of a transaction signed as it is", async (result, tombstoneDistance, fee) => {
    const wallet = new Wallet({ account: devnetAccount(3), ledger: devnet.ledger, tombstoneDistance });
    const to = devnetAccount(2).defaultSubaddress;
    const payment = await wallet.prepare({ to, amount: 1n, ...(fee === undefined ? {} : { fee }) });
    expect(await devnet.ledger.propose(payment.tx)).toMatchObject({ accepted: false, result });
  });

  test("ContainsSpentKeyImage, once it is spent", async () => {
    expect(await devnet.ledger.propose(tx)).toMatchObject({ accepted: true });
    await expect.poll(() => devnet.store.blockCount()).toBe(2n);
    expect(await devnet.ledger.propose(tx)).toMatchObject({ result: "ContainsSpentKeyImage" });
  });
});
