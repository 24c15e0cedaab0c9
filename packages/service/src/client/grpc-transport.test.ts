import { createServer, type Socket } from "node:net";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { ServiceUri } from "@mobilecoin-ts/wire";
import { Health } from "@mobilecoin-ts/wire/gen/health_pb";
import { expect, test } from "vitest";
import { startServer } from "../server/start-server.ts";
import { grpcTransport } from "./grpc-transport.ts";

const listen = new ServiceUri("consensusClient", "insecure-mc://127.0.0.1:0/");
const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (error: unknown) => ConnectError.from(error).code,
  );

test("cookies of headers, trailers and failures come back until they are cleared", async () => {
  const seen: (string | null)[] = [];
  await using server = await startServer({
    listen,
    routes: (router) => {
      router.service(Health, {
        ping: (_, context) => {
          seen.push(context.requestHeader.get("cookie"));
          context.responseHeader.append("set-cookie", "a=1; Path=/");
          context.responseHeader.append("set-cookie", "b=2");
          context.responseTrailer.append("set-cookie", "c=3; HttpOnly");
          return {};
        },
        check: () => {
          const gone = "a=; Max-Age=0";
          throw new ConnectError("no", Code.Internal, [["set-cookie", gone]]);
        },
      });
    },
  });
  using transport = grpcTransport(server.uri);
  const client = createClient(Health, transport);
  await client.ping({});
  await client.ping({});
  await codeOf(client.check({}));
  await client.ping({});
  transport.clearCookies();
  await client.ping({});
  expect(seen).toEqual([null, "a=1; b=2; c=3", "b=2; c=3", null]);
});

test("connects again after the server was away, and not before the delay is over", async () => {
  const first = await startServer({
    listen,
    routes: (router) => void router.service(Health, { ping: () => ({}) }),
  });
  let now = 0;
  using transport = grpcTransport(first.uri, { now: () => now });
  const client = createClient(Health, transport);
  await client.ping({});
  await first.close({ graceMs: 0 });
  // A call that goes out while the connection is going down fails in its own way; then none can be made.
  const reason = () => client.ping({}).then(String, String);
  await expect.poll(reason, { interval: 1 }).toContain("cannot connect");
  await using _second = await startServer({
    listen: first.uri,
    routes: (router) => void router.service(Health, { ping: () => ({}) }),
  });
  expect(await codeOf(client.ping({}))).toBe(Code.Unavailable);
  now = 1_001;
  await client.ping({});
  transport.close();
  expect(await codeOf(client.ping({}))).toBe(Code.Unavailable);
});

test("gives up a peer that takes the connection and never answers", async () => {
  const sockets: Socket[] = [];
  const mute = createServer((socket) => sockets.push(socket.on("error", () => {})));
  await new Promise<void>((resolve) => mute.listen(0, "127.0.0.1", resolve));
  const address = mute.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const uri = new ServiceUri("consensusClient", `insecure-mc://127.0.0.1:${port}/`);
  using deadline = grpcTransport(uri, { timeoutMs: 50 });
  expect(await codeOf(createClient(Health, deadline).ping({}))).toBe(Code.DeadlineExceeded);
  using keptAlive = grpcTransport(uri, { keepAlive: { intervalMs: 20, timeoutMs: 30 } });
  expect(await codeOf(createClient(Health, keptAlive).ping({}))).toBe(Code.Unavailable);
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => mute.close(resolve));
});

test("refuses an unusable file of authorities, and answers over the limit", async () => {
  const uri = new ServiceUri("consensusClient", "mc://a/?ca-bundle=/nowhere.pem");
  expect(() => grpcTransport(uri)).toThrow(expect.objectContaining({ code: "CaBundle" }));
  await using server = await startServer({
    listen,
    routes: (router) => void router.service(Health, { ping: () => ({ data: new Uint8Array(2000) }) }),
  });
  using transport = grpcTransport(server.uri, { maxResponseBytes: 1000 });
  expect(await codeOf(createClient(Health, transport).ping({}))).toBe(Code.ResourceExhausted);
});
