import { AccountKey, type PublicAddress } from "@mobilecoin-ts/account";
import { bytesToHex, hexToBytes } from "@mobilecoin-ts/crypto";
import { Scalar } from "@mobilecoin-ts/curve";
import {
  acceptSignedTx,
  blockVersion,
  commit,
  decryptMemo,
  extendedMessageDigest,
  type InputRing,
  keyImageOf,
  makeSigningData,
  type OutputDisclosure,
  outputSecretsOf,
  ringSigningMessage,
  type SignedParts,
  signTransaction,
  summarizeTx,
  syncTxos,
  type Tx,
  type TxOutSummaryUnblindingData,
  type TxPrefix,
  txPrefixCodec,
  txPrefixHash,
  txSignRequestFile,
  txSignResponseFile,
  txSummaryUnblindingData,
  verifyRingCt,
  verifyTxSummary,
} from "@mobilecoin-ts/transaction";
import { expect, test } from "vitest";
import { describeVectors, loadVectors } from "./vectors.ts";

interface InputRow {
  readonly real_input_index: number;
  readonly subaddress_index: string;
  readonly value: string;
  readonly token_id: string;
  readonly blinding: string;
  readonly onetime_private_key: string;
  readonly key_image: string;
}

interface OutputRow {
  readonly value: string;
  readonly token_id: string;
  readonly blinding: string;
  readonly tx_private_key?: string;
  readonly recipient_view_public_key?: string;
  readonly recipient_spend_public_key?: string;
  readonly shared_secret?: string;
  readonly memo?: string;
}

interface SigningRequestRow {
  readonly name: string;
  readonly block_version: number;
  readonly mnemonic: string;
  readonly account_index: string;
  readonly tx_prefix: string;
  readonly inputs: readonly InputRow[];
  readonly outputs: readonly OutputRow[];
  readonly prefix_hash: string;
  readonly pseudo_output_blinding: string;
  readonly pseudo_output_commitment: string;
}

const scalar = (hex: string): Scalar => Scalar.fromBytes(hexToBytes(hex));

function unblinding(row: OutputRow): TxOutSummaryUnblindingData {
  const { recipient_view_public_key: view, recipient_spend_public_key: spend } = row;
  const address: PublicAddress | undefined =
    view === undefined || spend === undefined
      ? undefined
      : {
          viewPublicKey: hexToBytes(view),
          spendPublicKey: hexToBytes(spend),
          fogReportUrl: "",
          fogReportId: "",
          fogAuthoritySig: new Uint8Array(0),
        };
  return {
    unmaskedAmount: {
      value: BigInt(row.value),
      tokenId: BigInt(row.token_id),
      blinding: scalar(row.blinding),
    },
    address,
    txPrivateKey: row.tx_private_key === undefined ? undefined : scalar(row.tx_private_key),
  };
}

function ringOf(prefix: TxPrefix, row: InputRow, index: number): InputRing {
  return {
    kind: "signable",
    ring: {
      members: prefix.inputs[index]!.ring.map(({ publicKey, targetKey, maskedAmount }) => ({
        publicKey,
        targetKey,
        commitment: maskedAmount!.commitment,
      })),
      realInputIndex: row.real_input_index,
      inputSecret: {
        onetimeKeyDeriveData: { kind: "subaddressIndex", index: BigInt(row.subaddress_index) },
        amount: { value: BigInt(row.value), tokenId: BigInt(row.token_id) },
        blinding: scalar(row.blinding),
      },
    },
  };
}

