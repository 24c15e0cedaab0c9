import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { bytesToHex, equalBytes, utf8 } from "@mobilecoin-ts/crypto";
import { systemRandom } from "@mobilecoin-ts/curve";
import { DevnetError } from "./error.ts";
import type { NodeStatus } from "./node-host.ts";

/** Longest request that is read, in bytes. */
const MAX_REQUEST_BYTES = 16 * 1024;

/** What can be done to a running network. */
export type NetworkCommand =
  | { readonly command: "stop-node" | "kill-node" | "start-node"; readonly node: string }
  /** Cuts these nodes off from all others; among themselves they stay connected. */
  | { readonly command: "partition"; readonly nodes: readonly string[] }
  | { readonly command: "heal" };

/** What carries the commands out. */
export interface Controlled {
  status(): Promise<readonly NodeStatus[]>;
  /** @throws DevnetError */
  run(command: NetworkCommand): Promise<void>;
}

/** Lets other processes of this machine, who know the token, look at and hurt a running network. */
export class ControlServer {
  readonly #server: Server;
  /** 64 hex digits; a caller must know it. */
  readonly token: string = bytesToHex(systemRandom(32));

  private constructor(controlled: Controlled) {
    this.#server = createServer((request, response) => {
      this.#answer(controlled, request, response).catch((error: unknown) => {
        respond(response, 500, { error: error instanceof Error ? error.message : String(error) });
      });
    });
  }

  /** Listens on the loopback interface, on a port the system chooses. */
  static async listen(controlled: Controlled): Promise<ControlServer> {
    const control = new ControlServer(controlled);
    await new Promise<void>((resolve, reject) => {
      control.#server.once("error", reject);
      control.#server.listen(0, "127.0.0.1", resolve);
    });
    return control;
  }

  get port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === "string")
      throw new Error("the control server does not listen");
    return address.port;
  }

  async #answer(controlled: Controlled, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const presented = utf8(request.headers.authorization ?? "");
    if (!equalBytes(presented, utf8(`Bearer ${this.token}`))) {
      request.resume();
      return respond(response, 401, { error: "the token of this network is missing or wrong" });
    }
    if (request.method === "GET" && request.url === "/") return respond(response, 200, { network: true });
    if (request.method === "GET" && request.url === "/status") {
      const nodes = (await controlled.status()).map((status) => ({
        ...status,
        blockCount: status.blockCount?.toString(),
      }));
      return respond(response, 200, { nodes });
    }
    if (request.method !== "POST" || request.url !== "/command") {
      request.resume();
      return respond(response, 404, { error: "this network answers GET /, GET /status and POST /command" });
    }
    const command = parseCommand(await readBody(request));
    if (command === undefined)
      return respond(response, 400, { error: "the body is no command of a network" });
    try {
      await controlled.run(command);
      respond(response, 200, { done: true });
    } catch (error) {
      if (!(error instanceof DevnetError)) throw error;
      respond(response, 409, { error: error.message });
    }
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}

/** The command in a request's body; undefined where there is none. */
function parseCommand(body: string | undefined): NetworkCommand | undefined {
  if (body === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const { command, node, nodes } = Object.fromEntries(Object.entries(value));
  switch (command) {
    case "stop-node":
    case "kill-node":
    case "start-node":
      return typeof node === "string" ? { command, node } : undefined;
    case "partition":
      return Array.isArray(nodes) && nodes.every((name) => typeof name === "string")
        ? { command, nodes }
        : undefined;
    case "heal":
      return { command };
    default:
      return undefined;
  }
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) {
    text += chunk;
    if (text.length > MAX_REQUEST_BYTES) return undefined;
  }
  return text;
}

function respond(response: ServerResponse, status: number, body: object): void {
  if (response.headersSent) return;
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
