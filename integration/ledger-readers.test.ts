import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { fileURLToPath, pathToFileURL } from "node:url";
import { bytesToHex } from "@mobilecoin-ts/crypto";
import {
  Devnet,
  devnetAccount,
  type NodePlan,
  nodeArchiveFolder,
  nodeLedgerFolder,
} from "@mobilecoin-ts/devnet";
import { archiveBlockPath, encodeArchiveBlock, makeChildBlock } from "@mobilecoin-ts/ledger";
import { openArchives } from "@mobilecoin-ts/ledger/store";
import { fileDestination } from "@mobilecoin-ts/ledger-sync";
import { Wallet } from "@mobilecoin-ts/sdk";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { describeFailure } from "../apps/cli/src/cli-error.ts";
import { runWords } from "../apps/cli/src/program.ts";

const main = fileURLToPath(new URL("../apps/cli/src/main.ts", import.meta.url));

let folder: string;
let devnet: Devnet;
/** What `ledger-distribution` makes of the ledger of the first node, and a copy with another block 2, valid in itself. */
let published: string;
let lying: string;

const urlOf = (path: string) => `${pathToFileURL(path).href}/`;
const peers = () =>
  devnet.plan.nodes.flatMap(({ clientPort }) => ["--peer", `insecure-mc://localhost:${clientPort}/`]);
const nodeArchives = () => devnet.plan.nodes.map((node) => urlOf(nodeArchiveFolder(node)));
const sourcesOf = (...urls: readonly string[]) => urls.flatMap((url) => ["--tx-source-url", url]);

class Collected extends Writable {
  text = "";

  override _write(chunk: Uint8Array | string, _: string, done: () => void): void {
    this.text += typeof chunk === "string" ? chunk : new TextDecoder().decode(chunk);
    done();
  }
}

/** Runs a command line in this process; what it says and how it ends. */
async function mobilecoin(...words: readonly string[]) {
  const terminal = { out: new Collected(), err: new Collected() };
  process.exitCode = 0;
  try {
    await runWords(words, { terminal });
    return { status: process.exitCode, out: terminal.out.text, err: terminal.err.text };
  } catch (failure) {
    return { status: 1, out: terminal.out.text, err: `${terminal.err.text}${describeFailure(failure)}` };
  } finally {
    process.exitCode = 0;
  }
}

function writeWatcherConfig(name: string, urls: readonly string[], attestation: string, client = ""): string {
  const sources = urls.map((url) => `[[sources]]\ntx_source_url = "${url}"\n${client}`).join("");
  const file = join(folder, "net", name);
  writeFileSync(file, `${sources}[attestation]\n${attestation}\n`);
  return file;
}

const TRUST = 'trusted_identities = "trusted-identities.json"\nroot = "attestation/development-root.pem"';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "readers-"));
  devnet = await Devnet.start(join(folder, "net"), { topology: "dense3" });
  const payer = new Wallet({ account: devnetAccount(1), ledger: devnet.ledger });
  await payer.sync();
  for (let i = 0; i < 4; i++) {
    const to = devnetAccount(2).defaultSubaddress;
    await (await payer.submit(await payer.prepare({ to, amount: 5n }))).confirmed();
  }
  published = join(folder, "published");
  lying = join(folder, "lying");
});

