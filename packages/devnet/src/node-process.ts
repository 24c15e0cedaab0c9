// The program of a node that has a process of its own: told what to do by the network's process, whose end is its own.
import { readNetworkPlan } from "./network-plan.ts";
import { type NodeHost, type NodeReply, type NodeRequest, toWire } from "./node-host.ts";
import { runNode } from "./run-node.ts";

function reply(message: NodeReply): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined || !process.connected) resolve();
    else process.send(message, () => resolve());
  });
}

async function answer(host: NodeHost, request: NodeRequest): Promise<void> {
  switch (request.kind) {
    case "status": {
      const { user, system } = process.cpuUsage();
      const status = { ...(await host.status()), cpuMs: (user + system) / 1000 };
      return reply({ kind: "done", id: request.id, status: toWire(status) });
    }
    case "cutOff":
      await host.cutOff(request.peers);
      return reply({ kind: "done", id: request.id });
    case "stop":
      await host.stop();
      await reply({ kind: "done", id: request.id });
      process.exit(0);
  }
}

function isRequest(message: unknown): message is NodeRequest {
  return typeof message === "object" && message !== null && "kind" in message && "id" in message;
}

function fatal(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
}

async function main(dataDir: string, name: string): Promise<void> {
  const plan = readNetworkPlan(dataDir);
  const node = plan.nodes.find((planned) => planned.name === name);
  if (node === undefined) throw new Error(`the network in ${dataDir} has no node ${name}`);
  const host = await runNode(plan, node, fatal);
  process.on("message", (message: unknown) => {
    if (isRequest(message)) answer(host, message).catch(fatal);
  });
  process.once("disconnect", () => {
    host.stop().then(() => process.exit(0), fatal);
  });
  await reply({ kind: "ready" });
}

const [dataDir, name] = process.argv.slice(2);
if (dataDir === undefined || name === undefined) fatal("usage: node-process DATA_DIR NODE");
else {
  main(dataDir, name).catch(async (error: unknown) => {
    await reply({ kind: "failed", message: error instanceof Error ? error.message : String(error) });
    fatal(error);
  });
}
