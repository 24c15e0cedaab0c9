import { bytesToHex, CryptoError, equalBytes, MessageCipher } from "@mobilecoin-ts/crypto";
import type { RandomBytes } from "@mobilecoin-ts/curve";
import { type Codec, f, message } from "@mobilecoin-ts/wire";
import { ConsensusError } from "../error.ts";
import { footprintOf, type ReceivedTx, receiveTx } from "./tx-decoding.ts";

/** Memory for transactions that are kept decoded, about: some thousand of the usual ones. */
const MAX_KEPT_BYTES = 64 * 1024 * 1024;

/** Where a parked transaction names the nonce it was encrypted under: at its end. */
const TRAILER_LENGTH = 20;

/** A transaction, and what was found out about it once. */
export interface ParkedTx extends ReceivedTx {
  /** 32 bytes. */
  readonly txHash: Uint8Array;
  /** The roots that its ring members were proven under when it was found well-formed; none before. */
  readonly provenRoots: readonly Uint8Array[];
}

interface ParkedMessage {
  readonly bytes: Uint8Array;
  readonly txHash: Uint8Array;
  readonly roots: readonly Uint8Array[];
  /** Which root each ring member has; most share one. */
  readonly rootOfMember: readonly number[];
}

const parkedCodec: Codec<ParkedMessage> = message<ParkedMessage>("ParkedTx", {
  bytes: f.bytes(1),
  txHash: f.bytes(2),
  roots: f.repeatedBytes(3),
  rootOfMember: f.packedUint32(4),
});

interface KeptTx {
  readonly blob: Uint8Array;
  readonly parked: ParkedTx;
  /** Bytes of memory it takes, about. */
  readonly footprint: number;
}

/**
 * Transactions that the host keeps for the enclave, under a key that lives as long as this object: what comes back was
 * parked here before, unchanged. The most recent ones are also kept in memory, so that they need not be decoded again.
 */
export class TxPark {
  readonly #cipher: MessageCipher;
  readonly #maxKeptBytes: number;
  readonly #kept = new Map<string, KeptTx>();
  #keptBytes = 0;

  constructor(random: RandomBytes, maxKeptBytes = MAX_KEPT_BYTES) {
    this.#cipher = new MessageCipher(random);
    this.#maxKeptBytes = maxKeptBytes;
  }

  /** Encrypts a transaction for the host to keep. */
  park(parked: ParkedTx): Uint8Array {
    const roots = new Map(parked.provenRoots.map((root) => [bytesToHex(root), root]));
    const positions = new Map([...roots.keys()].map((key, position) => [key, position]));
    const blob = this.#cipher.encrypt(
      parkedCodec.encode({
        bytes: parked.bytes,
        txHash: parked.txHash,
        roots: [...roots.values()],
        rootOfMember: parked.provenRoots.map((root) => positions.get(bytesToHex(root))!),
      }),
    );
    // The host's copy may be the same memory where both run in one thread.
    this.#keep(blob.slice(), parked);
    return blob;
  }

  /** A transaction that was parked. @throws ConsensusError `CacheCipher` */
  open(blob: Uint8Array): ParkedTx {
    const kept = this.#find(blob);
    if (kept !== undefined) return kept;
    const { bytes, txHash, roots, rootOfMember } = this.#decrypt(blob);
    return { ...receiveTx(bytes), txHash, provenRoots: rootOfMember.map((position) => roots[position]!) };
  }

  /** The encoding of a transaction that was parked. @throws ConsensusError `CacheCipher` */
  bytesOf(blob: Uint8Array): Uint8Array {
    return this.#find(blob)?.bytes ?? this.#decrypt(blob).bytes;
  }

  /** Frees the memory that a parked transaction takes here; it can still be opened. */
  release(blob: Uint8Array): void {
    const key = keyOf(blob);
    const kept = this.#kept.get(key);
    if (kept === undefined) return;
    this.#kept.delete(key);
    this.#keptBytes -= kept.footprint;
  }

  #find(blob: Uint8Array): ParkedTx | undefined {
    const kept = this.#kept.get(keyOf(blob));
    return kept !== undefined && equalBytes(kept.blob, blob) ? kept.parked : undefined;
  }

  #keep(blob: Uint8Array, parked: ParkedTx): void {
    const footprint = blob.length + parked.bytes.length + footprintOf(parked.tx);
    this.#kept.set(keyOf(blob), { blob, parked, footprint });
    this.#keptBytes += footprint;
    for (const { blob: oldest } of this.#kept.values()) {
      if (this.#keptBytes <= this.#maxKeptBytes) break;
      this.release(oldest);
    }
  }

  #decrypt(blob: Uint8Array): ParkedMessage {
    try {
      return parkedCodec.decode(this.#cipher.decrypt(blob));
    } catch (cause) {
      if (!(cause instanceof CryptoError)) throw cause;
      throw new ConsensusError(
        "CacheCipher",
        `what the host gave back is not what this run of the enclave parked for that purpose: ${cause.message}`,
        cause,
      );
    }
  }
}

function keyOf(blob: Uint8Array): string {
  return bytesToHex(blob.slice(-TRAILER_LENGTH));
}
