import type { Point, Scalar } from "@mobilecoin-ts/curve";
import { blake2b512 } from "./blake2b.ts";
import { u64le } from "./bytes.ts";
import { CryptoError, requireLength } from "./error.ts";

/** Length of a search key. */
export const KEX_RNG_OUTPUT_LENGTH = 16;

/** The only version of the generator (named KexRng20201124 upstream). */
export const KEX_RNG_VERSION = 0;

/** Output number `counter` (16 bytes) of the generator with the given 32-byte secret (06 section 2.3). */
export function kexRngOutput(secret: Uint8Array, counter: bigint): Uint8Array {
  requireLength(secret, 32, "generator secret");
  return blake2b512("20201124", secret, u64le(counter)).slice(0, KEX_RNG_OUTPUT_LENGTH);
}

/**
 * The generator of Fog search keys: both ends of a key exchange produce the same sequence of 16-byte outputs. The
 * position is a block-independent counter that only moves forward.
 */
export class KexRng {
  readonly #secret: Uint8Array;
  #counter: bigint;

  /** `secret`: 32 bytes, the encoding of private key times public key. */
  constructor(secret: Uint8Array, counter = 0n) {
    requireLength(secret, 32, "generator secret");
    this.#secret = secret.slice();
    this.#counter = counter;
  }

  /** The generator shared with the holder of `publicKey`. Throws `UnknownVersion`. */
  static fromKeyExchange(privateKey: Scalar, publicKey: Point, version = KEX_RNG_VERSION): KexRng {
    if (version !== KEX_RNG_VERSION) {
      throw new CryptoError("UnknownVersion", `unknown generator version ${version}`, { data: { version } });
    }
    return new KexRng(publicKey.multiply(privateKey).encode());
  }

  /** Number of the output that `peek` returns. */
  get index(): bigint {
    return this.#counter;
  }

  /** The current output; does not move. */
  peek(): Uint8Array {
    return kexRngOutput(this.#secret, this.#counter);
  }

  advance(): void {
    this.#counter += 1n;
  }

  /** The current output, moving to the next. */
  next(): Uint8Array {
    const output = this.peek();
    this.advance();
    return output;
  }
}
