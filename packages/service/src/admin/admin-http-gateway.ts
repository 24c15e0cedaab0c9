import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Code, ConnectError, createClient, type Transport } from "@connectrpc/connect";
import { AdminAPI } from "@mobilecoin-ts/wire/gen/admin_pb";
import { ServiceError } from "../error.ts";
import { type Logger, silentLogger } from "../logger.ts";

export interface AdminHttpGatewayOptions {
  /** A connection to the service's admin listener. */
  readonly transport: Transport;
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  readonly logger?: Logger;
}

export interface AdminHttpGateway extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
  close(): Promise<void>;
}

/** A form with one field needs no more. */
const MAX_FORM_BYTES = 16 * 1024;
const CALL_TIMEOUT_MS = 10_000;

/**
 * An operator's web page over a service's admin API: `GET /`, `GET /info`, `POST /set-rust-log`, `GET /metrics`
 * (04 section 2.9.4). @throws ServiceError `Listen`
 */
export async function startAdminHttpGateway(options: AdminHttpGatewayOptions): Promise<AdminHttpGateway> {
  const { host, logger = silentLogger } = options;
  const admin = createClient(AdminAPI, options.transport);
  const call = { timeoutMs: CALL_TIMEOUT_MS };
  const routes: Readonly<Record<string, (request: IncomingMessage) => Promise<Answer>>> = {
    "GET /": async () => html(page(await admin.getInfo({}, call))),
    "GET /info": async () => {
      const info = await admin.getInfo({}, call);
      return json({
        name: info.name,
        id: info.id,
        build_info: parsed(info.buildInfoJson),
        config: parsed(info.configJson),
        rust_log: info.rustLog,
      });
    },
    "POST /set-rust-log": async (request) => {
      if (!isSameSite(request)) return text(403, "This form can be sent from the gateway's own page only.\n");
      const rustLog = new URLSearchParams(await readForm(request)).get("rust_log");
      if (rustLog === null) return text(400, "The form field rust_log is missing.\n");
      await admin.setRustLog({ rustLog }, call);
      return { status: 303, type: "text/plain; charset=utf-8", body: "", location: "/" };
    },
    "GET /metrics": async () => ({
      status: 200,
      type: "text/plain; version=0.0.4; charset=utf-8",
      body: (await admin.getPrometheusMetrics({}, call)).metrics,
    }),
  };
  const server = createServer({ requestTimeout: 30_000, headersTimeout: 10_000 }, (request, response) => {
    const path = request.url?.split("?", 1)[0] ?? "";
    const route = routes[`${request.method === "HEAD" ? "GET" : request.method} ${path}`];
    const answer =
      route === undefined ? Promise.resolve(text(404, "There is no such page.\n")) : route(request);
    answer
      .catch((error: unknown) => failure(error, logger))
      .then((result) => send(response, result))
      .catch((error: unknown) => {
        logger.debug({ err: error }, "an answer could not be delivered");
        response.destroy();
      });
  });
  server.on("clientError", (_error, socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause) => {
      const message = `cannot listen on ${host}:${options.port}: ${cause.message}; free the port or choose another address`;
      reject(new ServiceError("Listen", message, cause));
    });
    server.listen({ host, port: options.port }, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  };
  return { port, url: `http://${host}:${port}/`, close, [Symbol.asyncDispose]: close };
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly location?: string;
}

const text = (status: number, body: string): Answer => ({ status, type: "text/plain; charset=utf-8", body });
const html = (body: string): Answer => ({ status: 200, type: "text/html; charset=utf-8", body });
const json = (value: object): Answer => ({
  status: 200,
  type: "application/json",
  body: JSON.stringify(value),
});

function send(response: ServerResponse, answer: Answer): void {
  response.writeHead(answer.status, {
    "content-type": answer.type,
    "x-content-type-options": "nosniff",
    "content-security-policy":
      "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'",
    "cache-control": "no-store",
    ...(answer.location === undefined ? {} : { location: answer.location }),
  });
  response.end(answer.body);
}

function failure(error: unknown, logger: Logger): Answer {
  if (error instanceof FormTooLong) return text(413, `The form is longer than ${MAX_FORM_BYTES} bytes.\n`);
  const { code, rawMessage } = ConnectError.from(error);
  if (code === Code.InvalidArgument) return text(400, `${rawMessage}\n`);
  logger.warn({ code: Code[code], reason: rawMessage }, "the admin API did not answer");
  return text(502, `The service's admin API did not answer: ${rawMessage}\n`);
}

/** A page elsewhere could have a browser send the form; browsers then name the page's origin. */
function isSameSite(request: IncomingMessage): boolean {
  const { origin, host } = request.headers;
  return origin === undefined || origin === `http://${host}` || origin === `https://${host}`;
}

class FormTooLong extends Error {}

async function readForm(request: IncomingMessage): Promise<string> {
  const decoder = new TextDecoder();
  let form = "";
  let length = 0;
  for await (const chunk of request as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length > MAX_FORM_BYTES) throw new FormTooLong();
    form += decoder.decode(chunk, { stream: true });
  }
  return form + decoder.decode();
}

/** A service that sends no JSON gets its text shown instead. */
function parsed(jsonText: string): unknown {
  try {
    return JSON.parse(jsonText);
  } catch {
    return jsonText;
  }
}

interface Info {
  readonly name: string;
  readonly id: string;
  readonly buildInfoJson: string;
  readonly configJson: string;
  readonly rustLog: string;
}

function page(info: Info): string {
  const block = (value: string) => `<pre>${escapeHtml(JSON.stringify(parsed(value), null, 2))}</pre>`;
  return `<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>${escapeHtml(info.name)} - ${escapeHtml(info.id)}</title>
<style>body{font-family:sans-serif;margin:2rem}pre{background:#eee;padding:1rem;overflow:auto}</style></head>
<body>
<h1>${escapeHtml(info.name)}</h1>
<p>${escapeHtml(info.id)}</p>
<h2>Log filter</h2>
<form method="post" action="/set-rust-log">
<input name="rust_log" size="60" value="${escapeHtml(info.rustLog)}" aria-label="Log filter">
<button>Set</button>
</form>
<h2>Configuration</h2>
${block(info.configJson)}
<h2>Build</h2>
${block(info.buildInfoJson)}
<p><a href="/metrics">Metrics</a> <a href="/info">Information as JSON</a></p>
</body>
</html>
`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeHtml(value: string): string {
  return value.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
