import { bytesToHex, compareBytes, type SignerSet } from "@mobilecoin-ts/crypto";
import { type Block, type BlockContents, makeChildBlock } from "@mobilecoin-ts/ledger";
import {
  type BlockVersion,
  type FeeMap,
  type GovernorsMap,
  impliedMerkleRoot,
  keyImagesOf,
  type MintConfig,
  type MintConfigTx,
  type MintTx,
  MOB_TOKEN_ID,
  mintConfigCodec,
  TransactionError,
  type Tx,
  type TxOut,
  type TxOutMembershipElement,
  type TxOutMembershipProof,
  type ValidatedMintConfigTx,
  type ValidationCandidate,
  validateAgain,
  validateMintConfigTx,
  validateMintTx,
  validateTransactions,
} from "@mobilecoin-ts/transaction";
import { feeOutputs, mintOutputs, type RecipientKeys } from "./enclave-outputs.ts";
import { ConsensusError } from "./error.ts";
import { feeAmounts } from "./fee-amounts.ts";

/** What all nodes of a network agree on before they agree on blocks. */
export interface BlockchainRules {
  readonly blockVersion: BlockVersion;
  readonly fees: FeeMap;
  /** Who decides on mint configurations, by token. */
  readonly governors: GovernorsMap;
  /** Whom fees are paid to. */
  readonly feeRecipient: RecipientKeys;
}

/** A transaction with the ledger's proofs that it is validated against (see `ValidationContext.rootProofs`). */
export interface ProvenTx {
  readonly tx: Tx;
  readonly rootProofs: readonly TxOutMembershipProof[];
  /**
   * `memberRoots` of an earlier validation of this very transaction at the same block version, by the caller itself,
   * which found it valid. What cannot have changed since, its signatures and range proofs above all, is then not
   * checked again. Undefined where there was none, or none the caller can vouch for.
   */
  readonly provenRoots?: readonly Uint8Array[] | undefined;
}

/** A mint transaction and the configuration in force that it is charged to. */
export interface ConfiguredMintTx {
  readonly mintTx: MintTx;
  readonly mintConfigTx: MintConfigTx;
  readonly mintConfig: MintConfig;
}

export interface FormBlockInputs {
  /** In the order of the ballot. */
  readonly transactions: readonly ProvenTx[];
  readonly mintConfigTxs: readonly MintConfigTx[];
  readonly mintTxs: readonly ConfiguredMintTx[];
}

/**
 * Forms the block after `parent` from what consensus chose (04 section 2.14.4): validates everything once more, adds the
 * fee and mint outputs, sorts. Every node forms the same block from the same inputs.
 *
 * @param rootElement the root of the ledger's TxOut tree now.
 * @throws ConsensusError `BlockVersion`, `TokenNotYetConfigured`, `MalformedTx`, `InvalidLocalMembershipProof`,
 * `InvalidLocalMembershipRootElement`, `FormBlock` (duplicates), `MalformedMintingTx`, `MissingGovernors`.
 */
export function formBlock(
  parent: Block,
  inputs: FormBlockInputs,
  rootElement: TxOutMembershipElement,
  rules: BlockchainRules,
): { readonly block: Block; readonly contents: BlockContents } {
  const { blockVersion } = rules;
  if (parent.version > blockVersion) {
    throw new ConsensusError(
      "BlockVersion",
      `a block of version ${blockVersion} cannot follow one of ${parent.version}`,
    );
  }
  const blockIndex = parent.index + 1n;
  validateAll(inputs.transactions, blockIndex, rootElement, rules);
  const transactions = inputs.transactions.map(({ tx }) => tx);
  requireDistinct(transactions);
  validateMints(inputs.mintTxs, blockIndex, rules);
  const validatedMintConfigTxs = validateMintConfigs(inputs.mintConfigTxs, blockIndex, rules);

  const outputs = [
    ...transactions.flatMap(({ prefix }) => prefix.outputs),
    ...feeOutputs({
      blockVersion,
      parentBlockId: parent.id,
      transactions,
      recipient: rules.feeRecipient,
      amounts: transactions.length === 0 ? [] : feeAmounts(transactions, rules.fees),
    }),
    ...mintOutputsOf(parent, inputs.mintTxs, rules),
  ];
  const contents: BlockContents = {
    keyImages: transactions.flatMap(({ signature }) => keyImagesOf(signature)).sort(compareBytes),
    outputs: outputs.sort((a, b) => compareBytes(a.publicKey, b.publicKey)),
    validatedMintConfigTxs,
    mintTxs: inputs.mintTxs.map(({ mintTx }) => mintTx),
  };
  return { block: makeChildBlock(parent, blockVersion, contents, rootElement), contents };
}

