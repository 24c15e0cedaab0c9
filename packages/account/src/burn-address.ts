import { hashToPoint } from "@mobilecoin-ts/crypto";
import { Scalar } from "@mobilecoin-ts/curve";
import type { PublicAddress } from "./public-address.ts";

/**
 * View private key of the burn address: 32 bytes of 01. Anyone can find what was burnt; nobody knows a spend key
 * (01 section 2.13.6).
 */
export const BURN_VIEW_PRIVATE_KEY: Scalar = Scalar.fromBytes(new Uint8Array(32).fill(1));

/** The address to which tokens are sent to be destroyed. */
export function burnAddress(): PublicAddress {
  const spendPublicKey = hashToPoint("mc_burn_address_spend_public");
  return {
    viewPublicKey: spendPublicKey.multiplyPublic(BURN_VIEW_PRIVATE_KEY).encode(),
    spendPublicKey: spendPublicKey.encode(),
    fogReportUrl: "",
    fogReportId: "",
    fogAuthoritySig: new Uint8Array(0),
  };
}
