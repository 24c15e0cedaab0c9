import { bytesToHex, type Digestible, d, digest32, equalBytes } from "@mobilecoin-ts/crypto";

/** An address of the network: where to send, and through which Fog to announce it. */
export interface PublicAddress {
  /** C, 32 bytes. */
  readonly viewPublicKey: Uint8Array;
  /** D, 32 bytes. */
  readonly spendPublicKey: Uint8Array;
  /** Empty when the recipient uses no Fog. Carried as written: never normalise it. */
  readonly fogReportUrl: string;
  readonly fogReportId: string;
  /** Ristretto signature (64 bytes) over the Fog authority's key; empty without Fog. */
  readonly fogAuthoritySig: Uint8Array;
}

/** Length of a short address hash. */
export const SHORT_ADDRESS_HASH_LENGTH = 16;

/** How an address is hashed (01 section 2.13.4). */
export const publicAddressDigestible: Digestible<PublicAddress> = d.struct<PublicAddress>("PublicAddress", [
  ["view_public_key", d.ristretto],
  ["spend_public_key", d.ristretto],
  ["fog_report_url", d.str, { neverOmit: true }],
  ["fog_report_id", d.str, { neverOmit: true }],
  ["fog_authority_sig", d.bytes, { neverOmit: true }],
]);

/** The 16 bytes that stand for an address in memos. Compare with `equalBytes`; print as lower-case hex. */
export function shortAddressHash(address: PublicAddress): Uint8Array {
  return digest32("mc-address", publicAddressDigestible, address).slice(0, SHORT_ADDRESS_HASH_LENGTH);
}

/** Whether two addresses agree in every field. */
export function addressesEqual(a: PublicAddress, b: PublicAddress): boolean {
  return (
    equalBytes(a.viewPublicKey, b.viewPublicKey) &&
    equalBytes(a.spendPublicKey, b.spendPublicKey) &&
    a.fogReportUrl === b.fogReportUrl &&
    a.fogReportId === b.fogReportId &&
    equalBytes(a.fogAuthoritySig, b.fogAuthoritySig)
  );
}

/** Text for logs, not for users: `MOB`, both keys in upper-case hex (spend first), Fog URL and report id. */
export function describeAddress(address: PublicAddress): string {
  const keys = bytesToHex(address.spendPublicKey) + bytesToHex(address.viewPublicKey);
  const url = address.fogReportUrl === "" ? "" : `:'${address.fogReportUrl}'`;
  const id = address.fogReportId === "" ? "" : `#${address.fogReportId}`;
  return `MOB${keys.toUpperCase()}${url}${id}`;
}