function validateAll(
  transactions: readonly ProvenTx[],
  blockIndex: bigint,
  rootElement: TxOutMembershipElement,
  { blockVersion, fees }: BlockchainRules,
): void {
  if (transactions.length === 0) return;
  const candidates = transactions.map(({ tx, rootProofs, provenRoots }) => {
    const minimumFee = fees.get(tx.prefix.feeTokenId);
    if (minimumFee === undefined) {
      throw new ConsensusError("TokenNotYetConfigured", "the fee's token has no minimum fee on this network");
    }
    return { tx, provenRoots, context: { blockIndex, blockVersion, rootProofs, minimumFee } };
  });
  const rejection = firstRejection(candidates);
  if (rejection !== undefined) {
    throw new ConsensusError("MalformedTx", `a transaction is not valid: ${rejection.message}`, rejection);
  }
  requireOneRoot(
    transactions.flatMap(({ rootProofs }) => rootProofs),
    rootElement,
  );
}

/** The rejection of the first candidate that is not valid. */
function firstRejection(
  candidates: readonly (ValidationCandidate & Pick<ProvenTx, "provenRoots">)[],
): TransactionError | undefined {
  const unproven = candidates.filter(({ provenRoots }) => provenRoots === undefined);
  const ofUnproven = new Map(validateTransactions(unproven).map((result, i) => [unproven[i], result]));
  for (const candidate of candidates) {
    const { tx, context, provenRoots } = candidate;
    const rejection =
      provenRoots === undefined
        ? ofUnproven.get(candidate)
        : rejectionOf(() => validateAgain(tx, context, provenRoots));
    if (rejection !== undefined) return rejection;
  }
  return undefined;
}

function rejectionOf(validate: () => void): TransactionError | undefined {
  try {
    validate();
    return undefined;
  } catch (error) {
    if (error instanceof TransactionError) return error;
    throw error;
  }
}

/**
 * The root that all root proofs have in common.
 *
 * @throws ConsensusError `MalformedTx` for a proof that implies no root (`InvalidLedgerContext`),
 * `InvalidLocalMembershipProof` for proofs of different states, and for none at all.
 */
export function commonRoot(rootProofs: readonly TxOutMembershipProof[]): TxOutMembershipElement {
  const roots = new Map<string, TxOutMembershipElement>();
  for (const proof of new Set(rootProofs)) {
    const root = rootOf(proof);
    roots.set(rootKey(root), root);
  }
  const [root, ...others] = roots.values();
  if (root === undefined || others.length > 0) {
    throw new ConsensusError("InvalidLocalMembershipProof", "the ledger's proofs are of different states");
  }
  return root;
}

function rootOf(proof: TxOutMembershipProof): TxOutMembershipElement {
  try {
    return impliedMerkleRoot(proof);
  } catch (cause) {
    if (!(cause instanceof TransactionError)) throw cause;
    const context = new TransactionError("validation", "InvalidLedgerContext", cause.message, { cause });
    throw new ConsensusError("MalformedTx", `a proof of the ledger is none: ${cause.message}`, context);
  }
}

function rootKey({ range, hash }: TxOutMembershipElement): string {
  return `${range.from} ${range.to} ${bytesToHex(hash)}`;
}

/** All root proofs must be of one state of the ledger, and that must be the state the block is built on. */
function requireOneRoot(
  rootProofs: readonly TxOutMembershipProof[],
  rootElement: TxOutMembershipElement,
): void {
  if (rootKey(commonRoot(rootProofs)) !== rootKey(rootElement)) {
    throw new ConsensusError(
      "InvalidLocalMembershipRootElement",
      "the ledger's proofs are not of its present state",
    );
  }
}

