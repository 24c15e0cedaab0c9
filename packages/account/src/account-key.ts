import { Point, type RandomBytes, Scalar, systemRandom } from "@mobilecoin-ts/curve";
import { signFogAuthority } from "./fog-authority.ts";
import { addressesEqual, type PublicAddress } from "./public-address.ts";
import { privateKeysFromRootEntropy } from "./root-entropy.ts";
import { type AccountPrivateKeys, privateKeysFromSlip10, slip10KeyFromMnemonic } from "./slip10.ts";
import { type SubaddressPrivateKeys, subaddressPrivateKeys } from "./subaddress.ts";
import { DEFAULT_SUBADDRESS } from "./subaddress-index.ts";
import { ViewAccountKey } from "./view-account-key.ts";

/** The Fog that an account's addresses point to. */
export interface FogInfo {
  /** Empty means no Fog; the other fields are then kept but unused. */
  readonly reportUrl: string;
  /** Which of the server's reports to use; often empty. */
  readonly reportId: string;
  /** Complete DER SubjectPublicKeyInfo of the Fog root authority. */
  readonly authoritySpki: Uint8Array;
}

/** Everything an account can do, spending included. */
export class AccountKey {
  /** a */
  readonly viewPrivateKey: Scalar;
  /** b */
  readonly spendPrivateKey: Scalar;
  readonly fog: FogInfo | undefined;

  constructor(keys: AccountPrivateKeys, fog?: FogInfo) {
    this.viewPrivateKey = keys.viewPrivateKey;
    this.spendPrivateKey = keys.spendPrivateKey;
    this.fog = fog;
  }

  /** Account `accountIndex` (u32) of a BIP-39 phrase. Throws `InvalidMnemonic`, `IndexOutOfRange`. */
  static fromMnemonic(mnemonic: string, accountIndex = 0, fog?: FogInfo): AccountKey {
    return new AccountKey(privateKeysFromSlip10(slip10KeyFromMnemonic(mnemonic, accountIndex)), fog);
  }

  /** The account of 32 bytes of root entropy (the scheme before mnemonics). Throws `LengthMismatch`. */
  static fromRootEntropy(rootEntropy: Uint8Array, fog?: FogInfo): AccountKey {
    return new AccountKey(privateKeysFromRootEntropy(rootEntropy), fog);
  }

  /** A random account that nothing but its keys can recover; for tests. */
  static random(random: RandomBytes = systemRandom, fog?: FogInfo): AccountKey {
    // The reference draws the spend key first; seeded material depends on it.
    const spendPrivateKey = Scalar.random(random);
    return new AccountKey({ viewPrivateKey: Scalar.random(random), spendPrivateKey }, fog);
  }

  /** The same keys with another Fog, or with none. */
  withFog(fog: FogInfo | undefined): AccountKey {
    return new AccountKey(this, fog);
  }

  /** The address of subaddress `index` (u64), Fog authority signature included. Throws `IndexOutOfRange`. */
  subaddress(index: bigint): PublicAddress {
    const keys = this.subaddressPrivateKeys(index);
    return {
      viewPublicKey: Point.multiplyBase(keys.viewPrivateKey).encode(),
      spendPublicKey: Point.multiplyBase(keys.spendPrivateKey).encode(),
      fogReportUrl: this.fog?.reportUrl ?? "",
      fogReportId: this.fog?.reportId ?? "",
      fogAuthoritySig:
        this.fog === undefined || this.fog.reportUrl === ""
          ? new Uint8Array(0)
          : signFogAuthority(keys.viewPrivateKey, this.fog.authoritySpki),
    };
  }

  /** The address of subaddress 0. */
  get defaultSubaddress(): PublicAddress {
    return this.subaddress(DEFAULT_SUBADDRESS);
  }

  /** Private keys c and d of a subaddress. */
  subaddressPrivateKeys(index: bigint): SubaddressPrivateKeys {
    return subaddressPrivateKeys(this.viewPrivateKey, this.spendPrivateKey, index);
  }

  /** d, with which outputs sent to the subaddress are spent. */
  subaddressSpendPrivateKey(index: bigint): Scalar {
    return this.subaddressPrivateKeys(index).spendPrivateKey;
  }

  /** c, with which senders of memos are authenticated and the Fog authority is signed. */
  subaddressViewPrivateKey(index: bigint): Scalar {
    return this.subaddressPrivateKeys(index).viewPrivateKey;
  }

  /** The part that finds outputs but cannot spend them. */
  viewAccountKey(): ViewAccountKey {
    return new ViewAccountKey(this.viewPrivateKey, Point.multiplyBase(this.spendPrivateKey));
  }

  /** Accounts are the same when their default addresses are. */
  equals(other: AccountKey): boolean {
    return addressesEqual(this.defaultSubaddress, other.defaultSubaddress);
  }
}
