import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { bytesToHex, equalBytes, utf8 } from "@mobilecoin-ts/crypto";
import { systemRandom } from "@mobilecoin-ts/curve";
import type { LedgerAccess } from "@mobilecoin-ts/sdk";
import { txCodec } from "@mobilecoin-ts/transaction";
import { WireError } from "@mobilecoin-ts/wire";

/** Largest transaction that is read, in bytes: 16 inputs with proofs and 16 outputs take about 300 KB. */
const MAX_TX_BYTES = 1024 * 1024;

/** Serves a node to other processes of this machine: `POST /propose` with a transaction's bytes, `GET /` to find it alive. */
export class NodeServer {
  readonly #server: Server;
  /** 64 hex digits; a caller must know it. */
  readonly token: string = bytesToHex(systemRandom(32));

  private constructor(node: Pick<LedgerAccess, "propose">) {
    this.#server = createServer((request, response) => {
      this.#answer(node, request, response).catch((error: unknown) => {
        respond(response, 500, { error: error instanceof Error ? error.message : String(error) });
      });
    });
  }

  /** Listens on the loopback interface, on a port the system chooses. */
  static async listen(node: Pick<LedgerAccess, "propose">): Promise<NodeServer> {
    const server = new NodeServer(node);
    await new Promise<void>((resolve, reject) => {
      server.#server.once("error", reject);
      server.#server.listen(0, "127.0.0.1", resolve);
    });
    return server;
  }

  get port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("the node's server does not listen");
    return address.port;
  }

  async #answer(
    node: Pick<LedgerAccess, "propose">,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const presented = utf8(request.headers.authorization ?? "");
    if (!equalBytes(presented, utf8(`Bearer ${this.token}`))) {
      request.resume();
      return respond(response, 401, { error: "the token of this node is missing or wrong" });
    }
    if (request.method === "GET" && request.url === "/") return respond(response, 200, { node: true });
    if (request.method !== "POST" || request.url !== "/propose") {
      request.resume();
      return respond(response, 404, { error: "this node answers POST /propose and GET /" });
    }
    const bytes = await readBody(request);
    if (bytes === undefined)
      return respond(response, 413, { error: `a transaction has at most ${MAX_TX_BYTES} bytes` });
    try {
      const outcome = await node.propose(txCodec.decode(bytes));
      respond(
        response,
        200,
        outcome.accepted ? { accepted: true, blockCount: `${outcome.blockCount}` } : outcome,
      );
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      respond(response, 400, { error: `the transaction does not decode: ${error.message}` });
    }
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}

async function readBody(request: IncomingMessage): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request) {
    if (!(chunk instanceof Uint8Array)) throw new TypeError("a request body must be bytes");
    size += chunk.length;
    if (size > MAX_TX_BYTES) return undefined;
    chunks.push(chunk);
  }
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}

function respond(response: ServerResponse, status: number, body: object): void {
  if (response.headersSent) return;
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
