import { createClient } from "@connectrpc/connect";
import { Health } from "@mobilecoin-ts/wire/gen/health_pb";
import { expect, test } from "vitest";
import { grpcTransport } from "../client/grpc-transport.ts";
import { startServer } from "./start-server.ts";

test("answers gRPC over plain HTTP/2", async () => {
  await using server = await startServer({
    listen: { host: "127.0.0.1", port: 0 },
    routes: (router) => {
      router.service(Health, { ping: ({ data }) => ({ data }) });
    },
  });
  using transport = grpcTransport(server.uri);
  const answer = await createClient(Health, transport).ping({ data: Uint8Array.of(1, 2, 3) });
  expect(answer.data).toEqual(Uint8Array.of(1, 2, 3));
});
