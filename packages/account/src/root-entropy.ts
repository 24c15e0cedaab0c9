import { hkdfBlake2b256 } from "@mobilecoin-ts/crypto";
import { Scalar } from "@mobilecoin-ts/curve";
import { requireLength } from "./error.ts";
import type { AccountPrivateKeys } from "./slip10.ts";

/** Private keys of 32 bytes of root entropy, the scheme before mnemonics (01 section 2.12.1). */
export function privateKeysFromRootEntropy(rootEntropy: Uint8Array): AccountPrivateKeys {
  requireLength(rootEntropy, 32, "root entropy");
  // Unlike the mnemonic scheme, 32 bytes are reduced, not 64.
  const derive = (info: string) =>
    Scalar.fromBytesModOrder(hkdfBlake2b256({ key: rootEntropy, info, length: 32 }));
  return { viewPrivateKey: derive("view"), spendPrivateKey: derive("spend") };
}
