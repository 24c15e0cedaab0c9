import { AccountError, AccountKey, generateMnemonic, mnemonicEntropy } from "@mobilecoin-ts/account";
import { type RandomBytes, systemRandom } from "@mobilecoin-ts/curve";
import { TransactionError } from "../error.ts";
import { keyImageOf } from "../proofs/key-image.ts";
import type { OutputSecret } from "../tx/input-ring.ts";
import { LocalRingSigner } from "../tx/ring-signer.ts";
import type { Tx } from "../tx/tx.ts";
import { decodeKey, recoverOnetimePrivateKey, recoverSharedSecret } from "../tx-out/onetime-keys.ts";
import type {
  AccountInfo,
  OutputDisclosure,
  SignerSecrets,
  SyncedTxo,
  TxoSyncRequest,
  TxoSyncResponse,
  TxSignRequest,
  TxSignResponse,
} from "./signer-messages.ts";
import { outputSecretsOf, signTx } from "./unsigned-tx.ts";

/**
 * What the machine with the keys does for a view-only wallet elsewhere (02 section 2.20). No function here reads or
 * writes files: callers do, and must not write over an existing file of secrets.
 */

/** Secrets of a new account: a phrase of 24 words. */
export function createSignerSecrets(random: RandomBytes = systemRandom): SignerSecrets {
  return { mnemonic: generateMnemonic(random) };
}

/** Secrets of an existing account. Throws TransactionError `InvalidMnemonic` (area `offlineSigner`). */
export function importSignerSecrets(mnemonic: string): SignerSecrets {
  return readingPhrase(() => {
    mnemonicEntropy(mnemonic);
    return { mnemonic };
  });
}

/** The keys of an account of these secrets. Throws TransactionError `InvalidMnemonic`; AccountError `IndexOutOfRange`. */
export function signerAccount(secrets: SignerSecrets, accountIndex = 0): AccountKey {
  return readingPhrase(() => AccountKey.fromMnemonic(secrets.mnemonic, accountIndex));
}

/** What to hand to a view-only wallet: it finds the account's outputs with this, and cannot spend them. */
export function signerAccountInfo(secrets: SignerSecrets, accountIndex = 0): AccountInfo {
  const { viewPrivateKey, spendPublicKey } = signerAccount(secrets, accountIndex).viewAccountKey();
  return { viewPrivate: viewPrivateKey.toBytes(), spendPublic: spendPublicKey.encode(), accountIndex };
}

/**
 * Key images of outputs. That an output belongs to the subaddress stated is not checked: a wrong statement gives a key
 * image that nothing will ever show.
 *
 * @throws TransactionError `InvalidField` (area `offlineSigner`) for a public key that is no point.
 */
export function syncTxos(account: AccountKey, request: TxoSyncRequest): TxoSyncResponse {
  return {
    accountId: request.accountId,
    txos: request.txos.map(({ subaddress, txOutPublicKey }, index): SyncedTxo => {
      const sharedSecret = recoverSharedSecret(account.viewPrivateKey, requestedKey(txOutPublicKey, index));
      const spendKey = account.subaddressSpendPrivateKey(subaddress);
      return { txOutPublicKey, keyImage: keyImageOf(recoverOnetimePrivateKey(sharedSecret, spendKey)) };
    }),
  };
}

/**
 * Signs a transaction.
 *
 * @throws TransactionError area `offlineSigner`: `PresignedRing` (no offers of others: the reference aborts on them);
 * as `signTx`.
 */
export function signTransaction(
  account: AccountKey,
  request: TxSignRequest,
  random: RandomBytes = systemRandom,
): TxSignResponse {
  const { accountId, txPrefix, rings, blockVersion } = request;
  const signed = rings.map((ring, index) => {
    if (ring.kind === "presigned") {
      throw new TransactionError(
        "offlineSigner",
        "PresignedRing",
        "the offline signer takes no presigned ring",
        {
          data: { field: `rings[${index}]` },
        },
      );
    }
    return ring.ring;
  });
  const tx: Tx = signTx({
    txPrefix,
    rings,
    outputSecrets: disclosedSecrets(request.disclosure),
    blockVersion,
    signer: new LocalRingSigner(account),
    random,
  });
  return {
    accountId,
    tx,
    txos: signed.map((ring, index) => ({
      // The signer refused real indices outside their ring.
      txOutPublicKey: ring.members[ring.realInputIndex]!.publicKey,
      keyImage: tx.signature.ringSignatures[index]!.keyImage,
    })),
  };
}

function disclosedSecrets(disclosure: OutputDisclosure): readonly OutputSecret[] {
  return disclosure.kind === "secrets" ? disclosure.outputs : outputSecretsOf(disclosure.outputs);
}

function requestedKey(bytes: Uint8Array, index: number): ReturnType<typeof decodeKey> {
  try {
    return decodeKey(bytes, "tx_out_public_key");
  } catch (cause) {
    const field = `txos[${index}].tx_out_public_key`;
    throw new TransactionError("offlineSigner", "InvalidField", `${field} is no point`, {
      data: { field },
      cause,
    });
  }
}

function readingPhrase<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof AccountError) || cause.code !== "InvalidMnemonic") throw cause;
    throw new TransactionError("offlineSigner", "InvalidMnemonic", cause.message);
  }
}
