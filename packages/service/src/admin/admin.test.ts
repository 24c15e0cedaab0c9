import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { ServiceUri } from "@mobilecoin-ts/wire";
import { AdminAPI } from "@mobilecoin-ts/wire/gen/admin_pb";
import { BuildInfoApi } from "@mobilecoin-ts/wire/gen/build_info_pb";
import { Health, HealthCheckResponse_ServingStatus } from "@mobilecoin-ts/wire/gen/health_pb";
import { expect, test } from "vitest";
import { grpcTransport } from "../client/grpc-transport.ts";
import { createLogger } from "../logger.ts";
import { MetricsRegistry } from "../metrics.ts";
import { startServer } from "../server/start-server.ts";
import { adminRoutes } from "./admin.ts";
import { startAdminHttpGateway } from "./admin-http-gateway.ts";
import { buildInfo, buildInfoRoutes } from "./build-info.ts";
import { healthRoutes } from "./health.ts";

async function open() {
  const lines: string[] = [];
  const logger = createLogger({
    name: "mc_consensus",
    level: "warn",
    destination: { write: (l) => lines.push(l) },
  });
  const metrics = new MetricsRegistry();
  metrics.counter({ name: "blocks_total", help: "Blocks" }).inc(3);
  const state: { health: "SERVING" | "NOT_SERVING" } = { health: "SERVING" };
  const server = await startServer({
    listen: new ServiceUri("admin", "insecure-mca://127.0.0.1:0/"),
    routes: (router) => {
      healthRoutes(router, { status: () => state.health });
      buildInfoRoutes(router, buildInfo({ gitCommit: "abc" }));
      adminRoutes(router, {
        name: "Consensus <Service>",
        id: `a"&'<b>:1`,
        config: () => ({ config: { path: "</pre><script>alert(1)</script>" } }),
        metrics,
        logger,
      });
    },
  });
  const transport = grpcTransport(server.uri);
  return {
    lines,
    logger,
    state,
    transport,
    async [Symbol.asyncDispose]() {
      transport.close();
      await server.close();
    },
  };
}

const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (error: unknown) => ConnectError.from(error).code,
  );

test("health is asked anew each time, echoes, and has no Watch", async () => {
  await using opened = await open();
  const health = createClient(Health, opened.transport);
  expect((await health.check({ service: "any" })).status).toBe(HealthCheckResponse_ServingStatus.SERVING);
  opened.state.health = "NOT_SERVING";
  expect((await health.check({})).status).toBe(HealthCheckResponse_ServingStatus.NOT_SERVING);
  expect((await health.ping({ data: Uint8Array.of(7) })).data).toEqual(Uint8Array.of(7));
  const watched = (async () => {
    for await (const _ of health.watch({}));
  })();
  expect(await codeOf(watched)).toBe(Code.Unimplemented);
});

test("admin tells name, build, configuration and metrics", async () => {
  await using opened = await open();
  const admin = createClient(AdminAPI, opened.transport);
  const info = await admin.getInfo({});
  expect([info.name, info.rustLog]).toEqual(["Consensus <Service>", "warn"]);
  expect(JSON.parse(info.configJson)).toHaveProperty("config.path");
  expect(JSON.parse(info.buildInfoJson)).toMatchObject({ SGX_MODE: "SW" });
  expect((await createClient(BuildInfoApi, opened.transport).getBuildInfo({})).gitCommit).toBe("abc");
  expect((await admin.getPrometheusMetrics({})).metrics).toContain("blocks_total 3");
});

test("admin replaces the log filter of a logger and its children", async () => {
  await using opened = await open();
  const child = opened.logger.child({ module: "worker" });
  const admin = createClient(AdminAPI, opened.transport);
  child.debug("not yet");
  await admin.setRustLog({ rustLog: "error,mc_consensus::worker=trace,mc_consensus.worker=debug" });
  child.debug("now");
  opened.logger.info("too quiet");
  expect(opened.lines.map((line) => JSON.parse(line).msg)).toEqual(["now"]);
  expect(await codeOf(admin.setRustLog({ rustLog: "a=b=c" }))).toBe(Code.InvalidArgument);
  expect((await admin.getInfo({})).rustLog).toContain("mc_consensus.worker=debug");
  await admin.testLogError({});
  expect(opened.lines.map((line) => JSON.parse(line).level)).toEqual([20, 50]);
});

test("the gateway has four routes, escapes, and refuses forms from elsewhere", async () => {
  await using opened = await open();
  await using gateway = await startAdminHttpGateway({
    transport: opened.transport,
    host: "127.0.0.1",
    port: 0,
  });
  const get = async (path: string) => {
    const answer = await fetch(new URL(path, gateway.url));
    return { status: answer.status, type: answer.headers.get("content-type"), body: await answer.text() };
  };
  const page = await get("/");
  expect(page.body).toContain("Consensus &lt;Service&gt;");
  expect(page.body).toContain("a&quot;&amp;&#39;&lt;b&gt;:1");
  expect(page.body).not.toContain("<script>");
  const info = JSON.parse((await get("/info")).body);
  expect(Object.keys(info)).toEqual(["name", "id", "build_info", "config", "rust_log"]);
  expect(info.build_info).toHaveProperty("GIT_COMMIT");
  const metrics = await get("/metrics");
  expect(metrics.body).toContain("blocks_total 3");
  expect(metrics.type).toContain("text/plain");
  expect((await get("/nowhere")).status).toBe(404);

  const post = (body: string, headers: Record<string, string> = {}) =>
    fetch(new URL("/set-rust-log", gateway.url), {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
      body,
      redirect: "manual",
    });
  const set = await post("rust_log=debug");
  expect([set.status, set.headers.get("location")]).toEqual([303, "/"]);
  expect(opened.logger.level).toBe("debug");
  expect((await post("other=1")).status).toBe(400);
  expect((await post("rust_log=a%3Db%3Dc")).status).toBe(400);
  expect((await post("rust_log=error", { origin: "https://evil.example" })).status).toBe(403);
  expect((await post(`rust_log=${"x".repeat(20_000)}`)).status).toBe(413);
  expect(opened.logger.level).toBe("debug");
  opened.transport.close();
  expect((await get("/info")).status).toBe(502);
});
