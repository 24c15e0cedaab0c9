import { utf8 } from "@mobilecoin-ts/crypto";

/** Keys of the two count tables (03 section 2.9). */
export const BLOCK_COUNT_KEY: Uint8Array = utf8("num_blocks");
export const TX_OUT_COUNT_KEY: Uint8Array = utf8("num_tx_outs");