function requireDistinct(transactions: readonly Tx[]): void {
  const distinct = (what: string, values: readonly Uint8Array[]): void => {
    if (new Set(values.map(bytesToHex)).size !== values.length) {
      throw new ConsensusError("FormBlock", `${what} stands twice among the transactions of a block`);
    }
  };
  // A transaction that stands twice repeats its key images.
  distinct(
    "a key image",
    transactions.flatMap(({ signature }) => keyImagesOf(signature)),
  );
  distinct(
    "an output public key",
    transactions.flatMap(({ prefix }) => prefix.outputs.map(({ publicKey }) => publicKey)),
  );
}

function mintOutputsOf(
  parent: Block,
  mints: readonly ConfiguredMintTx[],
  { blockVersion }: BlockchainRules,
): TxOut[] {
  const transactions = mints.map(({ mintTx }) => mintTx);
  if (transactions.some(({ prefix }) => prefix.tokenId === MOB_TOKEN_ID)) {
    throw new ConsensusError("FormBlock", "MOB cannot be minted");
  }
  return mintOutputs({ blockVersion, parentBlockId: parent.id, transactions });
}

function validateMints(mints: readonly ConfiguredMintTx[], blockIndex: bigint, rules: BlockchainRules): void {
  requireDistinctNonces(mints.map(({ mintTx }) => mintTx.prefix));
  for (const { mintTx, mintConfigTx, mintConfig } of mints) {
    if (
      mintConfigTx.prefix.tokenId !== mintTx.prefix.tokenId ||
      !mintConfigTx.prefix.configs.some((config) => mintConfigsEqual(config, mintConfig))
    ) {
      throw new ConsensusError(
        "FormBlock",
        "a mint transaction came with a configuration that is not its own",
      );
    }
    wrapping(() => {
      // When the configuration was put in force its tombstone was checked; it may have passed since.
      validateMintConfigTx(mintConfigTx, governorsOf(mintTx.prefix.tokenId, rules), {
        blockVersion: rules.blockVersion,
      });
      validateMintTx(mintTx, mintConfig, { blockVersion: rules.blockVersion, blockIndex });
    });
  }
}

function mintConfigsEqual(a: MintConfig, b: MintConfig): boolean {
  return a === b || compareBytes(mintConfigCodec.encode(a), mintConfigCodec.encode(b)) === 0;
}

function validateMintConfigs(
  mintConfigTxs: readonly MintConfigTx[],
  blockIndex: bigint,
  rules: BlockchainRules,
): ValidatedMintConfigTx[] {
  requireDistinctNonces(mintConfigTxs.map(({ prefix }) => prefix));
  return mintConfigTxs.map((mintConfigTx) => {
    const signerSet = governorsOf(mintConfigTx.prefix.tokenId, rules);
    wrapping(() =>
      validateMintConfigTx(mintConfigTx, signerSet, { blockVersion: rules.blockVersion, blockIndex }),
    );
    return { mintConfigTx, signerSet };
  });
}

function governorsOf(tokenId: bigint, { governors }: BlockchainRules): SignerSet {
  const signerSet = governors.get(tokenId);
  if (signerSet === undefined)
    throw new ConsensusError("MissingGovernors", `token ${tokenId} has no governors`);
  return signerSet;
}

function requireDistinctNonces(
  prefixes: readonly { readonly nonce: Uint8Array; readonly tokenId: bigint }[],
): void {
  const keys = prefixes.map(({ nonce, tokenId }) => `${tokenId} ${bytesToHex(nonce)}`);
  if (new Set(keys).size !== keys.length)
    throw new ConsensusError("FormBlock", "a nonce stands twice in a block");
}

function wrapping(validate: () => void): void {
  try {
    validate();
  } catch (cause) {
    if (!(cause instanceof TransactionError)) throw cause;
    throw new ConsensusError(
      "MalformedMintingTx",
      `a mint transaction is not valid: ${cause.message}`,
      cause,
    );
  }
}
