import { AccountKey } from "@mobilecoin-ts/account";
import { compareBytes, ed25519PublicKey, ed25519Sign } from "@mobilecoin-ts/crypto";
import { isBlockIdValid } from "@mobilecoin-ts/ledger";
import {
  blockVersion,
  DEFAULT_FEE_MAP,
  DEFAULT_MINIMUM_FEE,
  type MintConfig,
  type MintConfigTx,
  type MintTx,
  matchViewKey,
  memberRoots,
  mintConfigTxPrefixHash,
  mintTxPrefixHash,
} from "@mobilecoin-ts/transaction";
import { describe, expect, test } from "vitest";
import {
  type BlockchainRules,
  type ConfiguredMintTx,
  commonRoot,
  type FormBlockInputs,
  formBlock,
} from "./form-block.ts";
import { TestLedger } from "./testing/test-ledger.ts";

const ledger = new TestLedger(3);
const payments = [0, 1, 2].map((i) => ledger.payment(i));
const feeAccount = AccountKey.fromRootEntropy(new Uint8Array(32).fill(9));
const minterSeed = new Uint8Array(32).fill(1);
const governorSeed = new Uint8Array(32).fill(2);
const governors = { individualSigners: [ed25519PublicKey(governorSeed)], multiSigners: [], threshold: 1 };

const rules: BlockchainRules = {
  blockVersion: blockVersion(4),
  fees: DEFAULT_FEE_MAP,
  governors: new Map([[1n, governors]]),
  feeRecipient: feeAccount.defaultSubaddress,
};
const nothing: FormBlockInputs = { transactions: [], mintConfigTxs: [], mintTxs: [] };
const form = (
  inputs: Partial<FormBlockInputs>,
  changed: Partial<BlockchainRules> = {},
  root = ledger.rootElement,
) => formBlock(ledger.parent, { ...nothing, ...inputs }, root, { ...rules, ...changed });
const refusal = (attempt: () => unknown): unknown => {
  try {
    attempt();
    return "formed";
  } catch (error) {
    return error instanceof Error && "code" in error ? error.code : error;
  }
};

const signerSet = { individualSigners: [ed25519PublicKey(minterSeed)], multiSigners: [], threshold: 1 };
const mintConfig: MintConfig = { tokenId: 1n, signerSet, mintLimit: 1000n };

function mintConfigTx(nonce: number, tombstoneBlock = 10n): MintConfigTx {
  const prefix = {
    tokenId: 1n,
    configs: [mintConfig],
    nonce: new Uint8Array(64).fill(nonce),
    tombstoneBlock,
    totalMintLimit: 1000n,
  };
  return { prefix, signature: [ed25519Sign(governorSeed, mintConfigTxPrefixHash(prefix))] };
}

function mint(amount: bigint, nonce: number): ConfiguredMintTx {
  const { viewPublicKey, spendPublicKey } = feeAccount.defaultSubaddress;
  const prefix = {
    tokenId: 1n,
    amount,
    viewPublicKey,
    spendPublicKey,
    nonce: new Uint8Array(64).fill(nonce),
    tombstoneBlock: 10n,
    eFogHint: undefined,
  };
  const mintTx: MintTx = { prefix, signature: [ed25519Sign(minterSeed, mintTxPrefixHash(prefix))] };
  return { mintTx, mintConfigTx: mintConfigTx(99, 1n), mintConfig };
}

