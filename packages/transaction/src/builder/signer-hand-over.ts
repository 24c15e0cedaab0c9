import { compareBytes } from "@mobilecoin-ts/crypto";
import type { RandomBytes } from "@mobilecoin-ts/curve";
import { TransactionError } from "../error.ts";
import { type FeeMap, feeMapDigest } from "../tx/fee-map.ts";
import { verifyRingCt } from "../tx/ring-ct-verify.ts";
import { type Tx, txPrefixHash } from "../tx/tx.ts";
import type { BuilderErrorCodes } from "./error-codes.ts";
import type {
  SyncedTxo,
  TxoSyncRequest,
  TxoSyncResponse,
  TxSignRequest,
  TxSignResponse,
} from "./signer-messages.ts";
import { knownBlockVersion, type UnsignedTx } from "./unsigned-tx.ts";

/**
 * The view-only wallet's side of offline signing (02 section 2.20): what goes out, and what is checked of what comes
 * back before it is believed.
 */

/** The request to sign a transaction; `accountId` is 32 bytes of the wallet's choice. */
export function txSignRequest(unsigned: UnsignedTx, accountId: Uint8Array): TxSignRequest {
  const { txPrefix, rings, txOutUnblindingData, blockVersion } = unsigned;
  return {
    accountId,
    txPrefix,
    rings,
    disclosure: { kind: "unblindingData", outputs: txOutUnblindingData },
    blockVersion,
  };
}

/**
 * Takes the key images of a response, in the order of the request.
 *
 * @throws TransactionError area `offlineSigner`: `AccountMismatch`, `TxosMismatch` (not the outputs asked for).
 */
export function acceptSyncedTxos(request: TxoSyncRequest, response: TxoSyncResponse): readonly SyncedTxo[] {
  requireAccount(request.accountId, response.accountId);
  requireTxos(
    request.txos.map(({ txOutPublicKey }) => txOutPublicKey),
    response.txos,
  );
  return response.txos;
}

/**
 * Takes the signed transaction of a response: it is the one asked for, its signatures hold, and the key images reported
 * are those it spends. With a fee map, its digest is set (no signature covers it).
 *
 * @throws TransactionError area `offlineSigner`: `AccountMismatch`, `PrefixMismatch`, `TxosMismatch`,
 * `KeyImageMismatch`, `InvalidSignature` (cause of area `ringCt`); area `unsignedTx`: `BlockVersion`.
 */
export function acceptSignedTx(
  request: TxSignRequest,
  response: TxSignResponse,
  options: { readonly feeMap?: FeeMap; readonly random?: RandomBytes } = {},
): Tx {
  const { tx, txos } = response;
  requireAccount(request.accountId, response.accountId);
  if (compareBytes(txPrefixHash(request.txPrefix), txPrefixHash(tx.prefix)) !== 0) {
    throw refuse("PrefixMismatch", "the response holds another transaction than the request");
  }
  const realInputs = request.rings.flatMap((ring) => {
    const real = ring.kind === "signable" ? ring.ring.members[ring.ring.realInputIndex] : undefined;
    return real === undefined ? [] : [real.publicKey];
  });
  requireTxos(realInputs, txos);
  const { ringSignatures } = tx.signature;
  const ownSignatures = ringSignatures.filter((_, index) => request.rings[index]?.kind === "signable");
  for (const [index, { keyImage }] of txos.entries()) {
    const signature = ownSignatures[index];
    if (signature === undefined || compareBytes(signature.keyImage, keyImage) !== 0) {
      throw refuse("KeyImageMismatch", `key image ${index} is not the one the transaction spends`);
    }
  }
  try {
    verifyRingCt(
      {
        blockVersion: knownBlockVersion(request.blockVersion),
        prefix: tx.prefix,
        signature: tx.signature,
      },
      options.random,
    );
  } catch (cause) {
    if (!(cause instanceof TransactionError) || cause.area === "unsignedTx") throw cause;
    throw refuse("InvalidSignature", `the signatures do not hold: ${cause.message}`, cause);
  }
  return {
    ...tx,
    feeMapDigest: options.feeMap === undefined ? tx.feeMapDigest : feeMapDigest(options.feeMap),
  };
}

function requireAccount(expected: Uint8Array, found: Uint8Array): void {
  if (compareBytes(expected, found) !== 0) {
    throw refuse("AccountMismatch", "the response is for another account than the request");
  }
}

function requireTxos(expected: readonly Uint8Array[], found: readonly SyncedTxo[]): void {
  const same =
    expected.length === found.length &&
    expected.every((publicKey, index) => compareBytes(publicKey, found[index]!.txOutPublicKey) === 0);
  if (!same) throw refuse("TxosMismatch", "the response is about other outputs than the request");
}

function refuse(
  code: BuilderErrorCodes["offlineSigner"],
  message: string,
  cause?: unknown,
): TransactionError<"offlineSigner"> {
  return new TransactionError("offlineSigner", code, message, { cause });
}
