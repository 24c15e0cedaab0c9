import { AccountKey } from "@mobilecoin-ts/account";
import { bytesToHex, hexToBytes } from "@mobilecoin-ts/crypto";
import { Point } from "@mobilecoin-ts/curve";
import {
  blockVersion,
  confirmationNumber,
  extendedMessageDigest,
  matchViewKey,
  ringSigningMessage,
  TransactionError,
  txCodec,
  txHash,
  txOutHash,
  txPrefixHash,
  verifyRingCt,
} from "@mobilecoin-ts/transaction";
import { expect, test } from "vitest";
import { describeVectors, loadVectorJson, loadVectors, readVectorBytes } from "./vectors.ts";

interface SignedRow {
  readonly name: string;
  readonly block_version: number;
  readonly tx: string;
  readonly prefix_hash: string;
  readonly tx_hash: string;
  readonly extended_message: string;
  readonly signing_digest: string;
  readonly fee: string;
  readonly fee_token_id: string;
  readonly tombstone_block: string;
  readonly key_images: readonly string[];
  readonly pseudo_output_commitments: readonly string[];
  readonly output_public_keys: readonly string[];
  readonly output_hashes: readonly string[];
  readonly mnemonic?: string | null;
  readonly confirmation_numbers?: readonly string[] | null;
  readonly valid: boolean;
}

describeVectors("transactions: signed", () => {
  test.each(loadVectors<SignedRow>("transactions/signed.jsonl"))("$name", (row) => {
    const bytes = hexToBytes(row.tx);
    const tx = txCodec.decode(bytes);
    const version = blockVersion(row.block_version);
    expect(bytesToHex(txCodec.encode(tx))).toBe(row.tx);
    expect(bytesToHex(txPrefixHash(tx.prefix))).toBe(row.prefix_hash);
    expect(bytesToHex(txHash(tx))).toBe(row.tx_hash);
    expect(bytesToHex(extendedMessageDigest(txPrefixHash(tx.prefix), tx.signature))).toBe(
      row.extended_message,
    );
    expect(bytesToHex(ringSigningMessage(version, tx.prefix, tx.signature))).toBe(row.signing_digest);
    expect(tx.prefix.fee).toBe(BigInt(row.fee));
    expect(tx.prefix.feeTokenId).toBe(BigInt(row.fee_token_id));
    expect(tx.prefix.tombstoneBlock).toBe(BigInt(row.tombstone_block));
    expect(tx.signature.ringSignatures.map(({ keyImage }) => bytesToHex(keyImage))).toEqual(row.key_images);
    expect(tx.signature.pseudoOutputCommitments.map(bytesToHex)).toEqual(row.pseudo_output_commitments);
    expect(tx.prefix.outputs.map(({ publicKey }) => bytesToHex(publicKey))).toEqual(row.output_public_keys);
    expect(tx.prefix.outputs.map((output) => bytesToHex(txOutHash(output)))).toEqual(row.output_hashes);

    const verify = () => verifyRingCt({ blockVersion: version, prefix: tx.prefix, signature: tx.signature });
    if (row.valid) expect(verify).not.toThrow();
    else expect(verify).toThrow(TransactionError);
  });

  test.each(loadVectors<SignedRow>("transactions/signed.jsonl").filter((row) => row.confirmation_numbers))(
    "confirmation numbers of $name",
    (row) => {
      const account = AccountKey.fromMnemonic(row.mnemonic!);
      const found = txCodec
        .decode(hexToBytes(row.tx))
        .prefix.outputs.map((output) => matchViewKey(output, account.viewPrivateKey))
        .flatMap((match) => (match.matches ? [bytesToHex(confirmationNumber(match.sharedSecret))] : []));
      expect(found.length).toBeGreaterThan(0);
      expect(row.confirmation_numbers).toEqual(expect.arrayContaining(found));
    },
  );
});

interface Blob {
  readonly name: string;
  readonly file: string;
  readonly byte_length: number;
  readonly reencodes_identically: boolean;
  readonly input_count: number;
  readonly ring_size: number;
  readonly proof_count: number;
  readonly output_count: number;
  readonly fee: string;
  readonly tombstone_block: string;
  readonly key_images: readonly string[];
  readonly output_public_keys: readonly string[];
  readonly verifies_under_current_rules: boolean;
}

describeVectors("transactions: blobs", () => {
  test.each(loadVectorJson<{ readonly cases: readonly Blob[] }>("transactions/blobs.json").cases)(
    "$name",
    (blob) => {
      const bytes = readVectorBytes(`transactions/${blob.file}`);
      const tx = txCodec.decode(bytes);
      expect(bytes.length).toBe(blob.byte_length);
      expect(bytesToHex(txCodec.encode(tx)) === bytesToHex(bytes)).toBe(blob.reencodes_identically);
      expect(tx.prefix.inputs.length).toBe(blob.input_count);
      expect(tx.prefix.inputs[0]!.ring.length).toBe(blob.ring_size);
      expect(tx.prefix.inputs[0]!.proofs.length).toBe(blob.proof_count);
      expect(tx.prefix.outputs.length).toBe(blob.output_count);
      expect(tx.prefix.fee).toBe(BigInt(blob.fee));
      expect(tx.prefix.tombstoneBlock).toBe(BigInt(blob.tombstone_block));
      expect(tx.signature.ringSignatures.map(({ keyImage }) => bytesToHex(keyImage))).toEqual(
        blob.key_images,
      );
      expect(tx.prefix.outputs.map(({ publicKey }) => bytesToHex(publicKey))).toEqual(
        blob.output_public_keys,
      );
      expect(tx.prefix.outputs.every(({ publicKey }) => Point.tryDecode(publicKey) !== undefined)).toBe(true);
      const holds = [0, 1, 2, 3, 4].some((version) => {
        try {
          verifyRingCt({ blockVersion: blockVersion(version), prefix: tx.prefix, signature: tx.signature });
          return true;
        } catch (error) {
          expect(error).toBeInstanceOf(TransactionError);
          return false;
        }
      });
      expect(holds).toBe(blob.verifies_under_current_rules);
    },
  );
});
