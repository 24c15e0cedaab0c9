// The node under attack, in a process of its own that can be measured: DATA_DIR CLIENT_PORT PEER_PORT ADMIN_PORT [SECRET]
import { readdirSync, readFileSync } from "node:fs";
import { hexToBytes } from "@mobilecoin-ts/crypto";
import { readNetworkPlan, runNode } from "@mobilecoin-ts/devnet";
import { tokenAuthenticator } from "@mobilecoin-ts/service";
import type { Footprint } from "./target-node.ts";

const collectGarbage: (() => void) | undefined = Reflect.get(globalThis, "gc");

function footprint(): Footprint {
  collectGarbage?.();
  const status = readFileSync("/proc/self/status", "utf8");
  return {
    heapMiB: process.memoryUsage().heapUsed / 2 ** 20,
    // Without the ledger's file, which is mapped into memory.
    anonymousMiB: Number(/RssAnon:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024,
    openFiles: readdirSync("/proc/self/fd").length,
    handles: process.getActiveResourcesInfo().length,
  };
}

function fatal(error: unknown): void {
  process.stderr.write(`fatal: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
}

const [dataDir = "", clientPort, peerPort, adminPort, secret] = process.argv.slice(2);
const plan = readNetworkPlan(dataDir);
const [first] = plan.nodes;
if (first === undefined) throw new Error("the network has no node");
const node = {
  ...first,
  clientPort: Number(clientPort),
  peerPort: Number(peerPort),
  adminPort: Number(adminPort),
};
const access =
  secret === undefined ? {} : { authenticator: tokenAuthenticator({ secret: hexToBytes(secret) }) };
const host = await runNode(plan, node, fatal, access);
const stop = (): void => {
  host.stop().then(() => process.exit(0), fatal);
};
process.on("message", (request) => {
  if (request === "measure") process.send?.({ kind: "footprint", footprint: footprint() });
  if (request === "stop") stop();
});
process.once("disconnect", stop);
process.send?.({ kind: "ready" });
