import { Point, type Scalar } from "@mobilecoin-ts/curve";
import { type Codec, type FieldsOf, f, fixedBytes, message } from "@mobilecoin-ts/wire";
import { AccountKey, type FogInfo } from "./account-key.ts";
import { type ApiKey, apiPrivateKeyCodec, privateKeyFromApi } from "./api-key.ts";
import { ristrettoPrivateCodec, ristrettoPublicCodec } from "./key-codec.ts";
import { ViewAccountKey } from "./view-account-key.ts";

interface FogFields {
  readonly fogReportUrl: string;
  readonly fogReportId: string;
  readonly fogAuthoritySpki: Uint8Array;
}

interface AccountKeyRecord extends FogFields {
  readonly viewPrivateKey: Scalar;
  readonly spendPrivateKey: Scalar;
}

interface ApiAccountKey extends FogFields {
  readonly viewPrivateKey: ApiKey | undefined;
  readonly spendPrivateKey: ApiKey | undefined;
}

interface ViewAccountKeyRecord {
  readonly viewPrivateKey: Scalar;
  readonly spendPublicKey: Uint8Array;
}

/** The secret before mnemonics, with the Fog it belongs to. */
export interface RootIdentity extends FogFields {
  /** 32 bytes. */
  readonly rootEntropy: Uint8Array;
}

const fogFields: FieldsOf<FogFields> = {
  fogReportUrl: f.string(3),
  fogReportId: f.string(4),
  fogAuthoritySpki: f.bytes(5),
};

const accountKeyRecord = message<AccountKeyRecord>("AccountKey", {
  viewPrivateKey: f.message(1, ristrettoPrivateCodec),
  spendPrivateKey: f.message(2, ristrettoPrivateCodec),
  ...fogFields,
});

const apiAccountKey = message<ApiAccountKey>("AccountKey", {
  viewPrivateKey: f.message(1, apiPrivateKeyCodec, { optional: true }),
  spendPrivateKey: f.message(2, apiPrivateKeyCodec, { optional: true }),
  ...fogFields,
});

const viewAccountKeyRecord = message<ViewAccountKeyRecord>("ViewAccountKey", {
  viewPrivateKey: f.message(1, ristrettoPrivateCodec),
  spendPublicKey: f.message(2, ristrettoPublicCodec),
});

/** Protobuf of an account key; ledger and API forms agree. */
export function encodeAccountKey(account: AccountKey): Uint8Array {
  return accountKeyRecord.encode({
    viewPrivateKey: account.viewPrivateKey,
    spendPrivateKey: account.spendPrivateKey,
    ...fogToFields(account.fog),
  });
}

/** Reads the ledger form: absent keys are zero, as the reference reads them. Throws `WireError`. */
export function decodeAccountKey(bytes: Uint8Array): AccountKey {
  const record = accountKeyRecord.decode(bytes);
  return new AccountKey(record, fogFromFields(record));
}

/**
 * Reads the API form: absent keys are refused, and without a report URL the other Fog fields are dropped. Throws
 * `WireError`, `AccountError` `Key`.
 */
export function decodeApiAccountKey(bytes: Uint8Array): AccountKey {
  const record = apiAccountKey.decode(bytes);
  const keys = {
    viewPrivateKey: privateKeyFromApi(record.viewPrivateKey, "view_private_key"),
    spendPrivateKey: privateKeyFromApi(record.spendPrivateKey, "spend_private_key"),
  };
  return new AccountKey(keys, record.fogReportUrl === "" ? undefined : fogFromFields(record));
}

/** Ledger form of a view account key. */
export function encodeViewAccountKey(account: ViewAccountKey): Uint8Array {
  return viewAccountKeyRecord.encode({
    viewPrivateKey: account.viewPrivateKey,
    spendPublicKey: account.spendPublicKey.encode(),
  });
}

/** Throws `WireError`. */
export function decodeViewAccountKey(bytes: Uint8Array): ViewAccountKey {
  const { viewPrivateKey, spendPublicKey } = viewAccountKeyRecord.decode(bytes);
  return new ViewAccountKey(viewPrivateKey, Point.decode(spendPublicKey));
}

/**
 * A root identity. The reference's two encoders put the authority key at different tags: 4 in ledger records, 5 in
 * the API. Both codecs read both.
 */
export const rootIdentityCodec: Codec<RootIdentity> = rootIdentity(4);
export const apiRootIdentityCodec: Codec<RootIdentity> = rootIdentity(5);

function rootIdentity(spkiTag: 4 | 5): Codec<RootIdentity> {
  return message<RootIdentity>("RootIdentity", {
    rootEntropy: f.message(1, fixedBytes("RootEntropy", 32)),
    fogReportUrl: f.string(2),
    fogReportId: f.string(3),
    fogAuthoritySpki: { ...f.bytes(spkiTag), tags: [4, 5] },
  });
}

function fogToFields(fog: FogInfo | undefined): FogFields {
  return {
    fogReportUrl: fog?.reportUrl ?? "",
    fogReportId: fog?.reportId ?? "",
    fogAuthoritySpki: fog?.authoritySpki ?? new Uint8Array(0),
  };
}

function fogFromFields(fields: FogFields): FogInfo | undefined {
  const { fogReportUrl, fogReportId, fogAuthoritySpki } = fields;
  if (fogReportUrl === "" && fogReportId === "" && fogAuthoritySpki.length === 0) return undefined;
  return { reportUrl: fogReportUrl, reportId: fogReportId, authoritySpki: fogAuthoritySpki };
}
