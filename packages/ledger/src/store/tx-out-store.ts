import { concat } from "@mobilecoin-ts/crypto";
import {
  type TxOut,
  type TxOutMembershipElement,
  type TxOutMembershipProof,
  txOutCodec,
  txOutHash,
  txOutMerkleLeaf,
} from "@mobilecoin-ts/transaction";
import { LedgerError } from "../error.ts";
import { type MerkleNodes, proofOfMembership, pushLeaf, rootElementOf } from "../merkle-tree.ts";
import { TX_OUT_COUNT_KEY } from "./count-keys.ts";
import { integerKey, type LedgerTables, readIntegerKey } from "./tables.ts";

/** TxOuts by index, hash and public key, and the Merkle tree over them. */
export class TxOutStore {
  readonly #tables: LedgerTables;
  readonly #nodes: MerkleNodes;

  constructor(tables: LedgerTables) {
    this.#tables = tables;
    this.#nodes = {
      get(level, position) {
        const hash = tables.get("merkleHashByRange", rangeKey(level, position));
        if (hash === undefined) {
          throw new LedgerError("store", "Corrupt", "a node of the Merkle tree is missing", {
            data: { level, position },
          });
        }
        return Uint8Array.from(hash);
      },
      set: (level, position, hash) => tables.put("merkleHashByRange", rangeKey(level, position), hash),
    };
  }

  count(): bigint {
    const value = this.#tables.get("txOutCounts", TX_OUT_COUNT_KEY);
    return value === undefined ? 0n : readIntegerKey(value);
  }

  /** Throws `NotFound`. */
  byIndex(index: bigint): TxOut {
    const value = this.#tables.get("txOutByIndex", integerKey(index));
    if (value === undefined) {
      throw new LedgerError("store", "NotFound", `there is no TxOut ${index}`, { data: { index } });
    }
    return txOutCodec.decode(value);
  }

  indexByHash(hash: Uint8Array): bigint | undefined {
    const value = this.#tables.get("txOutIndexByHash", hash);
    return value === undefined ? undefined : readIntegerKey(value);
  }

  indexByPublicKey(publicKey: Uint8Array): bigint | undefined {
    const value = this.#tables.get("txOutIndexByPublicKey", publicKey);
    return value === undefined ? undefined : readIntegerKey(value);
  }

  /** Inside a transaction. Throws `KeyExist` for an output whose hash or public key the ledger holds. */
  push(txOut: TxOut): void {
    const index = this.count();
    const key = integerKey(index);
    this.#tables.put("txOutCounts", TX_OUT_COUNT_KEY, integerKey(index + 1n));
    this.#putNew("txOutIndexByHash", txOutHash(txOut), key);
    this.#putNew("txOutIndexByPublicKey", txOut.publicKey, key);
    this.#tables.put("txOutByIndex", key, txOutCodec.encode(txOut));
    pushLeaf(this.#nodes, index, txOutMerkleLeaf(txOut));
  }

  /** Proofs of one state of the ledger, in the order asked. Throws `TxOutIndexOutOfBounds`. */
  proofs(indices: readonly bigint[]): TxOutMembershipProof[] {
    const count = this.count();
    return indices.map((index) => {
      if (index < 0n || index >= count) {
        throw new LedgerError("store", "TxOutIndexOutOfBounds", `there is no TxOut ${index}`, {
          data: { index, count },
        });
      }
      return proofOfMembership(this.#nodes, count, index);
    });
  }

  /** A node's hash. Throws `Corrupt` where there is none. */
  node(level: number, position: bigint): Uint8Array {
    return this.#nodes.get(level, position);
  }

  /** Throws `NoOutputs` (area `merkle`) for an empty ledger. */
  rootElement(): TxOutMembershipElement {
    return rootElementOf(this.#nodes, this.count());
  }

  #putNew(table: "txOutIndexByHash" | "txOutIndexByPublicKey", key: Uint8Array, value: Uint8Array): void {
    if (this.#tables.get(table, key) !== undefined) {
      throw new LedgerError("store", "KeyExist", "an output stands twice in one block");
    }
    this.#tables.put(table, key, value);
  }
}

function rangeKey(level: number, position: bigint): Uint8Array {
  const from = position << BigInt(level);
  return concat(integerKey(from), integerKey(from + (1n << BigInt(level)) - 1n));
}
