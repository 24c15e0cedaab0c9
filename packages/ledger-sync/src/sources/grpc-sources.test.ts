import { ed25519PublicKey } from "@mobilecoin-ts/crypto";
import { type GrpcTransport, grpcTransport, type RunningServer } from "@mobilecoin-ts/service";
import { ServiceUri } from "@mobilecoin-ts/wire";
import { afterEach, beforeEach, expect, test } from "vitest";
import { serveNode } from "../testing/node-server.ts";
import { sampleChain } from "../testing/sample-chain.ts";
import { grpcBlockSource } from "./block-source.ts";
import { fetchNodeIdentity } from "./node-identity.ts";

const chain = sampleChain(6);
const identity = { responderId: "node.test:8443", publicKey: ed25519PublicKey(new Uint8Array(32).fill(1)) };
const { signal } = new AbortController();
let server: RunningServer;
let transport: GrpcTransport;

async function serve(served: typeof identity): Promise<void> {
  server = await serveNode(chain, served);
  transport = grpcTransport(new ServiceUri("consensusClient", `insecure-mc://127.0.0.1:${server.port}/`));
}

beforeEach(() => serve(identity));

afterEach(async () => {
  transport.close();
  await server.close({ graceMs: 0 });
});

test("headers and the newest block come over a connection as they were sent", async () => {
  const source = grpcBlockSource("node.test:443", transport);
  expect(await source.fetchBlocks(2n, 3, signal)).toEqual(chain.slice(2, 5).map(({ block }) => block));
  expect(await source.fetchBlocks(6n, 100, signal)).toEqual([]);
  expect(await source.lastBlockInfo(signal)).toEqual({
    index: 5n,
    networkBlockVersion: 3,
    minimumFees: new Map([
      [0n, 400_000_000n],
      [1n, 1024n],
    ]),
  });
});

test("a node says who it is", async () => {
  expect(await fetchNodeIdentity(transport)).toEqual(identity);
});

test.each([
  ["no key", { ...identity, publicKey: new Uint8Array(0) }],
  ["a name that is none", { ...identity, responderId: "node" }],
])("an answer with %s is refused", async (_, served) => {
  transport.close();
  await server.close({ graceMs: 0 });
  await serve(served);
  await expect(fetchNodeIdentity(transport)).rejects.toMatchObject({ code: "Connection" });
});

test("a call ends with its signal, and with the connection", async () => {
  const source = grpcBlockSource("node.test:443", transport);
  await expect(source.fetchBlocks(0n, 1, AbortSignal.abort())).rejects.toThrow();
  await server.close({ graceMs: 0 });
  await expect(source.lastBlockInfo(AbortSignal.timeout(2_000))).rejects.toThrow();
});
