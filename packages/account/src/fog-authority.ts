import { parseSchnorrkelSignature, schnorrkelSign, schnorrkelVerify } from "@mobilecoin-ts/crypto";
import type { Scalar } from "@mobilecoin-ts/curve";
import { AccountError } from "./error.ts";
import type { PublicAddress } from "./public-address.ts";

const CONTEXT = "Fog authority signature";

/**
 * Signs the Fog authority's key (complete DER SubjectPublicKeyInfo) with the view private key of a subaddress; 64
 * bytes (01 section 2.13.5). The signature covers neither URL nor report id.
 */
export function signFogAuthority(subaddressViewPrivateKey: Scalar, authoritySpki: Uint8Array): Uint8Array {
  return schnorrkelSign(subaddressViewPrivateKey, CONTEXT, authoritySpki);
}

/**
 * Checks that an address names `authoritySpki`, the verified root of a report server's certificate chain, as its Fog
 * authority. Throws `NoSignature`, `SignatureParse` or `Authority`.
 */
export function verifyFogAuthority(
  address: Pick<PublicAddress, "viewPublicKey" | "fogAuthoritySig">,
  authoritySpki: Uint8Array,
): void {
  const { viewPublicKey, fogAuthoritySig } = address;
  if (fogAuthoritySig.length === 0) {
    throw new AccountError("NoSignature", "the address carries no Fog authority signature");
  }
  try {
    parseSchnorrkelSignature(fogAuthoritySig);
  } catch (cause) {
    throw new AccountError("SignatureParse", "the Fog authority signature is malformed", { cause });
  }
  if (!schnorrkelVerify(viewPublicKey, CONTEXT, authoritySpki, fogAuthoritySig)) {
    throw new AccountError("Authority", "the address does not vouch for this Fog authority");
  }
}
