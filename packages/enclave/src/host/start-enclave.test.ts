import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import {
  createDevelopmentRoot,
  type DevelopmentAuthority,
  simulatedMeasurement,
} from "@mobilecoin-ts/attestation";
import { utf8 } from "@mobilecoin-ts/crypto";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { decodeFrame, encodeFrame, type Frame } from "../frame.ts";
import { decodeFailure, startSettingsCodec } from "../settings.ts";
import { type DemoMessage, demoEnclave } from "../testing/demo-declaration.ts";
import { bundleEnclave, type EnclaveBundle } from "./bundle.ts";
import {
  type EnclaveMode,
  type RunningEnclave,
  type StartEnclaveOptions,
  startEnclave,
} from "./start-enclave.ts";

const folder = mkdtempSync(join(tmpdir(), "enclave-"));
const running: RunningEnclave<typeof demoEnclave>[] = [];
let bundle: EnclaveBundle;
let authority: DevelopmentAuthority;
beforeAll(async () => {
  authority = await createDevelopmentRoot({ now: new Date() });
  const entry = fileURLToPath(new URL("../testing/demo-enclave.ts", import.meta.url));
  bundle = await bundleEnclave(entry, { folder: join(folder, "bundles") });
});
afterAll(async () => {
  await Promise.all(running.map((enclave) => enclave.close()));
  rmSync(folder, { recursive: true });
});

const optionsWith = (changed: Partial<StartEnclaveOptions>): StartEnclaveOptions => ({
  mode: { kind: "worker" },
  sealFolder: join(folder, "seal"),
  root: authority.root,
  ...changed,
});

async function start(changed: Partial<StartEnclaveOptions>, program = bundle) {
  const enclave = await startEnclave(demoEnclave, program, optionsWith(changed));
  running.push(enclave);
  return enclave;
}

/** A bundle of these lines. */
function written(name: string, source: string): EnclaveBundle {
  const file = join(folder, `${name}.mjs`);
  writeFileSync(file, source);
  return { file, sha256: new Uint8Array(32) };
}

const input = (length: number, word = ""): DemoMessage => ({ bytes: new Uint8Array(length).fill(5), word });