describeVectors("transactions: signing requests", () => {
  test.each(loadVectors<SigningRequestRow>("transactions/signing_requests.jsonl"))("$name", (row) => {
    const version = blockVersion(row.block_version);
    const prefix = txPrefixCodec.decode(hexToBytes(row.tx_prefix));
    expect(bytesToHex(txPrefixCodec.encode(prefix))).toBe(row.tx_prefix);
    expect(prefix.inputs.length).toBe(row.inputs.length);
    expect(prefix.outputs.length).toBe(row.outputs.length);
    const rings = row.inputs.map((input, index) => ringOf(prefix, input, index));
    const data = row.outputs.map(unblinding);
    const disclosure: OutputDisclosure = data.every(({ address }) => address !== undefined)
      ? { kind: "unblindingData", outputs: data }
      : { kind: "secrets", outputs: outputSecretsOf(data) };

    for (const [index, { unmaskedAmount }] of data.entries()) {
      const { value, blinding, tokenId } = unmaskedAmount;
      const opened = commit(value, blinding, tokenId).encode();
      const { maskedAmount, eMemo } = prefix.outputs[index]!;
      expect(opened).toEqual(maskedAmount!.commitment);
      const { shared_secret: sharedSecret, memo } = row.outputs[index]!;
      if (sharedSecret !== undefined && memo !== undefined) {
        expect(bytesToHex(decryptMemo(eMemo, hexToBytes(sharedSecret)))).toBe(memo);
      }
    }

    const text = txSignRequestFile.format({
      accountId: new Uint8Array(32).fill(7),
      txPrefix: prefix,
      rings,
      disclosure,
      blockVersion: row.block_version,
    });
    const request = txSignRequestFile.parse(text);
    expect(bytesToHex(txPrefixHash(request.txPrefix))).toBe(row.prefix_hash);

    const account = AccountKey.fromMnemonic(row.mnemonic, Number(row.account_index));
    for (const [index, input] of row.inputs.entries()) {
      const { publicKey } = prefix.inputs[index]!.ring[input.real_input_index]!;
      const { txos } = syncTxos(account, {
        accountId: request.accountId,
        txos: [{ subaddress: BigInt(input.subaddress_index), txOutPublicKey: publicKey }],
      });
      expect(txos.map(({ keyImage }) => bytesToHex(keyImage))).toEqual([input.key_image]);
      expect(bytesToHex(keyImageOf(scalar(input.onetime_private_key)))).toBe(input.key_image);
    }

    const signing = makeSigningData({
      blockVersion: version,
      prefix: request.txPrefix,
      rings: request.rings,
      outputSecrets: outputSecretsOf(data),
    });
    // There is one ring, so its pseudo-output follows from the outputs.
    expect(signing.pseudoOutputBlindings.map((blinding) => bytesToHex(blinding.toBytes()))).toEqual([
      row.pseudo_output_blinding,
    ]);

    const response = txSignResponseFile.parse(txSignResponseFile.format(signTransaction(account, request)));
    expect(response.txos.map(({ keyImage }) => bytesToHex(keyImage))).toEqual(
      row.inputs.map((input) => input.key_image),
    );
    const tx = acceptSignedTx(request, response);
    expect(bytesToHex(txPrefixHash(tx.prefix))).toBe(row.prefix_hash);
    expect(tx.signature.pseudoOutputCommitments.map(bytesToHex)).toEqual([row.pseudo_output_commitment]);
    verifyRingCt({ blockVersion: version, prefix: tx.prefix, signature: tx.signature });
    expectReport(tx, row, data, account, signing.pseudoOutputBlindings);
  });
});

/** What a signing device would say, where the request discloses whom the outputs pay. */
function expectReport(
  tx: Tx,
  row: SigningRequestRow,
  data: readonly TxOutSummaryUnblindingData[],
  account: AccountKey,
  blindings: readonly Scalar[],
): void {
  if (data.some(({ address }) => address === undefined)) return;
  const signed: SignedParts = tx.signature;
  const rings = row.inputs.map((input, index) => ringOf(tx.prefix, input, index));
  const summary = summarizeTx(tx.prefix, tx.signature.pseudoOutputCommitments);
  const { report, signingDigest } = verifyTxSummary(
    extendedMessageDigest(txPrefixHash(tx.prefix), signed),
    summary,
    txSummaryUnblindingData({ blockVersion: row.block_version, rings, txOutUnblindingData: data }, blindings),
    account.viewPrivateKey,
  );
  expect(signingDigest).toEqual(ringSigningMessage(blockVersion(row.block_version), tx.prefix, signed));
  expect(report.fee).toEqual({ value: tx.prefix.fee, tokenId: tx.prefix.feeTokenId });
  const sum = report.balances.reduce((total, { value }) => total + value, 0n);
  expect(sum).toBe(-tx.prefix.fee);
}
