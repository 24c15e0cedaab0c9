import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { connect as http2Connect } from "node:http2";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as tlsConnect } from "node:tls";
import { Code, ConnectError, type ConnectRouter, createClient } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-node";
import { ServiceUri } from "@mobilecoin-ts/wire";
import { Health } from "@mobilecoin-ts/wire/gen/health_pb";
import { afterEach, describe, expect, test } from "vitest";
import { type GrpcTransport, type GrpcTransportOptions, grpcTransport } from "../client/grpc-transport.ts";
import { ServiceError } from "../error.ts";
import { MetricsRegistry } from "../metrics.ts";
import { selfSigned } from "../testing/self-signed.ts";
import { type RunningServer, type ServerOptions, startServer } from "./start-server.ts";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const echo = (router: ConnectRouter): void => {
  router.service(Health, { ping: ({ data }) => ({ data }) });
};

async function serve(options: Partial<ServerOptions> = {}): Promise<RunningServer> {
  const server = await startServer({ listen: { host: "127.0.0.1", port: 0 }, routes: echo, ...options });
  cleanups.push(() => server.close({ graceMs: 0 }));
  return server;
}

function transportTo(uri: ServiceUri, options?: GrpcTransportOptions): GrpcTransport {
  const transport = grpcTransport(uri, options);
  cleanups.push(() => transport.close());
  return transport;
}

const clientOf = (uri: ServiceUri, options?: GrpcTransportOptions) =>
  createClient(Health, transportTo(uri, options));
const DATA = Uint8Array.of(1, 2, 3);

async function failureOf(call: Promise<unknown>): Promise<ConnectError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ConnectError)) throw new Error("expected a ConnectError", { cause: error });
  return error;
}

function dial(server: RunningServer): Socket {
  const socket = connect(server.port, "127.0.0.1");
  socket.on("error", () => {});
  cleanups.push(() => socket.destroy());
  return socket;
}

const closed = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    socket.resume();
    if (socket.destroyed) resolve();
    socket.once("close", () => resolve());
  });

