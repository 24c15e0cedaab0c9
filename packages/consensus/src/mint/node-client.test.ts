import { Code, ConnectError, createRouterTransport } from "@connectrpc/connect";
import { Point, Scalar } from "@mobilecoin-ts/curve";
import { mintConfigTxFromApi, mintTxFromApi } from "@mobilecoin-ts/transaction";
import { ConsensusClientAPI, MintValidationResultCode } from "@mobilecoin-ts/wire/gen/consensus_client_pb";
import { BlockchainAPI } from "@mobilecoin-ts/wire/gen/consensus_common_pb";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { consensusValue } from "../messages/testing/arbitrary-message.ts";
import { mintTxPrefix } from "./mint-prefix.ts";
import { type MintTransaction, signMintTransaction } from "./mint-transaction.ts";
import { ConsensusNodeClient } from "./node-client.ts";

const POINT = Point.multiplyBase(Scalar.fromBigInt(7n)).encode();
const mint: MintTransaction = signMintTransaction(
  {
    kind: "mintTx",
    tx: {
      prefix: mintTxPrefix({
        tokenId: 1n,
        amount: 5n,
        viewPublicKey: POINT,
        spendPublicKey: POINT,
        tombstoneBlock: 9n,
      }),
      signature: [],
    },
  },
  new Uint8Array(32).fill(1),
);

interface Fake {
  readonly received: MintTransaction[];
  result:
    | { code: MintValidationResultCode; tokenId?: bigint; nonceLength?: bigint; blockVersion?: number }
    | undefined;
  failure: ConnectError | undefined;
}

function fakeNode() {
  const fake: Fake = { received: [], result: undefined, failure: undefined };
  const answer = (transaction: MintTransaction) => {
    if (fake.failure !== undefined) throw fake.failure;
    fake.received.push(transaction);
    return {
      blockCount: 12n,
      blockVersion: 3,
      ...(fake.result === undefined ? {} : { result: fake.result }),
    };
  };
  const transport = createRouterTransport(({ service }) => {
    service(ConsensusClientAPI, {
      proposeMintTx: (tx) => answer({ kind: "mintTx", tx: mintTxFromApi(tx) }),
      proposeMintConfigTx: (tx) => answer({ kind: "mintConfigTx", tx: mintConfigTxFromApi(tx) }),
    });
    service(BlockchainAPI, {
      getLastBlockInfo: () => {
        if (fake.failure !== undefined) throw fake.failure;
        return {
          index: 11n,
          mobMinimumFee: 4n,
          minimumFees: { 8: 1n, 0: 5n, 1: 0n },
          networkBlockVersion: 3,
        };
      },
    });
  });
  return { fake, transport };
}

describe("ConsensusNodeClient", () => {
  it("tells a node's last block and known fees, in the order of tokens", async () => {
    const { transport } = fakeNode();
    expect(await new ConsensusNodeClient(transport).lastBlockInfo()).toEqual({
      index: 11n,
      minimumFees: new Map([
        [0n, 5n],
        [8n, 1n],
      ]),
      networkBlockVersion: 3,
    });
  });

  it("takes the one fee of a node from before there were tokens", async () => {
    const transport = createRouterTransport(({ service }) => {
      service(BlockchainAPI, { getLastBlockInfo: () => ({ index: 1n, mobMinimumFee: 4n }) });
    });
    expect((await new ConsensusNodeClient(transport).lastBlockInfo()).minimumFees).toEqual(
      new Map([[0n, 4n]]),
    );
  });

  it("hands over mint transactions unchanged", async () => {
    const { fake, transport } = fakeNode();
    const client = new ConsensusNodeClient(transport);
    expect(await client.propose(mint)).toEqual({ kind: "accepted", blockCount: 12n });
    const any = consensusValue.filter((value): value is MintTransaction => value.kind !== "txHash");
    await fc.assert(
      fc.asyncProperty(any, async (transaction) => {
        await client.propose(transaction);
        expect(fake.received.at(-1)).toEqual(transaction);
      }),
      { numRuns: 30 },
    );
  });

  it.each([
    [{ code: MintValidationResultCode.InvalidSignature }, 5, "InvalidSignature", undefined],
    [{ code: MintValidationResultCode.InvalidTokenId, tokenId: 7n }, 2, "InvalidTokenId", 7n],
    [{ code: MintValidationResultCode.NoGovernors, tokenId: 8n }, 10, "NoGovernors", 8n],
    [{ code: MintValidationResultCode.InvalidNonceLength, nonceLength: 3n }, 3, "InvalidNonceLength", 3n],
    [{ code: MintValidationResultCode.InvalidBlockVersion, blockVersion: 1 }, 1, "InvalidBlockVersion", 1n],
  ])("tells why a node refuses: %s", async (result, code, reason, detail) => {
    const { fake, transport } = fakeNode();
    fake.result = result;
    expect(await new ConsensusNodeClient(transport).propose(mint)).toEqual({
      kind: "refused",
      blockCount: 12n,
      code,
      reason,
      detail,
    });
  });

  it("parts calls that may be made again from those that may not", async () => {
    const { fake, transport } = fakeNode();
    const client = new ConsensusNodeClient(transport);
    fake.failure = new ConnectError("Temporarily over capacity", Code.Unavailable);
    await expect(client.propose(mint)).rejects.toMatchObject({ code: "NodeUnavailable" });
    fake.failure = new ConnectError("chain-id mismatch: 'main'", Code.FailedPrecondition);
    await expect(client.lastBlockInfo()).rejects.toMatchObject({
      code: "NodeRefused",
      message: expect.stringContaining("chain-id mismatch: 'main'"),
    });
  });

  it("stops with the reason of whoever stops it", async () => {
    const stopped = new Error("enough");
    const transport = createRouterTransport(({ service }) => {
      service(BlockchainAPI, { getLastBlockInfo: () => new Promise<never>(() => {}) });
    });
    const controller = new AbortController();
    const call = new ConsensusNodeClient(transport).lastBlockInfo(controller.signal);
    controller.abort(stopped);
    await expect(call).rejects.toBe(stopped);
  });

  it("gives up on a node that does not answer in time", async () => {
    const transport = createRouterTransport(({ service }) => {
      service(BlockchainAPI, { getLastBlockInfo: () => new Promise<never>(() => {}) });
    });
    const client = new ConsensusNodeClient(transport, { timeoutMs: 20 });
    await expect(client.lastBlockInfo()).rejects.toMatchObject({ code: "NodeUnavailable" });
  });
});
