import { bytesToHex, equalBytes } from "@mobilecoin-ts/crypto";
import { type AttestationError, refusal } from "../error.ts";
import {
  type Advisories,
  allowedAdvisories,
  areAdvisoriesAllowed,
  describeAdvisories,
} from "./advisories.ts";
import type { ReportBody } from "./report-body.ts";

/** Advisories about the platform that the identity's program or operators have dealt with. */
interface MitigatedAdvisories {
  readonly configAdvisories: readonly string[];
  readonly hardeningAdvisories: readonly string[];
}

/** One program, by measurement (32 bytes). */
export interface MrEnclaveIdentity extends MitigatedAdvisories {
  readonly kind: "mrEnclave";
  readonly mrEnclave: Uint8Array;
}

/** Every program of a signer (32 bytes) for a product from some version on. */
export interface MrSignerIdentity extends MitigatedAdvisories {
  readonly kind: "mrSigner";
  readonly mrSigner: Uint8Array;
  readonly productId: number;
  readonly minimumSvn: number;
}

/** Whom a verifier believes (05 section 2.13). */
export type TrustedIdentity = MrEnclaveIdentity | MrSignerIdentity;

/**
 * The first identity that has the body's measurement and allows the platform's state. Throws `NoIdentities` for an
 * empty list, which must never mean "anyone"; `Identity` where no measurement fits; `Advisories` where one does.
 */
export function matchIdentity(
  body: ReportBody,
  actual: Advisories,
  identities: readonly TrustedIdentity[],
): TrustedIdentity {
  if (identities.length === 0) {
    throw refusal("NoIdentities", "identity", "no identity to compare with", "at least one");
  }
  let closest: AttestationError | undefined;
  for (const identity of identities) {
    const refused = measurementRefusal(body, identity) ?? advisoriesRefusal(actual, identity);
    if (refused === undefined) return identity;
    if (closest === undefined || (refused.code === "Advisories" && closest.code !== "Advisories")) {
      closest = refused;
    }
  }
  throw closest!;
}

function measurementRefusal(body: ReportBody, identity: TrustedIdentity): AttestationError | undefined {
  const found = (what: string, value: string | number, wanted: string | number) =>
    refusal("Identity", "identity", `${what} ${value}`, `${wanted}`);
  if (identity.kind === "mrEnclave") {
    if (equalBytes(body.mrEnclave, identity.mrEnclave)) return undefined;
    return found("MRENCLAVE", bytesToHex(body.mrEnclave), bytesToHex(identity.mrEnclave));
  }
  if (!equalBytes(body.mrSigner, identity.mrSigner)) {
    return found("MRSIGNER", bytesToHex(body.mrSigner), bytesToHex(identity.mrSigner));
  }
  if (body.isvProdId !== identity.productId) return found("product", body.isvProdId, identity.productId);
  if (body.isvSvn < identity.minimumSvn) {
    return found("security version", body.isvSvn, `${identity.minimumSvn} or later`);
  }
  return undefined;
}

function advisoriesRefusal(actual: Advisories, identity: TrustedIdentity): AttestationError | undefined {
  const allowed = allowedAdvisories(identity.configAdvisories, identity.hardeningAdvisories);
  if (areAdvisoriesAllowed(actual, allowed)) return undefined;
  return refusal(
    "Advisories",
    "identity",
    `a platform that is ${describeAdvisories(actual)}`,
    `at worst ${describeAdvisories(allowed)}`,
  );
}
