import { type RandomBytes, systemRandom } from "@mobilecoin-ts/curve";
import { TransactionError } from "../error.ts";
import type { InputRing, OutputSecret } from "../tx/input-ring.ts";
import { signRingCt } from "../tx/ring-ct-sign.ts";
import { LocalRingSigner, type RingSigner } from "../tx/ring-signer.ts";
import type { Tx, TxPrefix } from "../tx/tx.ts";
import { type BlockVersion, blockVersion } from "../tx-out/block-version.ts";
import type { TxOutSummaryUnblindingData } from "./unblinding-data.ts";

/** A transaction without its signatures, and all that a signer with the spend keys needs (02 section 2.20). */
export interface UnsignedTx {
  readonly txPrefix: TxPrefix;
  /** In the order of the prefix's inputs. */
  readonly rings: readonly InputRing[];
  /** In the order of the prefix's outputs. */
  readonly txOutUnblindingData: readonly TxOutSummaryUnblindingData[];
  readonly blockVersion: number;
}

export interface SignTxOptions {
  readonly txPrefix: TxPrefix;
  readonly rings: readonly InputRing[];
  readonly outputSecrets: readonly OutputSecret[];
  readonly blockVersion: number;
  readonly signer?: RingSigner | undefined;
  readonly random?: RandomBytes | undefined;
}

/** Amount and blinding of each output. */
export function outputSecretsOf(data: readonly TxOutSummaryUnblindingData[]): OutputSecret[] {
  return data.map(({ unmaskedAmount: { value, tokenId, blinding } }) => ({
    amount: { value, tokenId },
    blinding,
  }));
}

/**
 * Signs a transaction; its fee map digest is empty.
 *
 * @throws TransactionError area `unsignedTx`: `BlockVersion`; area `builder`: `RingSignatureFailed` (cause of area
 * `ringCt`: amounts that do not balance are `ValueNotConserved`; a signer's refusal is `Signer`).
 */
export function signTx(options: SignTxOptions): Tx {
  const { txPrefix, rings, outputSecrets } = options;
  const version = knownBlockVersion(options.blockVersion);
  try {
    const signature = signRingCt({
      blockVersion: version,
      prefix: txPrefix,
      rings,
      outputSecrets,
      signer: options.signer ?? new LocalRingSigner(),
      random: options.random ?? systemRandom,
    });
    return { prefix: txPrefix, signature, feeMapDigest: new Uint8Array(0) };
  } catch (cause) {
    if (!(cause instanceof TransactionError)) throw cause;
    throw new TransactionError(
      "builder",
      "RingSignatureFailed",
      `the transaction cannot be signed: ${cause.message}`,
      {
        cause,
      },
    );
  }
}

/**
 * Signs an unsigned transaction; its fee map digest is empty. Without a signer, only inputs that bring their one-time
 * key can be signed. Throws as `signTx`.
 */
export function signUnsignedTx(
  unsigned: UnsignedTx,
  options: Pick<SignTxOptions, "signer" | "random"> = {},
): Tx {
  return signTx({
    txPrefix: unsigned.txPrefix,
    rings: unsigned.rings,
    outputSecrets: outputSecretsOf(unsigned.txOutUnblindingData),
    blockVersion: unsigned.blockVersion,
    ...options,
  });
}

/** Throws `BlockVersion` (area `unsignedTx`). */
export function knownBlockVersion(version: number): BlockVersion {
  try {
    return blockVersion(version);
  } catch (cause) {
    throw new TransactionError(
      "unsignedTx",
      "BlockVersion",
      "the unsigned transaction is of an unknown version",
      {
        cause,
        data: { version },
      },
    );
  }
}
