import {
  CryptoError,
  compareBytes,
  decodeEd25519SignatureDer,
  decodePem,
  ed25519Sign,
  equalBytes,
  hexToBytes,
} from "@mobilecoin-ts/crypto";
import { mintConfigTxPrefixHash, mintTxPrefixHash } from "@mobilecoin-ts/transaction";
import { formatJson, parseJson } from "../document/json.ts";
import { externallyTagged, type Shape } from "../document/shape.ts";
import { ConsensusError } from "../error.ts";
import type { ConsensusValue } from "../messages/consensus-value.ts";
import { mintConfigTxShape, mintTxShape } from "../messages/mint-shapes.ts";

/** A mint or mint configuration transaction: what several people sign in turn before a node gets it. */
export type MintTransaction = Extract<ConsensusValue, { readonly kind: "mintConfigTx" | "mintTx" }>;

const mintTransactionShape: Shape<MintTransaction> = externallyTagged<MintTransaction>([
  {
    name: "MintConfigTx",
    read: (payload) => ({ kind: "mintConfigTx", tx: mintConfigTxShape.read(payload) }),
    write: (value) => (value.kind === "mintConfigTx" ? mintConfigTxShape.write(value.tx) : undefined),
  },
  {
    name: "MintTx",
    read: (payload) => ({ kind: "mintTx", tx: mintTxShape.read(payload) }),
    write: (value) => (value.kind === "mintTx" ? mintTxShape.write(value.tx) : undefined),
  },
]);

/** Reads a transaction file (04 section 2.16). @throws ConsensusError `Malformed`, `InvalidField`, `LimitExceeded` */
export function parseMintTransaction(json: string): MintTransaction {
  return mintTransactionShape.read(parseJson(json));
}

/** The transaction file: JSON, bytes and keys as arrays of numbers. */
export function formatMintTransaction(transaction: MintTransaction): string {
  return formatJson(mintTransactionShape.write(transaction));
}

/** What its signers sign, 32 bytes. */
export function mintTransactionHash(transaction: MintTransaction): Uint8Array {
  return transaction.kind === "mintTx"
    ? mintTxPrefixHash(transaction.tx.prefix)
    : mintConfigTxPrefixHash(transaction.tx.prefix);
}

/** The transaction with signatures (64 bytes each) added: each once, in ascending order. */
export function withSignatures(
  transaction: MintTransaction,
  signatures: readonly Uint8Array[],
): MintTransaction {
  const sorted = [...transaction.tx.signature, ...signatures].sort(compareBytes);
  const signature = sorted.filter((bytes, i) => i === 0 || !equalBytes(bytes, sorted[i - 1]!));
  // Spelled out for each kind: a spread of the union would lose which prefix belongs to which.
  return transaction.kind === "mintTx"
    ? { kind: "mintTx", tx: { ...transaction.tx, signature } }
    : { kind: "mintConfigTx", tx: { ...transaction.tx, signature } };
}

/** Adds the signature of a private key, 32 bytes. */
export function signMintTransaction(transaction: MintTransaction, seed: Uint8Array): MintTransaction {
  return withSignatures(transaction, [ed25519Sign(seed, mintTransactionHash(transaction))]);
}

/**
 * One transaction from files that its signers signed apart.
 *
 * @throws ConsensusError `DifferentTransactions`, `MissingSignature` (nobody has signed)
 */
export function mergeMintTransactions(
  first: MintTransaction,
  ...others: readonly MintTransaction[]
): MintTransaction {
  const hash = mintTransactionHash(first);
  for (const other of others) {
    if (other.kind === first.kind && equalBytes(mintTransactionHash(other), hash)) continue;
    throw new ConsensusError(
      "DifferentTransactions",
      "the files hold different transactions, so their signatures do not belong together; submit them one by one",
    );
  }
  const merged = withSignatures(
    first,
    others.flatMap(({ tx }) => tx.signature),
  );
  if (merged.tx.signature.length > 0) return merged;
  throw new ConsensusError(
    "MissingSignature",
    "nobody has signed the transaction, so every node would refuse it; sign it first",
  );
}

/** A signature of 64 bytes, from 128 hex digits or from PEM. @throws ConsensusError `InvalidField` */
export function parseSignature(text: string): Uint8Array {
  const trimmed = text.trim();
  if (/^[0-9a-fA-F]{128}$/.test(trimmed)) return hexToBytes(trimmed);
  try {
    return decodeEd25519SignatureDer(decodePem("SIGNATURE", trimmed));
  } catch (cause) {
    if (!(cause instanceof CryptoError)) throw cause;
    throw new ConsensusError("InvalidField", "a signature is neither 128 hex digits nor PEM", cause);
  }
}
