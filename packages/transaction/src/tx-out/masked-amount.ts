/**
 * An amount that only the holder of the output's shared secret can read (02 section 2.5). The version says how the
 * masks derive from the shared secret; it is the member of the `TxOut` oneof, not a field of the message.
 */
export interface MaskedAmount {
  readonly version: 1 | 2;
  /** Compressed Pedersen commitment, 32 bytes as received: never decompressed on decode. */
  readonly commitment: Uint8Array;
  /** The u64 value XOR its mask. */
  readonly maskedValue: bigint;
  /** Little-endian token id XOR its mask, 8 bytes; empty before block version 2. Other lengths decode too. */
  readonly maskedTokenId: Uint8Array;
}
