import { type Codec, type FieldsOf, f, message } from "@mobilecoin-ts/wire";
import { type ApiKey, apiPublicKeyCodec, publicKeyFromApi } from "./api-key.ts";
import { ristrettoPublicCodec } from "./key-codec.ts";
import type { PublicAddress } from "./public-address.ts";

/** An address as ledger records and `.pub` files hold it; both keys must be points. */
export const publicAddressCodec: Codec<PublicAddress> = message<PublicAddress>("PublicAddress", {
  viewPublicKey: f.message(1, ristrettoPublicCodec),
  spendPublicKey: f.message(2, ristrettoPublicCodec),
  fogReportUrl: f.string(3),
  fogReportId: f.string(4),
  fogAuthoritySig: f.bytes(5),
});

/** An address as API messages and printable codes hold it, not yet checked. */
export interface ApiPublicAddress {
  readonly viewPublicKey: ApiKey | undefined;
  readonly spendPublicKey: ApiKey | undefined;
  readonly fogReportUrl: string;
  readonly fogReportId: string;
  readonly fogAuthoritySig: Uint8Array;
}

export const apiPublicAddressFields: FieldsOf<ApiPublicAddress> = {
  viewPublicKey: f.message(1, apiPublicKeyCodec, { optional: true }),
  spendPublicKey: f.message(2, apiPublicKeyCodec, { optional: true }),
  fogReportUrl: f.string(3),
  fogReportId: f.string(4),
  fogAuthoritySig: f.bytes(5),
};

export const apiPublicAddressCodec: Codec<ApiPublicAddress> = message(
  "PublicAddress",
  apiPublicAddressFields,
);

/** Checks both keys. Without a report URL the other Fog fields are dropped (01 section 2.12.3). Throws `Key`. */
export function publicAddressFromApi(address: ApiPublicAddress): PublicAddress {
  const hasFog = address.fogReportUrl !== "";
  return {
    viewPublicKey: publicKeyFromApi(address.viewPublicKey, "view_public_key"),
    spendPublicKey: publicKeyFromApi(address.spendPublicKey, "spend_public_key"),
    fogReportUrl: address.fogReportUrl,
    fogReportId: hasFog ? address.fogReportId : "",
    fogAuthoritySig: hasFog ? address.fogAuthoritySig : new Uint8Array(0),
  };
}

export function publicAddressToApi(address: PublicAddress): ApiPublicAddress {
  return {
    viewPublicKey: { data: address.viewPublicKey },
    spendPublicKey: { data: address.spendPublicKey },
    fogReportUrl: address.fogReportUrl,
    fogReportId: address.fogReportId,
    fogAuthoritySig: address.fogAuthoritySig,
  };
}