describe("forming a block", () => {
  test("adds the fees, sorts, and gives every node the same block", () => {
    const { block, contents } = form({ transactions: payments });
    expect(isBlockIdValid(block)).toBe(true);
    expect([block.index, block.version, block.rootElement]).toEqual([1n, 4, ledger.rootElement]);
    expect(contents.outputs).toHaveLength(4);
    expect(contents.keyImages).toHaveLength(3);
    expect(contents.outputs.map(({ publicKey }) => publicKey)).toEqual(
      contents.outputs.map(({ publicKey }) => publicKey).toSorted(compareBytes),
    );
    expect(contents.keyImages).toEqual(contents.keyImages.toSorted(compareBytes));
    const found = contents.outputs
      .map((output) => matchViewKey(output, feeAccount.viewPrivateKey))
      .flatMap((match) => (match.matches ? [match.amount.value] : []));
    expect(form({ transactions: payments }).block).toEqual(block);
    // The fee recipient's keys are used as they are, so the account's view key opens the output.
    expect(found).toEqual([3n * DEFAULT_MINIMUM_FEE]);
  });

  test("derives the fee output from all transactions, in their order", () => {
    const [a, b] = payments;
    const outputsOf = (transactions: typeof payments) => form({ transactions }).contents.outputs;
    const forwards = outputsOf([a!, b!]);
    const backwards = outputsOf([b!, a!]);
    expect(forwards).not.toEqual(backwards);
    const same = forwards.filter((output) =>
      backwards.some((other) => compareBytes(output.publicKey, other.publicKey) === 0),
    );
    expect(same).toHaveLength(2);
  });

  test("adds an output for each mint, and the governors to each configuration", () => {
    const mints = [mint(5n, 1), mint(7n, 2)];
    const { contents } = form({ mintTxs: mints, mintConfigTxs: [mintConfigTx(1)] });
    const minted = contents.outputs.map((output) => matchViewKey(output, feeAccount.viewPrivateKey));
    expect(
      minted.map((match) => (match.matches ? [match.amount.value, match.amount.tokenId] : [])).sort(),
    ).toEqual([
      [5n, 1n],
      [7n, 1n],
    ]);
    expect(contents.mintTxs).toEqual(mints.map(({ mintTx }) => mintTx));
    expect(contents.validatedMintConfigTxs).toEqual([
      { mintConfigTx: mintConfigTx(1), signerSet: governors },
    ]);
    expect(contents.keyImages).toEqual([]);
  });

  test("a configuration that crossed a boundary is still the transaction's own", () => {
    const made = form({ mintTxs: [mint(5n, 1)] });
    expect(form({ mintTxs: [{ ...mint(5n, 1), mintConfig: { ...mintConfig } }] })).toEqual(made);
  });

  describe("from transactions that were valid before", () => {
    const proven = payments.map((payment) => ({ ...payment, provenRoots: memberRoots(payment.rootProofs) }));

    test("gives the same block", () => {
      const made = form({ transactions: payments });
      expect(form({ transactions: proven })).toEqual(made);
      expect(form({ transactions: [payments[0]!, proven[1]!, payments[2]!] })).toEqual(made);
    });

    test("does not verify their signatures again", () => {
      const [unsigned] = proven.map((payment) => ({
        ...payment,
        tx: { ...payment.tx, prefix: { ...payment.tx.prefix, fee: DEFAULT_MINIMUM_FEE + 1n } },
      }));
      expect(refusal(() => form({ transactions: [unsigned!] }))).toBe("formed");
      expect(refusal(() => form({ transactions: [{ ...unsigned!, provenRoots: undefined }] }))).toBe(
        "MalformedTx",
      );
    });

    test.each<[string, Partial<FormBlockInputs>, Partial<BlockchainRules>, string]>([
      ["which are too cheap now", {}, { fees: new Map([[0n, 2n ** 40n]]) }, "TxFeeError"],
      [
        "of which the second has expired",
        {
          transactions: [
            proven[0]!,
            {
              ...proven[1]!,
              tx: { ...proven[1]!.tx, prefix: { ...proven[1]!.tx.prefix, tombstoneBlock: 1n } },
            },
            { ...proven[2]!, rootProofs: [] },
          ],
        },
        {},
        "TombstoneBlockExceeded",
      ],
      [
        "of which the first is not of this ledger",
        {
          transactions: [
            { ...proven[0]!, rootProofs: [] },
            { ...payments[1]!, rootProofs: [] },
          ],
        },
        {},
        "InvalidLedgerContext",
      ],
    ])("refuses those %s", (_, inputs, changed, code) => {
      const attempt = () => form({ transactions: proven, ...inputs }, changed);
      expect(refusal(attempt)).toBe("MalformedTx");
      expect(attempt).toThrow(expect.objectContaining({ cause: expect.objectContaining({ code }) }));
    });
  });

  test("the root that proofs have in common: one there must be", () => {
    const [{ rootProofs }, later] = [payments[0]!, ledger.provenLater(payments[1]!)];
    expect(commonRoot(rootProofs)).toEqual(ledger.rootElement);
    expect(refusal(() => commonRoot([]))).toBe("InvalidLocalMembershipProof");
    expect(refusal(() => commonRoot([...rootProofs, ...later.rootProofs]))).toBe(
      "InvalidLocalMembershipProof",
    );
    const noProof = { ...rootProofs[0]!, elements: [] };
    expect(refusal(() => commonRoot([noProof]))).toBe("MalformedTx");
  });

  const [first, second] = payments;
  const stranger = new TestLedger(2);
  test.each<[string, () => unknown, string]>([
    ["nothing at all", () => form({}, { blockVersion: blockVersion(0) }), "formed"],
    ["a transaction twice", () => form({ transactions: [first!, first!] }), "FormBlock"],
    [
      "a fee token that is not configured",
      () => form({ transactions: [first!] }, { fees: new Map([[1n, 128n]]) }),
      "TokenNotYetConfigured",
    ],
    [
      "a fee below the minimum",
      () => form({ transactions: [first!] }, { fees: new Map([[0n, 2n ** 40n]]) }),
      "MalformedTx",
    ],
    [
      "a root that is not the proofs'",
      () => form({ transactions: [first!] }, {}, stranger.rootElement),
      "InvalidLocalMembershipRootElement",
    ],
    [
      "proofs of two states",
      () => form({ transactions: [first!, ledger.provenLater(second!)] }),
      "InvalidLocalMembershipProof",
    ],
    ["a mint's nonce twice", () => form({ mintTxs: [mint(1n, 1), mint(2n, 1)] }), "FormBlock"],
    ["a mint above its limit", () => form({ mintTxs: [mint(1001n, 1)] }), "MalformedMintingTx"],
    [
      "a mint with a configuration of others",
      () => form({ mintTxs: [{ ...mint(1n, 1), mintConfig: { ...mintConfig, mintLimit: 2000n } }] }),
      "FormBlock",
    ],
    [
      "a mint of a token without governors",
      () => form({ mintTxs: [mint(1n, 1)] }, { governors: new Map() }),
      "MissingGovernors",
    ],
    ["an expired configuration", () => form({ mintConfigTxs: [mintConfigTx(1, 1n)] }), "MalformedMintingTx"],
    [
      "a configuration's nonce twice",
      () => form({ mintConfigTxs: [mintConfigTx(1), mintConfigTx(1)] }),
      "FormBlock",
    ],
  ])("with %s", (_, attempt, outcome) => {
    expect(refusal(attempt)).toBe(outcome);
  });

  test("never goes back in version", () => {
    const { block } = form({ transactions: payments });
    const older = { ...rules, blockVersion: blockVersion(3) };
    expect(refusal(() => formBlock(block, nothing, ledger.rootElement, older))).toBe("BlockVersion");
  });
});
