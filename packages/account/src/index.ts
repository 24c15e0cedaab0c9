export { AccountKey, type FogInfo } from "./account-key.ts";
export {
  apiRootIdentityCodec,
  decodeAccountKey,
  decodeApiAccountKey,
  decodeViewAccountKey,
  encodeAccountKey,
  encodeViewAccountKey,
  type RootIdentity,
  rootIdentityCodec,
} from "./account-key-codec.ts";
export { formatB58PubFile, formatPubFile, parseB58PubFile, parsePubFile } from "./address-file.ts";
export { BURN_VIEW_PRIVATE_KEY, burnAddress } from "./burn-address.ts";
export { AccountError, type AccountErrorCode, type AccountErrorOptions } from "./error.ts";
export { signFogAuthority, verifyFogAuthority } from "./fog-authority.ts";
export { ristrettoPrivateCodec, ristrettoPublicCodec } from "./key-codec.ts";
export {
  accountKeyOfKeyFile,
  formatKeyFile,
  type KeyFile,
  type MnemonicKeyFile,
  parseKeyFile,
  type RootEntropyKeyFile,
} from "./key-file.ts";
export {
  generateMnemonic,
  MNEMONIC_ENTROPY_LENGTHS,
  mnemonicEntropy,
  mnemonicFromEntropy,
} from "./mnemonic.ts";
export { decodeMnemonicAccount, encodeMnemonicAccount } from "./mnemonic-account-codec.ts";
export { addressOfPrintable, decodePrintable, encodePrintable, type Printable } from "./printable.ts";
export {
  type PaymentRequest,
  type TransferEntropy,
  type TransferPayload,
  type TxOutGiftCode,
  transferPayloadAccountKey,
} from "./printable-content.ts";
export {
  addressesEqual,
  describeAddress,
  type PublicAddress,
  publicAddressDigestible,
  SHORT_ADDRESS_HASH_LENGTH,
  shortAddressHash,
} from "./public-address.ts";
export {
  type ApiPublicAddress,
  apiPublicAddressCodec,
  publicAddressCodec,
  publicAddressFromApi,
  publicAddressToApi,
} from "./public-address-codec.ts";
export { privateKeysFromRootEntropy } from "./root-entropy.ts";
export { compareKeyFileNames, DEFAULT_SAMPLE_SEED, type SampleKey, sampleKeys } from "./sample-keys.ts";
export { type AccountPrivateKeys, privateKeysFromSlip10, slip10KeyFromMnemonic } from "./slip10.ts";
export {
  type SubaddressPoints,
  type SubaddressPrivateKeys,
  subaddressPoints,
  subaddressPrivateKeys,
} from "./subaddress.ts";
export {
  CHANGE_SUBADDRESS,
  DEFAULT_SUBADDRESS,
  FIRST_RESERVED_SUBADDRESS,
  GIFT_CODE_SUBADDRESS,
  INVALID_SUBADDRESS,
} from "./subaddress-index.ts";
export { ViewAccountKey } from "./view-account-key.ts";
