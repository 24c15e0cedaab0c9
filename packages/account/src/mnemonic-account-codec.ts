import { f, message, WireError } from "@mobilecoin-ts/wire";
import { AccountError } from "./error.ts";
import { checkedFog, type MnemonicKeyFile, type MnemonicRecord, mnemonicKeyFile } from "./key-file.ts";

const mnemonicRecord = message<MnemonicRecord>("UncheckedMnemonicAccount", {
  mnemonic: f.string(1, { optional: true }),
  accountIndex: f.uint32(2, { optional: true }),
  fogReportUrl: f.string(3, { optional: true }),
  fogReportId: f.string(4, { optional: true }),
  fogAuthoritySpki: f.bytes(5, { optional: true }),
});

/** Protobuf form of a mnemonic key file. Throws `MissingFogDetails`. */
export function encodeMnemonicAccount(file: MnemonicKeyFile): Uint8Array {
  const fog = checkedFog(file.fog);
  return mnemonicRecord.encode({
    mnemonic: file.mnemonic,
    accountIndex: file.accountIndex,
    fogReportUrl: fog?.reportUrl,
    fogReportId: fog?.reportId,
    fogAuthoritySpki: fog?.authoritySpki,
  });
}

/** Throws `Encode` for what is no such message, `NoMnemonic`, `InvalidMnemonic`, `NoAccountIndex`. */
export function decodeMnemonicAccount(bytes: Uint8Array): MnemonicKeyFile {
  let record: MnemonicRecord;
  try {
    record = mnemonicRecord.decode(bytes);
  } catch (cause) {
    if (!(cause instanceof WireError)) throw cause;
    throw new AccountError("Encode", "the bytes are no mnemonic account", { cause });
  }
  return mnemonicKeyFile(record);
}
