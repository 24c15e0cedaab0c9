import { AccountKey, type FogInfo } from "./account-key.ts";
import { AccountError } from "./error.ts";
import { mnemonicEntropy, normalizeMnemonic } from "./mnemonic.ts";

/** The secret of one account as a phrase. */
export interface MnemonicKeyFile {
  readonly kind: "mnemonic";
  readonly mnemonic: string;
  /** u32 */
  readonly accountIndex: number;
  readonly fog?: FogInfo;
}

/** The form before mnemonics. */
export interface RootEntropyKeyFile {
  readonly kind: "rootEntropy";
  /** 32 bytes. */
  readonly rootEntropy: Uint8Array;
  readonly fog?: FogInfo;
}

/** Content of `<name>.json` (01 section 2.12.4). */
export type KeyFile = MnemonicKeyFile | RootEntropyKeyFile;

/** The account that a key file holds. */
export function accountKeyOfKeyFile(file: KeyFile): AccountKey {
  return file.kind === "mnemonic"
    ? AccountKey.fromMnemonic(file.mnemonic, file.accountIndex, file.fog)
    : AccountKey.fromRootEntropy(file.rootEntropy, file.fog);
}

/**
 * Reads a key file of either form. Throws `Json` for what is no such record, `NoMnemonic`, `InvalidMnemonic`,
 * `NoAccountIndex` for a mnemonic record without its parts.
 */
export function parseKeyFile(text: string): KeyFile {
  const record = parseObject(text);
  return Object.hasOwn(record, "root_entropy") ? readLegacy(record) : readMnemonic(record);
}

/**
 * The JSON text of a key file, byte arrays as arrays of numbers. Throws `MissingFogDetails` when only one of Fog URL
 * and authority key is there, `InvalidMnemonic` for a phrase that could not be read back.
 */
export function formatKeyFile(file: KeyFile): string {
  const fog = checkedFog(file.fog);
  if (file.kind === "rootEntropy") {
    return JSON.stringify({
      root_entropy: [...file.rootEntropy],
      fog_url: fog?.reportUrl ?? "",
      fog_report_id: fog?.reportId ?? "",
      fog_authority_spki: [...(fog?.authoritySpki ?? [])],
    });
  }
  mnemonicEntropy(file.mnemonic);
  return JSON.stringify({
    mnemonic: normalizeMnemonic(file.mnemonic),
    account_index: file.accountIndex,
    fog_report_url: fog === undefined ? null : fog.reportUrl,
    fog_report_id: fog === undefined ? null : fog.reportId,
    fog_authority_spki: fog === undefined ? null : [...fog.authoritySpki],
  });
}

/** The mnemonic record before it is checked; every part may be absent. */
export interface MnemonicRecord {
  readonly mnemonic: string | undefined;
  readonly accountIndex: number | undefined;
  readonly fogReportUrl: string | undefined;
  readonly fogReportId: string | undefined;
  readonly fogAuthoritySpki: Uint8Array | undefined;
}

/** Checks a mnemonic record. Throws `NoMnemonic`, `InvalidMnemonic`, `NoAccountIndex`, in this order. */
export function mnemonicKeyFile(record: MnemonicRecord): MnemonicKeyFile {
  if (record.mnemonic === undefined) throw new AccountError("NoMnemonic", "the key file holds no mnemonic");
  mnemonicEntropy(record.mnemonic);
  if (record.accountIndex === undefined) {
    throw new AccountError("NoAccountIndex", "the key file holds no account index");
  }
  const file: MnemonicKeyFile = {
    kind: "mnemonic",
    mnemonic: normalizeMnemonic(record.mnemonic),
    accountIndex: record.accountIndex,
  };
  const fog = fogOf(
    record.fogReportUrl ?? "",
    record.fogReportId ?? "",
    record.fogAuthoritySpki ?? new Uint8Array(0),
  );
  return fog === undefined ? file : { ...file, fog };
}

type Field =
  | "mnemonic"
  | "account_index"
  | "fog_report_url"
  | "fog_report_id"
  | "fog_authority_spki"
  | "root_entropy"
  | "fog_url";

/** Fields as they come out of the JSON parser; null stands for absent. */
type JsonObject = { readonly [Name in Field]?: unknown };

function parseObject(text: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's message may quote the text, so it is not kept as the cause.
    throw new AccountError("Json", "the key file is not JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new AccountError("Json", "the key file is not a JSON object");
  }
  return value;
}

function readMnemonic(record: JsonObject): KeyFile {
  const accountIndex = record.account_index ?? undefined;
  if (accountIndex !== undefined && !isUnsigned(accountIndex, 0xffff_ffff)) {
    throw badField("account_index", "an integer of 0..2^32-1");
  }
  return mnemonicKeyFile({
    mnemonic: readString(record, "mnemonic"),
    accountIndex,
    fogReportUrl: readString(record, "fog_report_url"),
    fogReportId: readString(record, "fog_report_id"),
    fogAuthoritySpki: readBytes(record, "fog_authority_spki"),
  });
}

function readLegacy(record: JsonObject): KeyFile {
  const rootEntropy = required("root_entropy", readBytes(record, "root_entropy"));
  if (rootEntropy.length !== 32) throw badField("root_entropy", "an array of 32 bytes");
  const fog = fogOf(
    required("fog_url", readString(record, "fog_url")),
    required("fog_report_id", readString(record, "fog_report_id")),
    required("fog_authority_spki", readBytes(record, "fog_authority_spki")),
  );
  const file = { kind: "rootEntropy", rootEntropy } as const;
  return fog === undefined ? file : { ...file, fog };
}

/** Nothing at all means no Fog; anything else is kept as written. */
function fogOf(reportUrl: string, reportId: string, authoritySpki: Uint8Array): FogInfo | undefined {
  if (reportUrl === "" && reportId === "" && authoritySpki.length === 0) return undefined;
  return { reportUrl, reportId, authoritySpki };
}

/** Fog as it may be written: URL and authority key together, or none. */
export function checkedFog(fog: FogInfo | undefined): FogInfo | undefined {
  if (fog === undefined) return undefined;
  const hasUrl = fog.reportUrl !== "";
  const hasAuthority = fog.authoritySpki.length > 0;
  if (hasUrl !== hasAuthority) {
    throw new AccountError(
      "MissingFogDetails",
      "Fog report URL and authority key go together: give both or none",
    );
  }
  return hasUrl ? fog : undefined;
}

function readString(record: JsonObject, field: Field): string | undefined {
  const value = record[field] ?? undefined;
  if (value === undefined || typeof value === "string") return value;
  throw badField(field, "a string");
}

function readBytes(record: JsonObject, field: Field): Uint8Array | undefined {
  const value = record[field] ?? undefined;
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) throw badField(field, "an array of bytes");
  return Uint8Array.from(value, (byte: unknown) => {
    if (!isUnsigned(byte, 0xff)) throw badField(field, "an array of bytes");
    return byte;
  });
}

function required<T>(field: Field, value: T | undefined): T {
  if (value === undefined) throw badField(field, "present");
  return value;
}

function isUnsigned(value: unknown, max: number): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= max;
}

function badField(field: Field, expected: string): AccountError {
  return new AccountError("Json", `key file: ${field} must be ${expected}`, { data: { field } });
}
