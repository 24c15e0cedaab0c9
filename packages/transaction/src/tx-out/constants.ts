/** Token id of MOB, and of everything before block version 2 (02 section 2.2). */
export const MOB_TOKEN_ID = 0n;

/** Smallest units in one MOB. */
export const UNITS_PER_MOB = 1_000_000_000_000n;

/** All MOB there are, in MOB. */
export const TOTAL_MOB = 250_000_000n;

/** Least fee of a MOB transaction where the network does not say otherwise, in smallest units. */
export const DEFAULT_MINIMUM_FEE = 400_000_000n;

/** Minimum fees are at least 2 to this power, and divisible by it. */
export const SMALLEST_MINIMUM_FEE_LOG2 = 7;

/** Members of the ring of every input. */
export const RING_SIZE = 11;

export const MAX_INPUTS = 16;

export const MAX_OUTPUTS = 16;

/** A tombstone block lies at most this many blocks ahead. */
export const MAX_TOMBSTONE_BLOCKS = 20_160n;

export const MAX_TRANSACTIONS_PER_BLOCK = 5000;

export const MAX_MINT_TXS_PER_BLOCK = 10;

export const MAX_MINT_CONFIG_TXS_PER_BLOCK = 10;

/** Bytes of the nonce of a mint or mint configuration transaction. */
export const MINT_NONCE_LENGTH = 64;
