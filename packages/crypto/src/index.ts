export {
  bytesToHex,
  compareBytes,
  concat,
  equalBytes,
  hexToBytes,
  readU64be,
  readU64le,
  u32le,
  u64be,
  u64le,
  utf8,
} from "./bytes.ts";
export {
  appendDigestible,
  type Digestible,
  d,
  digest32,
  type FieldRule,
  type StructField,
  type VariantCase,
} from "./digestible.ts";
export { CryptoError, type CryptoErrorCode, type CryptoErrorOptions } from "./error.ts";
export { ed25519PublicDigestible, x25519PublicDigestible } from "./key-digestible.ts";
export { Transcript, TranscriptRng, type TranscriptWitness } from "./transcript.ts";
