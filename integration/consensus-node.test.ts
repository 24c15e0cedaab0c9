import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { encodeEd25519PrivateDer } from "@mobilecoin-ts/crypto";
import { clientResponderId, Devnet, type NodePlan, peerResponderId } from "@mobilecoin-ts/devnet";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const main = fileURLToPath(new URL("../apps/cli/src/main.ts", import.meta.url));

let folder: string;
let node: NodePlan;
let running: ChildProcess | undefined;

function start(...more: readonly string[]): ChildProcess {
  const key = Buffer.from(encodeEd25519PrivateDer(node.messageSigningSeed)).toString("base64");
  const words = [
    ["--chain-id", "local"],
    ["--peer-responder-id", peerResponderId(node)],
    ["--client-responder-id", clientResponderId(node)],
    ["--msg-signer-key", key],
    ["--network", join(node.folder, "network.toml")],
    ["--peer-listen-uri", `insecure-mcp://127.0.0.1:${node.peerPort}/`],
    ["--client-listen-uri", `insecure-mc://127.0.0.1:${node.clientPort}/`],
    ["--admin-listen-uri", `insecure-mca://127.0.0.1:${node.adminPort}/`],
    ["--ledger-path", join(folder, "ledger")],
    ["--origin-block-path", join(node.folder, "ledger")],
    ["--sealed-block-signing-key", join(folder, "sealed-key")],
    ["--tokens", join(folder, "net/tokens.json")],
    ["--block-version", "4"],
    ["--development-root", join(folder, "net/attestation")],
    ["--seal-folder", join(folder, "net/seal")],
  ].flat();
  return spawn(process.execPath, [main, "consensus-node", ...words, ...more], {
    stdio: ["ignore", "pipe", "pipe"],
  });
}

function ended(child: ChildProcess): Promise<{ status: number | null; err: string }> {
  let err = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    err += text;
  });
  return new Promise((resolve) => child.once("close", (status) => resolve({ status, err })));
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      if (text.includes("Consensus node")) resolve();
    });
    child.once("close", (status) => reject(new Error(`the node ended with ${status}`)));
  });
}

async function mobilecoin(...words: readonly string[]): Promise<{ status: number | null; out: string }> {
  const child = spawn(process.execPath, [main, ...words], { stdio: ["ignore", "pipe", "inherit"] });
  let out = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  return new Promise((resolve) => child.once("close", (status) => resolve({ status, out })));
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "consensus-node-"));
  // A network of one writes all the files that the command takes; the governors' root of its tokens is the usual one.
  const devnet = await Devnet.start(join(folder, "net"), { topology: "single" });
  node = devnet.plan.nodes[0] as NodePlan;
  await devnet.close();
});

afterAll(() => {
  running?.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

describe("mobilecoin consensus-node", () => {
  test("runs from files, answers, survives a kill with its sealed key, and stops on Ctrl-C", async () => {
    const first = start();
    running = first;
    await ready(first);
    const uri = `insecure-mc://localhost:${node.clientPort}/`;
    const { status, out } = await mobilecoin("consensus-tool", "status", uri);
    expect(status).toBe(0);
    expect(out).toMatch(/"block_index": "?0"?/);
    const killed = ended(first);
    first.kill("SIGKILL");
    await killed;

    const again = start();
    running = again;
    await ready(again);
    const stopped = ended(again);
    again.kill("SIGINT");
    expect((await stopped).status).toBe(0);
  });

  test.each([
    ["a public network", ["--chain-id", "main"], /development root/],
    ["a network file that is missing", ["--network", "/nowhere/network.toml"], /cannot be read/],
    ["a key that is none, without repeating it", ["--msg-signer-key", "SECRETVALUE"], /private Ed25519 key/],
    ["a secret that is none, without repeating it", ["--client-auth-token-secret", "SECRETVALUE"], /64 hex/],
    ["an origin that is nowhere", ["--ledger-path", "new", "--origin-block-path", "/nowhere"], /no folder/],
  ])("refuses %s", async (_, words, reason) => {
    const { status, err } = await ended(
      start(...words.map((word) => (word === "new" ? join(folder, "new") : word))),
    );
    expect(status).not.toBe(0);
    expect(err).toMatch(reason);
    expect(err).not.toContain("SECRETVALUE");
  });
});