/** Waits until something holds; the test's own time limit ends a wait in vain. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe("one plain port", () => {
  test("answers gRPC over HTTP/2", async () => {
    const server = await serve();
    expect((await clientOf(server.uri).ping({ data: DATA })).data).toEqual(DATA);
  });

  test.each(["1.1", "2"] as const)("answers gRPC-web over HTTP/%s", async (httpVersion) => {
    const server = await serve();
    const transport = createGrpcWebTransport({ baseUrl: `http://127.0.0.1:${server.port}`, httpVersion });
    expect((await createClient(Health, transport).ping({ data: DATA })).data).toEqual(DATA);
  });

  test("answers a browser's fetch, and its question before", async () => {
    const server = await serve({ cors: { origins: "*" } });
    const url = `http://127.0.0.1:${server.port}/grpc.health.v1.Health/Ping`;
    const headers = {
      "content-type": "application/grpc-web+proto",
      "x-grpc-web": "1",
      origin: "https://wallet.example",
    };
    const question = await fetch(url, {
      method: "OPTIONS",
      headers: { origin: "https://wallet.example", "access-control-request-method": "POST" },
    });
    expect([question.status, question.headers.get("access-control-allow-origin")]).toEqual([204, "*"]);
    expect(question.headers.get("access-control-allow-headers")).toContain("chain-id");
    const body = Uint8Array.of(0, 0, 0, 0, 5, 0x0a, 3, 1, 2, 3);
    const answer = await fetch(url, { method: "POST", headers, body });
    const bytes = new Uint8Array(await answer.arrayBuffer());
    expect(answer.headers.get("access-control-allow-origin")).toBe("*");
    expect(bytes.subarray(0, body.length)).toEqual(body);
    expect(new TextDecoder().decode(bytes.subarray(body.length))).toContain("grpc-status: 0");
  });

  test("lets only the named origins read answers, and none by default", async () => {
    const named = await serve({ cors: { origins: ["https://a.example"] } });
    const closedServer = await serve();
    const allowed = async (server: RunningServer, origin: string) => {
      const url = `http://127.0.0.1:${server.port}/grpc.health.v1.Health/Ping`;
      const answer = await fetch(url, {
        method: "POST",
        headers: { origin, "content-type": "application/proto" },
      });
      await answer.arrayBuffer();
      return answer.headers.get("access-control-allow-origin");
    };
    expect(await allowed(named, "https://a.example")).toBe("https://a.example");
    expect(await allowed(named, "https://b.example")).toBeNull();
    expect(await allowed(closedServer, "https://a.example")).toBeNull();
  });

  test("knows HTTP/1.1 by bytes that come one by one", async () => {
    const server = await serve();
    const socket = dial(server);
    let answer = "";
    socket.on("data", (chunk: Uint8Array) => {
      answer += new TextDecoder().decode(chunk);
    });
    for (const character of "POST / HTTP/1.1\r\nhost: a\r\n\r\n") {
      socket.write(character);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await until(() => answer.includes("HTTP/1.1 4"));
  });

  test("tells unknown paths and methods", async () => {
    const server = await serve();
    expect((await fetch(`http://127.0.0.1:${server.port}/`)).status).toBe(404);
    expect((await failureOf(clientOf(server.uri).check({}))).code).toBe(Code.Unimplemented);
  });

  test("cannot be opened twice", async () => {
    const server = await serve();
    const again = startServer({ listen: { host: "127.0.0.1", port: server.port }, routes: echo });
    await expect(again).rejects.toThrow(expect.objectContaining({ code: "Listen" }));
  });
});

describe("limits", () => {
  test("a message over the limit is RESOURCE_EXHAUSTED, one of the limit is not", async () => {
    const server = await serve({ maxRequestBytes: 1024 });
    const client = clientOf(server.uri);
    // The field's tag and its length of two bytes take three.
    expect((await client.ping({ data: new Uint8Array(1021) })).data).toHaveLength(1021);
    expect((await failureOf(client.ping({ data: new Uint8Array(1022) }))).code).toBe(Code.ResourceExhausted);
    expect((await client.ping({ data: DATA })).data).toEqual(DATA);
  });

  test("4 MiB are the limit when none is given", async () => {
    const server = await serve();
    const client = clientOf(server.uri);
    expect((await client.ping({ data: new Uint8Array(4 * 1024 * 1024 - 5) })).data).toHaveLength(4194299);
    expect((await failureOf(client.ping({ data: new Uint8Array(4 * 1024 * 1024) }))).code).toBe(
      Code.ResourceExhausted,
    );
  });

  test("connections beyond the limit are dropped", async () => {
    const server = await serve({ maxConnections: 2 });
    const kept = [dial(server), dial(server)];
    await until(() => server.connectionCount === 2);
    await closed(dial(server));
    expect(kept.map((socket) => socket.destroyed)).toEqual([false, false]);
  });

  test("headers beyond the limit fail the call, not the server", async () => {
    const server = await serve({ maxHeaderBytes: 4096 });
    const client = clientOf(server.uri);
    await failureOf(client.ping({ data: DATA }, { headers: { "x-long": "x".repeat(20_000) } }));
    expect((await clientOf(server.uri).ping({ data: DATA })).data).toEqual(DATA);
  });

  test("a connection that says nothing, half a header or half a body is closed", async () => {
    const server = await serve({ handshakeTimeoutMs: 50, requestTimeoutMs: 50 });
    const path = "/grpc.health.v1.Health/Ping";
    const starts = [
      "",
      "PRI * HTTP/2.0\r\n",
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
      "POST / HTTP/1.1\r\nhost:",
      `POST ${path} HTTP/1.1\r\nhost: a\r\ncontent-type: application/grpc-web\r\ncontent-length: 9\r\n\r\nab`,
    ];
    await Promise.all(
      starts.map((start) => {
        const socket = dial(server);
        socket.write(start);
        return closed(socket);
      }),
    );
    await until(() => server.connectionCount === 0);
  });

  test("a peer that no longer answers pings is given up", async () => {
    const server = await serve({ keepAliveIntervalMs: 20, keepAliveTimeoutMs: 50 });
    const socket = dial(server);
    // Preface and settings, then silence: no ping is acknowledged.
    socket.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    socket.write(Uint8Array.of(0, 0, 0, 4, 0, 0, 0, 0, 0));
    await closed(socket);
  });

  test("a client may ping as often as it likes, without calls", async () => {
    const server = await serve();
    const session = http2Connect(`http://127.0.0.1:${server.port}`);
    cleanups.push(() => session.destroy());
    await new Promise((resolve) => session.once("connect", resolve));
    for (let count = 0; count < 50; count++) {
      await new Promise<void>((resolve, reject) => {
        session.ping((error) => (error === null ? resolve() : reject(error)));
      });
    }
    expect(session.destroyed).toBe(false);
  });
});

describe("hostile peers", () => {
  test("random bytes, before and after the preface, harm nobody else", async () => {
    const server = await serve({ handshakeTimeoutMs: 200 });
    const client = clientOf(server.uri);
    const preface = new TextEncoder().encode("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    for (let round = 0; round < 40; round++) {
      const socket = dial(server);
      if (round % 2 === 1) socket.write(preface);
      if (round % 4 === 3) socket.write(Uint8Array.of(0, 0, 0, 4, 0, 0, 0, 0, 0));
      socket.write(crypto.getRandomValues(new Uint8Array(1 + round * 50)));
      if (round % 3 === 0) socket.end();
    }
    expect((await client.ping({ data: DATA })).data).toEqual(DATA);
    await until(() => server.connectionCount === 1);
  });

  test("an authority that is no host is refused", async () => {
    const server = await serve();
    const session = http2Connect(`http://127.0.0.1:${server.port}`);
    cleanups.push(() => session.destroy());
    const status = await new Promise<unknown>((resolve, reject) => {
      const request = session.request({
        ":method": "POST",
        ":path": "/grpc.health.v1.Health/Ping",
        ":authority": "a:99999999",
        "content-type": "application/grpc",
      });
      request.on("response", (headers) => resolve(headers[":status"]));
      request.on("error", reject);
      request.end();
    });
    expect(status).toBe(400);
    expect((await clientOf(server.uri).ping({ data: DATA })).data).toEqual(DATA);
  });

  test.each([
    ["no frame", Uint8Array.of()],
    ["half a frame", Uint8Array.of(0, 0, 0)],
    ["a frame longer than the message", Uint8Array.of(0, 0, 0, 0, 9, 1)],
    ["a length of 4 GiB", Uint8Array.of(0, 255, 255, 255, 255)],
    ["an unknown compression", Uint8Array.of(1, 0, 0, 0, 1, 7)],
    ["bytes that are no protobuf", Uint8Array.of(0, 0, 0, 0, 2, 0xff, 0xff)],
  ])("a gRPC body with %s is answered with a failure", async (_name, body) => {
    const server = await serve();
    const session = http2Connect(`http://127.0.0.1:${server.port}`);
    cleanups.push(() => session.destroy());
    const status = await new Promise<unknown>((resolve, reject) => {
      const request = session.request({
        ":method": "POST",
        ":path": "/grpc.health.v1.Health/Ping",
        "content-type": "application/grpc",
        te: "trailers",
      });
      let found: unknown;
      const see = (headers: Record<string, unknown>) => {
        found = headers["grpc-status"] ?? found;
      };
      request.on("response", see);
      request.on("trailers", see);
      request.on("close", () => resolve(found));
      request.on("error", reject);
      request.resume();
      request.end(body);
    });
    expect(Number(status)).toBeGreaterThan(0);
  });

  test("a fault in a handler does not tell the caller its reason", async () => {
    const server = await serve({
      routes: (router) => {
        router.service(Health, {
          ping: () => {
            throw new Error("a detail of the inside");
          },
        });
      },
    });
    const failure = await failureOf(clientOf(server.uri).ping({}));
    expect(failure.code).toBe(Code.Internal);
    expect(failure.message).not.toContain("detail");
  });
});

describe("closing", () => {
  function held(): {
    readonly routes: (router: ConnectRouter) => void;
    readonly release: () => void;
    started: boolean;
  } {
    let release = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const state = {
      started: false,
      release,
      routes: (router: ConnectRouter) => {
        router.service(Health, {
          ping: async ({ data }) => {
            state.started = true;
            await gate;
            return { data };
          },
        });
      },
    };
    return state;
  }

  test("lets a call in flight finish", async () => {
    const gate = held();
    const server = await serve({ routes: gate.routes });
    const call = clientOf(server.uri).ping({ data: DATA });
    await until(() => gate.started);
    const closing = server.close({ graceMs: 5_000 });
    await expect(closeEnough(closing)).resolves.toBe("still closing");
    const late = await failureOf(clientOf(server.uri).ping({ data: DATA }));
    expect(late.code).toBe(Code.Unavailable);
    gate.release();
    expect((await call).data).toEqual(DATA);
    await closing;
  });

  test("cuts a call off when the grace period is over", async () => {
    const gate = held();
    const server = await serve({ routes: gate.routes });
    const call = failureOf(clientOf(server.uri).ping({ data: DATA }));
    await until(() => gate.started);
    await server.close({ graceMs: 20 });
    expect([Code.Unavailable, Code.Canceled, Code.Aborted, Code.Internal]).toContain((await call).code);
    expect(server.connectionCount).toBe(0);
  });

  test("does not wait for idle connections of either kind, nor for half-open ones", async () => {
    const server = await serve();
    await clientOf(server.uri).ping({ data: DATA });
    await fetch(`http://127.0.0.1:${server.port}/`).then((answer) => answer.arrayBuffer());
    dial(server);
    await until(() => server.connectionCount === 3);
    const started = performance.now();
    await server.close({ graceMs: 10_000 });
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  const closeEnough = (closing: Promise<void>) =>
    Promise.race([closing, new Promise((resolve) => setTimeout(() => resolve("still closing"), 30))]);
});

describe("TLS", () => {
  function files(name: string) {
    const folder = mkdtempSync(join(tmpdir(), "service-tls-"));
    cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
    const chainFile = join(folder, "chain.pem");
    const keyFile = join(folder, "key.pem");
    const write = (serial: number) => {
      const made = selfSigned(name, serial);
      for (const [file, text] of [
        [keyFile, made.key],
        [chainFile, made.cert],
      ] as const) {
        writeFileSync(`${file}.new`, text);
        renameSync(`${file}.new`, file);
      }
    };
    write(1);
    return { chainFile, keyFile, write };
  }

  const uriOf = (query: string, port: number) =>
    new ServiceUri("consensusClient", `mc://127.0.0.1:${port}/?${new URLSearchParams(query)}`);

  test("serves gRPC and gRPC-web; the client checks authority and name", async () => {
    const { chainFile, keyFile } = files("node.example");
    const server = await serve({ listen: uriOf(`tls-chain=${chainFile}&tls-key=${keyFile}`, 0) });
    expect(server.uri.useTls).toBe(true);
    const good = uriOf(`tls-hostname=node.example&ca-bundle=${chainFile}`, server.port);
    expect((await clientOf(good).ping({ data: DATA })).data).toEqual(DATA);
    for (const bad of [
      uriOf("tls-hostname=node.example", server.port),
      uriOf(`tls-hostname=other.example&ca-bundle=${chainFile}`, server.port),
    ]) {
      expect((await failureOf(clientOf(bad).ping({ data: DATA }))).code).toBe(Code.Unavailable);
    }
    const web = createGrpcWebTransport({
      baseUrl: `https://127.0.0.1:${server.port}`,
      httpVersion: "1.1",
      nodeOptions: { rejectUnauthorized: false },
    });
    expect((await createClient(Health, web).ping({ data: DATA })).data).toEqual(DATA);
  });

  const serialOf = (server: RunningServer): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = tlsConnect({ port: server.port, host: "127.0.0.1", rejectUnauthorized: false }, () => {
        resolve(socket.getPeerCertificate().serialNumber);
        socket.destroy();
      });
      socket.on("error", reject);
    });

  test("takes a renewed certificate without a restart, and keeps the old one while the new is unusable", async () => {
    const { write, ...tls } = files("node.example");
    const server = await serve({ listen: { host: "127.0.0.1", port: 0, tls } });
    expect(await serialOf(server)).toBe("01");
    writeFileSync(tls.chainFile, "nothing");
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(await serialOf(server)).toBe("01");
    write(2);
    let serial = "01";
    while (serial === "01") serial = await serialOf(server);
    expect(serial).toBe("02");
  });

  test("does not start without usable files", async () => {
    const { chainFile } = files("a");
    const start = (query: string) => startServer({ listen: uriOf(query, 0), routes: echo });
    for (const query of ["", `tls-chain=${chainFile}`, `tls-chain=${chainFile}&tls-key=${chainFile}`]) {
      await expect(start(query)).rejects.toThrow(ServiceError);
    }
  });

  test("survives garbage in place of a handshake", async () => {
    const { write, ...tls } = files("node.example");
    const server = await serve({ listen: { host: "127.0.0.1", port: 0, tls } });
    const socket = dial(server);
    socket.write("GET / HTTP/1.1\r\n\r\n");
    await closed(socket);
    expect(await serialOf(server)).toBe("01");
  });
});

test("a call may ask for more time than a timer can count", async () => {
  const warnings: Error[] = [];
  const note = (warning: Error) => warnings.push(warning);
  process.on("warning", note);
  cleanups.push(() => process.off("warning", note));
  const server = await serve();
  const session = http2Connect(`http://127.0.0.1:${server.port}`);
  cleanups.push(() => session.destroy());
  const status = await new Promise((resolve) => {
    const stream = session.request({
      ":method": "POST",
      ":path": "/grpc.health.v1.Health/Ping",
      "content-type": "application/grpc",
      "grpc-timeout": "99999999H",
    });
    stream.on("trailers", (trailers) => resolve(trailers["grpc-status"]));
    stream.resume();
    stream.end(new Uint8Array(5));
  });
  expect(status).toBe("0");
  await new Promise(setImmediate);
  // Node.js warns of a timer that it cuts down to a millisecond.
  expect(warnings).toEqual([]);
});

test("a message that is refused for its length holds neither its stream nor the connection", async () => {
  const server = await serve({ maxRequestBytes: 1000 });
  const session = http2Connect(`http://127.0.0.1:${server.port}`);
  cleanups.push(() => session.destroy());
  const status = await new Promise((resolve) => {
    const stream = session.request({
      ":method": "POST",
      ":path": "/grpc.health.v1.Health/Ping",
      "content-type": "application/grpc",
    });
    let seen: unknown;
    stream.on("error", () => {});
    stream.on("response", (headers) => {
      seen = headers["grpc-status"];
    });
    stream.on("trailers", (trailers) => {
      seen = trailers["grpc-status"];
    });
    stream.on("close", () => resolve(seen));
    stream.resume();
    // More than the windows of stream and connection, so that it cannot all be sent.
    stream.end(new Uint8Array(5 + 8 * 1024 * 1024).fill(1, 2, 4));
  });
  expect(status).toBe("8");
}, 10_000);

test("calls are counted and timed", async () => {
  const metrics = new MetricsRegistry();
  const server = await serve({ metrics });
  const client = clientOf(server.uri);
  await client.ping({ data: DATA });
  await failureOf(client.check({}));
  const text = await metrics.text();
  expect(text).toContain('rpc_calls_total{method="grpc.health.v1.Health/Ping",code="ok"} 1');
  expect(text).toContain('rpc_connections{listener="consensusClient"} 1');
});
