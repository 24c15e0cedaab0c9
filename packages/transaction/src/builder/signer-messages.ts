import type { InputRing, OutputSecret } from "../tx/input-ring.ts";
import type { Tx, TxPrefix } from "../tx/tx.ts";
import {
  formatShape,
  hexJson,
  invalidField,
  type JsonShape,
  listJson,
  objectJson,
  optionalJson,
  parseShape,
  textJson,
  u32Json,
  u64StringJson,
} from "./json-shape.ts";
import { inputRingJson, outputSecretJson, txJson, txPrefixJson, unblindingDataJson } from "./tx-json.ts";
import type { TxOutSummaryUnblindingData } from "./unblinding-data.ts";

/** The phrase of an account that never leaves the offline machine (02 section 2.20). */
export interface SignerSecrets {
  readonly mnemonic: string;
}

/** What a view-only wallet needs of an account: its keys for finding outputs. */
export interface AccountInfo {
  /** View private key, 32 bytes. */
  readonly viewPrivate: Uint8Array;
  /** Spend public key, 32 bytes. */
  readonly spendPublic: Uint8Array;
  /** Account index of the phrase. */
  readonly accountIndex: number;
}

/** An output whose key image a view-only wallet wants, to see when it is spent. */
export interface UnsyncedTxo {
  readonly subaddress: bigint;
  /** 32 bytes. */
  readonly txOutPublicKey: Uint8Array;
}

/** An output and its key image, 32 bytes each. */
export interface SyncedTxo {
  readonly txOutPublicKey: Uint8Array;
  readonly keyImage: Uint8Array;
}

export interface TxoSyncRequest {
  /** 32 bytes of the wallet's choice, copied to the response. */
  readonly accountId: Uint8Array;
  readonly txos: readonly UnsyncedTxo[];
}

export interface TxoSyncResponse {
  readonly accountId: Uint8Array;
  readonly txos: readonly SyncedTxo[];
}

/** What a request tells of the outputs: all that a report needs, or (older wallets) what a signature needs. */
export type OutputDisclosure =
  | { readonly kind: "unblindingData"; readonly outputs: readonly TxOutSummaryUnblindingData[] }
  | { readonly kind: "secrets"; readonly outputs: readonly OutputSecret[] };

export interface TxSignRequest {
  readonly accountId: Uint8Array;
  readonly txPrefix: TxPrefix;
  /** In the order of the prefix's inputs. */
  readonly rings: readonly InputRing[];
  /** In the order of the prefix's outputs. */
  readonly disclosure: OutputDisclosure;
  readonly blockVersion: number;
}

export interface TxSignResponse {
  readonly accountId: Uint8Array;
  /** Its fee map digest is empty. */
  readonly tx: Tx;
  /** The real input of each ring. */
  readonly txos: readonly SyncedTxo[];
}

/** A kind of file of the offline signer. */
export interface SignerFile<T> {
  /** Throws `InvalidJson`, `InvalidField`, `LosslessJsonUnavailable` (area `offlineSigner`). */
  parse(text: string): T;
  /** Throws `LosslessJsonUnavailable` (area `offlineSigner`). */
  format(value: T): string;
}

function file<T>(shape: JsonShape<T>): SignerFile<T> {
  return {
    parse: (text) => parseShape(shape, text),
    format: (value) => formatShape(shape, value),
  };
}

const syncedTxoJson: JsonShape<SyncedTxo> = objectJson<SyncedTxo>({
  txOutPublicKey: ["tx_out_public_key", hexJson(32)],
  keyImage: ["key_image", hexJson(32)],
});

export const signerSecretsFile: SignerFile<SignerSecrets> = file(
  objectJson<SignerSecrets>({ mnemonic: ["mnemonic", textJson] }),
);

export const accountInfoFile: SignerFile<AccountInfo> = file(
  objectJson<AccountInfo>({
    viewPrivate: ["view_private", hexJson(32)],
    spendPublic: ["spend_public", hexJson(32)],
    accountIndex: ["account_index", u32Json],
  }),
);

export const txoSyncRequestFile: SignerFile<TxoSyncRequest> = file(
  objectJson<TxoSyncRequest>({
    accountId: ["account_id", hexJson(32)],
    txos: [
      "txos",
      listJson(
        objectJson<UnsyncedTxo>({
          subaddress: ["subaddress", u64StringJson],
          txOutPublicKey: ["tx_out_public_key", hexJson(32)],
        }),
      ),
    ],
  }),
);

export const txoSyncResponseFile: SignerFile<TxoSyncResponse> = file(
  objectJson<TxoSyncResponse>({
    accountId: ["account_id", hexJson(32)],
    txos: ["txos", listJson(syncedTxoJson)],
  }),
);

/** A request as its JSON has it: what it discloses is one of two fields beside the others. */
interface FlatTxSignRequest extends Omit<TxSignRequest, "disclosure"> {
  readonly outputSecrets: readonly OutputSecret[] | undefined;
  readonly unblindingData: readonly TxOutSummaryUnblindingData[] | undefined;
}

const flatRequestJson = objectJson<FlatTxSignRequest>({
  accountId: ["account_id", hexJson(32)],
  txPrefix: ["tx_prefix", txPrefixJson],
  rings: ["rings", listJson(inputRingJson)],
  outputSecrets: ["output_secrets", optionalJson(listJson(outputSecretJson))],
  unblindingData: ["tx_out_unblinding_data", optionalJson(listJson(unblindingDataJson))],
  blockVersion: ["block_version", u32Json],
});

export const txSignRequestFile: SignerFile<TxSignRequest> = file({
  read(value, path) {
    const { outputSecrets, unblindingData, ...rest } = flatRequestJson.read(value, path);
    if (outputSecrets !== undefined && unblindingData === undefined) {
      return { ...rest, disclosure: { kind: "secrets", outputs: outputSecrets } };
    }
    if (unblindingData !== undefined && outputSecrets === undefined) {
      return { ...rest, disclosure: { kind: "unblindingData", outputs: unblindingData } };
    }
    throw invalidField(path, "has not exactly one of output_secrets and tx_out_unblinding_data");
  },
  write: ({ disclosure, ...rest }) =>
    flatRequestJson.write({
      ...rest,
      outputSecrets: disclosure.kind === "secrets" ? disclosure.outputs : undefined,
      unblindingData: disclosure.kind === "unblindingData" ? disclosure.outputs : undefined,
    }),
});

export const txSignResponseFile: SignerFile<TxSignResponse> = file(
  objectJson<TxSignResponse>({
    accountId: ["account_id", hexJson(32)],
    tx: ["tx", txJson],
    txos: ["txos", listJson(syncedTxoJson)],
  }),
);