describe.each<[string, EnclaveMode]>([
  ["a thread", { kind: "worker" }],
  ["a process", { kind: "process" }],
])("an enclave as %s", (_, mode) => {
  test("answers calls, many at a time, each with its own answer and in the order they are done", async () => {
    const { calls } = await start({ mode });
    const done: number[] = [];
    const delays = [150, 0, 75];
    await Promise.all(
      delays.map(async (length) => {
        expect(await calls.wait(input(length))).toEqual(input(length));
        done.push(length);
      }),
    );
    expect(done).toEqual([0, 75, 150]);
    const words = Array.from({ length: 200 }, (__, i) => `word ${i}`);
    const echoes = await Promise.all(words.map((word) => calls.echo(input(3, word))));
    expect(echoes.map(({ word }) => word)).toEqual(words);
  });

  test("tells of errors what they mean to tell, and nothing of others", async () => {
    const { calls } = await start({ mode });
    await expect(calls.refuse(input(0))).rejects.toMatchObject({
      name: "EnclaveError",
      code: "CallFailed",
      remote: { code: "NotToday", message: "not on this day", data: { day: "Monday" } },
    });
    const stumbled = await calls.stumble(input(0)).catch((error: unknown) => error);
    expect(stumbled).toMatchObject({ code: "CallFailed", remote: { code: "Failed", data: {} } });
    expect(JSON.stringify(stumbled)).not.toContain("1234");
    await expect(calls.nobody(input(0))).rejects.toMatchObject({ remote: { code: "UnknownCall" } });
  });

  test("takes and gives no more than was declared", async () => {
    const { calls } = await start({ mode });
    await expect(calls.echo(input(5000))).rejects.toMatchObject({ code: "TooLarge" });
    await expect(calls.flood(input(0))).rejects.toMatchObject({ remote: { code: "TooLarge" } });
    expect(await calls.echo(input(4000))).toEqual(input(4000));
  });

  test("sees nothing of the host's environment", async () => {
    const { calls } = await start({ mode });
    expect((await calls.environment(input(0))).bytes).toEqual(utf8(""));
  });

  test("writes to the host's log, and the host can watch all that crosses", async () => {
    const lines: [string, string][] = [];
    const seen: [string, string][] = [];
    const { calls } = await start({
      mode,
      onLog: (level, text) => lines.push([level, text]),
      observe: (direction, name) => seen.push([direction, name]),
    });
    await calls.log(input(0, "a line"));
    expect(lines).toEqual([["info", "a line"]]);
    expect(seen).toEqual([
      ["in", ""],
      ["out", "demo"],
      ["in", "log"],
      ["out", "info"],
      ["out", "log"],
    ]);
  });

  test.each([0, 2])("runs tasks with %i workers", async (workers) => {
    const { calls } = await start({ mode, workers });
    const results = await Promise.all(
      [1, 2, 3, 4].map((byte) => calls.task({ bytes: Uint8Array.of(byte), word: "double" })),
    );
    expect(results.map(({ bytes }) => bytes[0])).toEqual([2, 4, 6, 8]);
    await expect(calls.task(input(1, "unheard of"))).rejects.toMatchObject({ code: "CallFailed" });
    await expect(calls.task(input(1, "fail"))).rejects.toMatchObject({ code: "CallFailed" });
  });

  test("replaces a worker that ended", async () => {
    const { calls } = await start({ mode, workers: 1 });
    await expect(calls.task(input(1, "die"))).rejects.toMatchObject({ remote: { code: "Ended" } });
    expect((await calls.task(input(1, "double"))).bytes).toEqual(Uint8Array.of(10));
  });

  test("opens what it sealed, also after a new start, for the same purpose only", async () => {
    const sealed = await (await start({ mode })).calls.seal(input(9, "a key"));
    const { calls } = await start({ mode });
    const opened = await calls.unseal({ bytes: sealed.bytes, word: "a key" });
    expect(opened.bytes).toEqual(input(9).bytes);
    await expect(calls.unseal({ bytes: sealed.bytes, word: "another" })).rejects.toMatchObject({
      remote: { code: "Unseal" },
    });
    const elsewhere = await start({ mode, sealFolder: join(folder, "another machine") });
    await expect(elsewhere.calls.unseal({ bytes: sealed.bytes, word: "a key" })).rejects.toMatchObject({
      remote: { code: "Unseal" },
    });
  });

  test("that ends fails the calls under way and those to come, and tells the host once", async () => {
    const reasons: string[] = [];
    const { calls, close } = await start({ mode, onExit: (reason) => reasons.push(reason) });
    const under = Promise.allSettled([calls.wait(input(2000)), calls.die(input(0))]);
    for (const result of await under) expect(result).toMatchObject({ reason: { code: "Ended" } });
    await expect(calls.echo(input(0))).rejects.toMatchObject({ code: "Ended" });
    expect(reasons).toEqual([expect.stringContaining("9")]);
    await close();
    expect(reasons.length).toBe(1);
  });

  test("that is closed answers no more, and its end is no news", async () => {
    const reasons: string[] = [];
    const { calls, close } = await start({ mode, onExit: (reason) => reasons.push(reason) });
    const under = calls.wait(input(2000));
    const refused = expect(under).rejects.toMatchObject({ code: "Ended" });
    await close();
    await refused;
    await expect(calls.echo(input(0))).rejects.toMatchObject({ code: "Ended" });
    expect(reasons).toEqual([]);
  });

  test("that cannot run says why it did not start", async () => {
    await expect(start({ mode }, written("broken", "process.exit(5);"))).rejects.toMatchObject({
      code: "StartFailed",
      message: expect.stringContaining("5"),
    });
    const failing = written(
      "failing",
      readFileSync(bundle.file, "utf8").replace("MEASUREMENT_LENGTH = 32", "MEASUREMENT_LENGTH = 0"),
    );
    await expect(start({ mode }, failing)).rejects.toMatchObject({
      code: "StartFailed",
      message: expect.stringContaining("no measurement"),
    });
  });
});

test("a simulated enclave is measured by its bundle, and needs a development root", async () => {
  const { measurement } = await start({});
  expect(measurement).toEqual(simulatedMeasurement(bundle.sha256, 7));
  await expect((await start({})).quote()).rejects.toMatchObject({ remote: { code: "Evidence" } });
  const intel = { der: authority.root.der, kind: "intel" } as const;
  await expect(start({ root: intel })).rejects.toMatchObject({ code: "StartFailed" });
});

test("more calls than the boundary takes are refused at once", async () => {
  const { calls } = await start({});
  const results = await Promise.allSettled(Array.from({ length: 4100 }, () => calls.echo(input(0))));
  const refused = results.filter(({ status }) => status === "rejected");
  expect(refused.length).toBe(4);
  expect(refused[0]).toMatchObject({ reason: { code: "Busy" } });
});

test("a program that speaks no frames is ended", async () => {
  const babbling = written(
    "babbling",
    'import { parentPort } from "node:worker_threads"; parentPort.postMessage(new Uint8Array(3)); setInterval(() => {}, 1000);',
  );
  await expect(start({}, babbling)).rejects.toMatchObject({ code: "StartFailed" });
});

test("an enclave over the loopback, as under Gramine, asks the processor and says that there is none", async () => {
  const mode: EnclaveMode = { kind: "gramine", command: [process.execPath, bundle.file] };
  await expect(start({ mode })).rejects.toMatchObject({
    code: "StartFailed",
    message: expect.stringContaining("not under Gramine"),
  });
  await expect(start({ mode: { kind: "gramine", command: ["/no/such/program"] } })).rejects.toThrow("ENOENT");
});

