import {
  type BlockchainConfig,
  blockchainConfigDigest,
  validateBlockchainConfig,
} from "@mobilecoin-ts/consensus";
import { bytesToHex, hexToBytes, type SignerSet } from "@mobilecoin-ts/crypto";
import { blockVersion, type FeeMap, feeMapDigest } from "@mobilecoin-ts/transaction";
import { expect, test } from "vitest";
import { describeVectors, loadVectors } from "./vectors.ts";

interface FeeRow {
  readonly token_id: string;
  readonly fee: string;
}

const feesOf = (rows: readonly FeeRow[]): FeeMap =>
  new Map(rows.map(({ token_id, fee }) => [BigInt(token_id), BigInt(fee)]));

interface FeeMapRow {
  readonly name: string;
  readonly fees: readonly FeeRow[];
  readonly canonical_digest: string;
}

describeVectors("consensus: fee maps", () => {
  test.each(loadVectors<FeeMapRow>("consensus/fee_maps.jsonl"))("$name", ({ fees, canonical_digest }) => {
    expect(bytesToHex(feeMapDigest(feesOf(fees)))).toBe(canonical_digest);
    expect(bytesToHex(feeMapDigest(feesOf(fees.toReversed())))).toBe(canonical_digest);
  });
});

interface SignerSetRow {
  readonly signers: readonly string[];
  readonly multi_signers?: readonly SignerSetRow[];
  readonly threshold: number;
}

interface ConfigRow {
  readonly name: string;
  readonly fees: readonly FeeRow[];
  readonly governors: readonly { readonly token_id: string; readonly signer_set: SignerSetRow }[];
  readonly governors_signature?: string;
  readonly block_version: number;
  readonly digest: string;
}

function signerSetOf(row: SignerSetRow): SignerSet {
  return {
    individualSigners: row.signers.map(hexToBytes),
    multiSigners: (row.multi_signers ?? []).map(signerSetOf),
    threshold: row.threshold,
  };
}

describeVectors("consensus: blockchain configurations", () => {
  test.each(loadVectors<ConfigRow>("consensus/blockchain_configs.jsonl"))("$name", (row) => {
    const config: BlockchainConfig = {
      fees: feesOf(row.fees),
      governors: new Map(
        row.governors.map(({ token_id, signer_set }) => [BigInt(token_id), signerSetOf(signer_set)]),
      ),
      governorsSignature:
        row.governors_signature === undefined ? undefined : hexToBytes(row.governors_signature),
      blockVersion: blockVersion(row.block_version),
    };
    expect(bytesToHex(blockchainConfigDigest(config))).toBe(row.digest);
    expect(() => validateBlockchainConfig(config)).not.toThrow();
  });
});
