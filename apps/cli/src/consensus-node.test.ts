import { startServer } from "@mobilecoin-ts/service";
import { BlockchainAPI } from "@mobilecoin-ts/wire/gen/consensus_common_pb";
import { expect, it } from "vitest";
import { openNode } from "./consensus-node.ts";

it("openNode calls a node over gRPC, with chain id and the credentials of the URI", async () => {
  const headers: (string | null)[] = [];
  await using server = await startServer({
    listen: { host: "127.0.0.1", port: 0 },
    routes: ({ service }) => {
      service(BlockchainAPI, {
        getLastBlockInfo: (_, { requestHeader }) => {
          headers.push(requestHeader.get("chain-id"), requestHeader.get("authorization"));
          return { index: 7n, minimumFees: { 0: 5n }, networkBlockVersion: 4 };
        },
      });
    },
  });
  await using node = openNode(`insecure-mc://ann:secret@127.0.0.1:${server.port}`, "local");
  expect(await node.client.lastBlockInfo()).toEqual({
    index: 7n,
    minimumFees: new Map([[0n, 5n]]),
    networkBlockVersion: 4,
  });
  expect(headers).toEqual(["local", `Basic ${btoa("ann:secret")}`]);
  expect(`${node.uri}`).not.toContain("secret");
});

it("openNode refuses what is no address of a node, without repeating it", () => {
  expect(() => openNode("mcp://ann:secret@node.test", "")).toThrow(
    expect.objectContaining({ name: "CliError", message: expect.not.stringContaining("secret") }),
  );
});

it("a node that is not there is told apart from one that refuses", async () => {
  await using node = openNode("insecure-mc://127.0.0.1:1", "");
  await expect(node.client.lastBlockInfo()).rejects.toMatchObject({ code: "NodeUnavailable" });
});