test("a process that is killed is gone for its callers", async () => {
  const enclave = await start({ mode: { kind: "process" } });
  const pid = Number((await enclave.calls.environment(input(0))).word);
  const under = enclave.calls.wait(input(3000));
  const refused = expect(under).rejects.toMatchObject({
    code: "Ended",
    message: expect.stringContaining("SIGKILL"),
  });
  process.kill(pid, "SIGKILL");
  await refused;
});

test("an enclave's process ends with its host", async () => {
  const host = written(
    "host",
    `import { spawn } from "node:child_process";
     const child = spawn(process.execPath, [${JSON.stringify(bundle.file)}], { stdio: ["ignore", "ignore", "ignore", "pipe"], detached: true });
     process.stdout.write(String(child.pid));
     setInterval(() => {}, 1000);`,
  );
  const process_ = spawn(process.execPath, [host.file], { stdio: ["ignore", "pipe", "ignore"] });
  const pid = await new Promise<number>((resolve) =>
    process_.stdout.once("data", (data) => resolve(Number(data))),
  );
  const isAlive = () => {
    try {
      return !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
    } catch {
      return false;
    }
  };
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(isAlive()).toBe(true);
  process_.kill("SIGKILL");
  await expect.poll(isAlive, { timeout: 5000 }).toBe(false);
});

/** The demonstration program as a bare thread, to be spoken to in frames no host would send. */
async function bare() {
  const worker = new Worker(pathToFileURL(bundle.file), { env: {} });
  const frames: Frame[] = [];
  worker.on("message", (bytes: Uint8Array) => frames.push(decodeFrame(bytes)));
  const settings = (measurement: number) =>
    encodeFrame({
      kind: "start",
      id: 0,
      name: "",
      payload: startSettingsCodec.encode({
        workers: 0,
        simulated: {
          mrEnclave: new Uint8Array(32).fill(measurement),
          mrSigner: new Uint8Array(32),
          productId: 7,
          securityVersion: 1,
          debug: false,
          sealRoot: new Uint8Array(32),
          root: authority.root.der,
        },
      }),
    });
  const echo = (id: number) =>
    encodeFrame({ kind: "call", id, name: "echo", payload: demoEnclave.calls.echo.input.encode(input(1)) });
  return { worker, frames, settings, echo };
}

describe("a hostile host", () => {
  test("starts a program only once, and gets no answer before", async () => {
    const { worker, frames, settings, echo } = await bare();
    worker.postMessage(echo(1));
    worker.postMessage(settings(1));
    worker.postMessage(settings(2));
    await expect.poll(() => frames.length, { timeout: 10_000 }).toBe(1);
    expect(frames[0]).toMatchObject({ kind: "ready", name: "demo" });
    worker.postMessage(settings(2));
    worker.postMessage(echo(2));
    await expect.poll(() => frames.length).toBe(2);
    expect(frames[1]).toMatchObject({ kind: "result", id: 2 });
    await worker.terminate();
  });

  test("is told nothing by a program that was sent rubbish, and the program goes on", async () => {
    const { worker, frames, settings, echo } = await bare();
    worker.postMessage(settings(1));
    await expect.poll(() => frames.length, { timeout: 10_000 }).toBe(1);
    for (const garbage of fc.sample(fc.uint8Array({ maxLength: 60 }), 500)) {
      // Its first byte is no kind of frame.
      worker.postMessage(Uint8Array.of(0, ...garbage));
    }
    for (const value of [undefined, "start", { kind: "call" }, 7n]) worker.postMessage(value);
    worker.postMessage(echo(9));
    await expect.poll(() => frames.length).toBe(2);
    expect(frames[1]).toMatchObject({ kind: "result", id: 9 });
    await worker.terminate();
  });

  test("gets a failure for every call with arguments that are none", async () => {
    const { worker, frames, settings } = await bare();
    worker.postMessage(settings(1));
    await expect.poll(() => frames.length, { timeout: 10_000 }).toBe(1);
    const names = ["__proto__", "constructor", "toString", "echo", "", "nobody"];
    for (const [id, name] of names.entries()) {
      const payload = new Uint8Array(20).fill(0xff);
      worker.postMessage(encodeFrame({ kind: "call", id: id + 1, name, payload }));
    }
    worker.postMessage(encodeFrame({ kind: "call", id: 7, name: "echo", payload: new Uint8Array(5000) }));
    await expect.poll(() => frames.length).toBe(8);
    const failures = frames.slice(1).sort((a, b) => a.id - b.id);
    expect(failures.map(({ kind }) => kind)).toEqual(Array.from({ length: 7 }, () => "failure"));
    const codes = failures.map(({ payload }) => decodeFailure(payload).code);
    expect([...codes.slice(0, 3), ...codes.slice(4)]).toEqual([
      ...Array.from({ length: 5 }, () => "UnknownCall"),
      "TooLarge",
    ]);
    await worker.terminate();
  });
});