afterAll(async () => {
  await devnet?.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("readers of a network's ledger", () => {
  test.each<[readonly string[]]>([
    [["ledger-distribution"]],
    [["ledger-sync"]],
    [["light-client", "generate-config"]],
    [["light-client", "fetch-blocks"]],
    [["light-client", "verify-block"]],
    [["light-client", "verify-tx-out"]],
    [["watcher", "sync"]],
    [["watcher", "serve"]],
    [["watcher", "report"]],
    [["watcher", "verify"]],
  ])("help is complete: %j", async (words) => {
    const { status, out, err } = await mobilecoin(...words, "--help");
    expect([status, err]).toEqual([0, ""]);
    expect(out).toContain(`Usage: mobilecoin ${words.join(" ")} [options]`);
    expect(out).toMatch(/Examples:|The configuration/);
  });

  test("ledger-distribution publishes single and merged files that verify", async () => {
    const ledger = nodeLedgerFolder(devnet.plan.nodes[0]!);
    const words = ["--ledger-path", ledger, "--dest", urlOf(published), "--merge-buckets", "2"];
    const done = await mobilecoin("ledger-distribution", ...words, "--once", "--log", "error");
    expect(done).toMatchObject({ status: 0, out: "published 5 blocks\n" });
    expect((await mobilecoin("ledger", "verify", published)).out).toContain("Blocks 0 to 4 are valid");
    cpSync(published, lying, { recursive: true });
    rmSync(join(lying, "merged-2"), { recursive: true });
    const contents = devnet.store.blockContents(2n);
    const altered = { ...contents, outputs: contents.outputs.toReversed() };
    const block = makeChildBlock(devnet.store.block(1n), devnet.store.block(2n).version, altered);
    const forged = { block, contents: altered, signature: undefined, metadata: undefined };
    writeFileSync(join(lying, archiveBlockPath(2n)), encodeArchiveBlock(forged));
  });

  test("ledger-sync makes the same ledger out of nodes and archives, one of which lies", async () => {
    const copy = join(folder, "copy");
    const words = ["ledger-sync", "--ledger-db", copy, ...peers(), "--once", "--log", "error"];
    const dead = urlOf(join(folder, "nowhere"));
    const done = await mobilecoin(...words, ...sourcesOf(dead, urlOf(lying), urlOf(published)));
    expect(done).toMatchObject({ status: 0, err: "" });
    expect(done.out).toContain((await devnet.status())[0]!.lastBlockId);
    expect((await mobilecoin("ledger", "verify", copy)).out).toContain("Blocks 0 to 4 are valid");
    expect((await mobilecoin(...words, ...sourcesOf(urlOf(published)))).out).toMatch(/^0 blocks appended/);
  });

  test("ledger-sync refuses nodes that are no quorum", async () => {
    const words = ["ledger-sync", "--ledger-db", join(folder, "none"), "--once", "--log", "silent"];
    const alone = await mobilecoin(
      ...words,
      ...["--peer", peers()[1]!, "--peer", "insecure-mc://localhost:1/"],
      ...sourcesOf(urlOf(published)),
    );
    expect(alone).toMatchObject({ status: 1, out: "" });
    expect(alone.err).toMatch(/not in step[\s\S]*NoSafeBlocks[\s\S]*run the same command again/);
  });

  test("the watcher finds nothing wrong with honest archives, by real evidence", async () => {
    const config = writeWatcherConfig("honest.toml", nodeArchives(), TRUST);
    const db = ["--sources-path", config, "--watcher-db", join(folder, "honest")];
    const synced = await mobilecoin("watcher", "sync", ...db);
    expect(synced).toMatchObject({ status: 0, err: "" });
    expect(synced.out).toContain("12 blocks read");
    expect(synced.out).toContain("No rule is broken");
    const verified = await mobilecoin("watcher", "verify", ...db);
    expect(verified).toMatchObject({ status: 0 });
    expect(verified.out).toContain("3 signers, each vouched for");
  });

  test("the watcher serves: it reads what comes, tells its health, and stops when told", async () => {
    const config = writeWatcherConfig("serve.toml", nodeArchives(), TRUST);
    const db = join(folder, "served");
    const child = spawn(process.execPath, [
      ...[main, "watcher", "serve", "--sources-path", config, "--watcher-db", db],
      ...["--client-listen-uri", "insecure-watcher://127.0.0.1:0/"],
    ]);
    const uri = await new Promise<string>((resolve) => {
      let log = "";
      child.stderr.setEncoding("utf8").on("data", (text: string) => {
        log += text;
        const found = /"uri":"([^"]+)"/.exec(log)?.[1];
        if (found !== undefined) resolve(found);
      });
    });
    const health = await fetch(`${uri.replace("insecure-watcher:", "http:")}grpc.health.v1.Health/Check`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{}",
    });
    expect(await health.json()).toEqual({ status: "SERVING" });
    await vi.waitFor(
      async () => {
        const { sources, violations } = JSON.parse(
          (await mobilecoin("watcher", "report", "--watcher-db", db, "--json")).out,
        );
        expect(sources.map((source: { readonly lastSynced: string }) => source.lastSynced)).toEqual([
          "4",
          "4",
          "4",
        ]);
        expect(violations).toEqual([]);
      },
      { timeout: 10_000, interval: 100 },
    );
    child.kill("SIGINT");
    expect(await new Promise((resolve) => child.once("close", resolve))).toBe(0);
  });

  test("the watcher asks a node for the evidence that its archive lacks", async () => {
    const [first, second] = devnet.plan.nodes as [NodePlan, NodePlan];
    const bare = join(folder, "bare");
    const archive = fileDestination(bare);
    for (let index = 0n; index < 5n; index++) {
      const data = await openArchives([nodeArchiveFolder(first)]).block(index);
      await archive.write(archiveBlockPath(index), encodeArchiveBlock({ ...data!, metadata: undefined }));
    }
    const watch = async ({ name, clientPort }: NodePlan) => {
      const client = `consensus_client_url = "insecure-mc://localhost:${clientPort}/"\n`;
      const config = writeWatcherConfig(`bare-${name}.toml`, [urlOf(bare)], TRUST, client);
      const db = ["--sources-path", config, "--watcher-db", join(folder, `bare-${name}-db`)];
      return [
        await mobilecoin("watcher", "sync", ...db, "--log", "silent"),
        await mobilecoin("watcher", "verify", ...db),
      ];
    };
    expect(await watch(first)).toMatchObject([{ status: 0 }, { status: 0 }]);
    const [synced, verified] = await watch(second);
    expect([synced!.status, verified!.status]).toEqual([3, 3]);
    expect(synced!.out).toMatch(/1 +EvidenceMissing/);
    expect(verified!.out).toContain("no evidence");
  });

  test("the watcher records what a lying archive has", async () => {
    const config = writeWatcherConfig("lying.toml", [urlOf(published), urlOf(lying)], TRUST);
    const db = ["--watcher-db", join(folder, "lying-db")];
    const words = ["watcher", "sync", "--sources-path", config, ...db, "--log", "silent"];
    expect(await mobilecoin(...words)).toMatchObject({ status: 3, err: "" });
    const { violations } = JSON.parse((await mobilecoin("watcher", "report", ...db, "--json")).out);
    const [at2, at3] = [{ blockIndex: "2" }, { blockIndex: "3", sourceUrl: urlOf(lying) }];
    expect(violations).toMatchObject([
      { ...at2, kind: "BlockMismatch" },
      { ...at3, kind: "ParentMismatch" },
    ]);
  });

  test("the watcher records an enclave that is not trusted", async () => {
    const identities = readFileSync(join(folder, "net/trusted-identities.json"), "utf8");
    const other = identities.replace(/"MRENCLAVE": "[0-9a-f]{64}"/, `"MRENCLAVE": "${"00".repeat(32)}"`);
    writeFileSync(join(folder, "net/other.json"), other);
    const trust = TRUST.replace("trusted-identities.json", "other.json");
    const config = writeWatcherConfig("other.toml", [urlOf(published)], trust);
    const db = ["--watcher-db", join(folder, "other-db")];
    const synced = await mobilecoin(
      ...["watcher", "sync", "--sources-path", config, ...db, "--log", "silent"],
    );
    expect(synced).toMatchObject({ status: 3 });
    expect(synced.out.match(/EvidenceInvalid .*MRENCLAVE/g)).toHaveLength(4);
    const intel = writeWatcherConfig("intel.toml", [urlOf(published)], TRUST.split("\n")[0]!);
    const verified = await mobilecoin("watcher", "verify", "--sources-path", intel, ...db);
    expect(verified).toMatchObject({ status: 3 });
    expect(verified.out).toContain("1 of 1 signers are not vouched for");
  });

  test("the light client believes a quorum, and less than a quorum not", async () => {
    const config = join(folder, "validators.json");
    const nodes = peers().map((word) => (word === "--peer" ? "--node" : word));
    const made = await mobilecoin(
      ...["light-client", "generate-config", ...nodes, "--start-block", "1", "--out-file", config],
    );
    expect(made).toMatchObject({ status: 0, out: `3 validators written to ${config}.\n` });
    const block = ["--light-client-verifier-config", config, "--block-index", "3"];
    const archives = nodeArchives();
    const verify = (...words: readonly string[]) => mobilecoin("light-client", ...words, ...block);
    const valid = await verify("verify-block", ...sourcesOf(...archives), "--json");
    const names = devnet.plan.nodes.map(({ peerPort }) => `localhost:${peerPort}`);
    expect(JSON.parse(valid.out)).toMatchObject({ index: "3", signers: names });
    const few = await verify(
      "verify-block",
      ...sourcesOf(...archives.slice(1), urlOf(join(folder, "nowhere"))),
    );
    expect(few).toMatchObject({ status: 1, out: "" });
    expect(few.err).toMatch(/nowhere\/ does not have it[\s\S]*NotAQuorum/);
    const { publicKey } = devnet.store.blockContents(3n).outputs[0]!;
    const txOut = (key: Uint8Array) =>
      verify("verify-tx-out", "--public-key", bytesToHex(key), ...sourcesOf(...archives));
    expect((await txOut(publicKey)).out).toContain("The output stands in block 3");
    expect((await txOut(devnet.store.blockContents(2n).outputs[0]!.publicKey)).err).toContain(
      "holds no output",
    );
  });

  test("the light client refuses archives that give different blocks", async () => {
    const config = join(folder, "validators.json");
    const block = ["--light-client-verifier-config", config, "--block-index", "2"];
    const sources = sourcesOf(...nodeArchives(), urlOf(lying));
    const refused = await mobilecoin("light-client", "verify-block", ...block, ...sources);
    expect(refused).toMatchObject({ status: 1, out: "" });
    expect(refused.err).toMatch(/BlockDataMismatch/);
    expect(refused.err).toContain(`${urlOf(lying)} has `);
  });
});
