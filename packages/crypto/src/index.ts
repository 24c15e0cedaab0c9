export { aes256Ctr64 } from "./aes-ctr64.ts";
export { type AesGcm, aesGcm } from "./aes-gcm.ts";
export { blake2b256, blake2b512 } from "./blake2b.ts";
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
export { crc32 } from "./crc32.ts";
export {
  CRYPTO_BOX_FOOTER_LENGTH,
  type CryptoBoxOpening,
  cryptoBoxDecrypt,
  cryptoBoxEncrypt,
  cryptoBoxOpen,
  negotiateCryptoBoxVersion,
} from "./crypto-box.ts";
export {
  appendDigestible,
  type Digestible,
  d,
  digest32,
  type FieldRule,
  type StructField,
  type VariantCase,
} from "./digestible.ts";
export {
  checkEd25519PublicKey,
  ED25519_KEY_LENGTH,
  ED25519_SIGNATURE_LENGTH,
  ed25519PublicKey,
  ed25519Sign,
  ed25519VerifyStrict,
} from "./ed25519.ts";
export { CryptoError, type CryptoErrorCode, type CryptoErrorOptions } from "./error.ts";
export { hashToPoint, hashToScalar, onetimeHashToPoint, onetimeHashToScalar } from "./hash-to-group.ts";
export { Hc128Rng } from "./hc128.ts";
export { type HkdfInput, hkdfBlake2b256, hkdfBlake2b512, hkdfSha512, hmacSha512 } from "./hkdf.ts";
export { KEX_RNG_OUTPUT_LENGTH, KEX_RNG_VERSION, KexRng, kexRngOutput } from "./kex-rng.ts";
export {
  decodeEd25519PrivateDer,
  decodeEd25519PublicDer,
  decodeEd25519SignatureDer,
  decodeX25519PrivateDer,
  decodeX25519PublicDer,
  encodeEd25519PrivateDer,
  encodeEd25519PublicDer,
  encodeEd25519SignatureDer,
  encodeX25519PrivateDer,
  encodeX25519PublicDer,
  keyFingerprint,
} from "./key-der.ts";
export { ed25519PublicDigestible, x25519PublicDigestible } from "./key-digestible.ts";
export { applyMemoCipher, MEMO_LENGTH } from "./memo-cipher.ts";
export { MEMO_MAC_LENGTH, type MemoMacInput, memoMac } from "./memo-mac.ts";
export { MessageCipher, type MessageCodec, TypedMessageCipher } from "./message-cipher.ts";
export {
  isValidSignerSet,
  MAX_MULTI_SIG_SIGNATURES,
  MAX_SIGNER_SET_DEPTH,
  type SignerSet,
  verifyMultiSig,
} from "./multi-sig.ts";
export { multiSigDigestible, signerSetDigestible } from "./multi-sig-digestible.ts";
export { NoiseCipherState } from "./noise/cipher-state.ts";
export {
  NoiseHandshake,
  type NoiseHandshakeOptions,
  type NoisePattern,
  type NoiseSession,
} from "./noise/handshake.ts";
export { NoiseSymmetricState } from "./noise/symmetric-state.ts";
export { decodePem, encodePem, type PemLabel } from "./pem.ts";
export {
  parseSchnorrkelSignature,
  SCHNORRKEL_SIGNATURE_LENGTH,
  type SchnorrkelSignature,
  schnorrkelSign,
  schnorrkelVerify,
} from "./schnorrkel.ts";
export { sha3256 } from "./sha3.ts";
export { Transcript, TranscriptRng, type TranscriptWitness } from "./transcript.ts";
export { compareU64Ratios, mulRoundDown, mulRoundUp, type U64Ratio, u64Ratio } from "./u64-ratio.ts";
export { X25519_KEY_LENGTH, x25519PublicKey, x25519SharedSecret } from "./x25519.ts";
