import { type RandomBytes, systemRandom } from "@mobilecoin-ts/curve";
import type { AttestationRoot } from "../verify/roots.ts";
import {
  type CertificateContents,
  certificate,
  distinguishedName,
  type Issuer,
  newSerial,
  newSigningKey,
  type RevocationListContents,
  revocationList,
  signingKeyOf,
} from "./certificates.ts";

/** Every development root's name begins so: nobody shall take it for another. */
export const DEVELOPMENT_NAME_PREFIX = "DEVELOPMENT ONLY";

const ROOT_NAME = distinguishedName(`${DEVELOPMENT_NAME_PREFIX} SGX Root CA`);
const ROOT_YEARS = 30;
const YEAR = 365.25 * 24 * 3_600_000;
/** Clocks of one machine agree, those of several may not. */
const CLOCK_TOLERANCE = 3_600_000;

/** What of an authority is kept: whoever has it can forge evidence for those who trust its root. */
export interface DevelopmentAuthoritySecrets {
  /** Root certificate in DER. */
  readonly certificate: Uint8Array;
  /** P-256 scalar, 32 bytes. */
  readonly privateKey: Uint8Array;
}

/** A root of trust for simulated enclaves (05 section 5.2). It proves nothing: use it to develop and to test. */
export class DevelopmentAuthority {
  /** To be trusted explicitly, in place of Intel's. */
  readonly root: AttestationRoot;
  readonly #issuer: Issuer;

  constructor({ certificate: der, privateKey }: DevelopmentAuthoritySecrets) {
    this.root = { der: der.slice(), kind: "development" };
    this.#issuer = { name: ROOT_NAME, key: signingKeyOf(privateKey) };
  }

  /** A certificate directly under the root. */
  issue(contents: CertificateContents): Uint8Array {
    return certificate(this.#issuer, contents);
  }

  /** The root's revocation list. */
  revoke(contents: RevocationListContents): Uint8Array {
    return revocationList(this.#issuer, contents);
  }

  /** For keeping it; the private key is secret. */
  secrets(): DevelopmentAuthoritySecrets {
    return { certificate: this.root.der.slice(), privateKey: this.#issuer.key.privateKey.slice() };
  }
}

export interface DevelopmentRootOptions {
  readonly now: Date;
  readonly random?: RandomBytes;
}

/** A new root, valid for 30 years. */
export async function createDevelopmentRoot(options: DevelopmentRootOptions): Promise<DevelopmentAuthority> {
  const { now, random = systemRandom } = options;
  const key = newSigningKey(random);
  const der = certificate(
    { name: ROOT_NAME, key },
    {
      serial: newSerial(random),
      subject: ROOT_NAME,
      publicKey: key.publicKey,
      notBefore: new Date(now.getTime() - CLOCK_TOLERANCE),
      notAfter: new Date(now.getTime() + ROOT_YEARS * YEAR),
      pathLength: 1,
    },
  );
  return new DevelopmentAuthority({ certificate: der, privateKey: key.privateKey });
}
