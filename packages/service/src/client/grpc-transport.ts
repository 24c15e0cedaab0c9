import { readFileSync } from "node:fs";
import type { SecureClientSessionOptions } from "node:http2";
import { Code, ConnectError, type Interceptor, type Transport } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { basicAuthorization, type ServiceUri } from "@mobilecoin-ts/wire";
import { ServiceError } from "../error.ts";
import { sleep } from "../run/sleep.ts";
import { CookieJar } from "./cookie-jar.ts";
import type { ClientCredentials } from "./credentials.ts";
import { KeptAliveSessions } from "./kept-alive-sessions.ts";

export interface GrpcTransportOptions {
  /** Pings an idle connection too; 10 s and 20 s by default (04 section 2.8). */
  readonly keepAlive?: { readonly intervalMs: number; readonly timeoutMs: number };
  /** A jar to share between transports; by default each has its own. */
  readonly cookies?: CookieJar;
  /** Path of a PEM file of certificate authorities; by default the URI's `ca-bundle`, else the platform's. */
  readonly caBundle?: string;
  /** By default the URI's user and password, if it has them. */
  readonly credentials?: ClientCredentials;
  /** Sent as `chain-id` with every call. */
  readonly chainId?: string;
  /** Deadline of a call that sets none; without it such a call waits as long as the connection lives. */
  readonly timeoutMs?: number;
  /** Longest answer taken; 2^31−1 bytes by default. */
  readonly maxResponseBytes?: number;
  /** How long a failed connection attempt keeps calls failing at once; 1 s, then up to 2 s. */
  readonly reconnectDelay?: { readonly firstMs: number; readonly mostMs: number };
  readonly connectTimeoutMs?: number;
  readonly interceptors?: readonly Interceptor[];
  /** Milliseconds; the platform's clock by default. */
  readonly now?: () => number;
}

export interface GrpcTransport extends Transport, Disposable {
  readonly cookies: CookieJar;
  /** Forgets cookies: to be called when an attested session is dropped. */
  clearCookies(): void;
  /** Ends the connection and every call on it; later calls fail with UNAVAILABLE. */
  close(): void;
}

const MAX_RESPONSE_BYTES = 2 ** 31 - 1;

/**
 * A gRPC connection to a service: one HTTP/2 connection, opened by the first call, kept alive, opened again when lost.
 * @throws ServiceError `CaBundle`
 */
export function grpcTransport(uri: ServiceUri, options: GrpcTransportOptions = {}): GrpcTransport {
  const keepAlive = options.keepAlive ?? { intervalMs: 10_000, timeoutMs: 20_000 };
  const cookies = options.cookies ?? new CookieJar();
  const credentials = options.credentials ?? uriCredentials(uri);
  const baseUrl = `${uri.useTls ? "https" : "http"}://${uri.address}`;
  const caBundle = options.caBundle ?? uri.parameter("ca-bundle");
  const sessions = new KeptAliveSessions(baseUrl, keepAlive, sessionOptions(uri, caBundle));
  const connection = new Connection(sessions, String(uri), options);
  const transport = createGrpcTransport({
    baseUrl,
    sessionManager: sessions,
    readMaxBytes: options.maxResponseBytes ?? MAX_RESPONSE_BYTES,
    acceptCompression: [],
    ...(options.timeoutMs === undefined ? {} : { defaultTimeoutMs: options.timeoutMs }),
    interceptors: [
      ...(options.interceptors ?? []),
      metadataInterceptor(cookies, credentials, options.chainId),
      (next) => async (request) => {
        await connection.ready(request.signal);
        try {
          return await next(request);
        } catch (error) {
          // A stream fails a moment before its connection does.
          await sleep(1);
          throw connection.isLost && !request.signal.aborted ? asUnavailable(error) : error;
        }
      },
    ],
  });
  return {
    unary: (...call) => transport.unary(...call),
    stream: (...call) => transport.stream(...call),
    cookies,
    clearCookies: () => cookies.clear(),
    close: () => connection.close(),
    [Symbol.dispose]: () => connection.close(),
  };
}

/** Decides whether a call may use the connection, and opens it again no faster than the delays allow. */
class Connection {
  readonly #sessions: KeptAliveSessions;
  readonly #name: string;
  readonly #delay: { readonly firstMs: number; readonly mostMs: number };
  readonly #connectTimeoutMs: number;
  readonly #now: () => number;
  #failures = 0;
  #retryAt = 0;
  #attempt: Promise<void> | undefined;
  #closed = false;

  constructor(sessions: KeptAliveSessions, name: string, options: GrpcTransportOptions) {
    this.#sessions = sessions;
    this.#name = name;
    this.#delay = options.reconnectDelay ?? { firstMs: 1_000, mostMs: 2_000 };
    this.#connectTimeoutMs = options.connectTimeoutMs ?? 20_000;
    this.#now = options.now ?? (() => performance.now());
  }

  get isLost(): boolean {
    const state = this.#sessions.state();
    return state === "closed" || state === "error";
  }

  async ready(signal: AbortSignal): Promise<void> {
    if (this.#closed) throw new ConnectError(`the connection to ${this.#name} was closed`, Code.Unavailable);
    const state = this.#sessions.state();
    if (state === "open" || state === "idle" || state === "verifying") return;
    if (this.#attempt === undefined && this.#now() < this.#retryAt) throw this.#failure();
    this.#attempt ??= this.#connect().finally(() => {
      this.#attempt = undefined;
    });
    await untilAborted(this.#attempt, signal);
  }

  close(): void {
    this.#closed = true;
    this.#sessions.abort();
  }

  async #connect(): Promise<void> {
    const timer = setTimeout(() => {
      this.#sessions.abort(new ConnectError("no answer to the connection attempt", Code.Unavailable));
    }, this.#connectTimeoutMs);
    const state = await this.#sessions.connect();
    clearTimeout(timer);
    if (this.#closed) this.#sessions.abort();
    if (state !== "error") {
      this.#failures = 0;
      return;
    }
    this.#retryAt = this.#now() + Math.min(this.#delay.firstMs * 2 ** this.#failures, this.#delay.mostMs);
    this.#failures = Math.min(this.#failures + 1, 30);
    throw this.#failure();
  }

  #failure(): ConnectError {
    const cause = this.#sessions.error();
    const reason =
      cause instanceof ConnectError ? cause.rawMessage : cause instanceof Error ? cause.message : "unknown";
    return new ConnectError(
      `cannot connect to ${this.#name}: ${reason}`,
      Code.Unavailable,
      undefined,
      undefined,
      cause,
    );
  }
}

/** A call that broke with its connection is UNAVAILABLE, whatever the stream's own reason was; answers stay. */
function asUnavailable(reason: unknown): ConnectError {
  const error = ConnectError.from(reason);
  const isAnswer = [...error.metadata.keys()].length > 0;
  const isStreamFailure =
    error.code === Code.Internal || error.code === Code.Unknown || error.code === Code.Aborted;
  if (isAnswer || !isStreamFailure) return error;
  return new ConnectError(
    `the connection was lost: ${error.rawMessage}`,
    Code.Unavailable,
    undefined,
    undefined,
    reason,
  );
}

async function untilAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  let onAbort = () => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    onAbort = () => reject(ConnectError.from(signal.reason, Code.Canceled));
    signal.addEventListener("abort", onAbort, { once: true });
  });
  try {
    await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
    work.catch(() => {});
  }
}

function metadataInterceptor(
  cookies: CookieJar,
  credentials: ClientCredentials | undefined,
  chainId: string | undefined,
): Interceptor {
  // A header is bytes, one character each: text outside ASCII goes as its UTF-8.
  const chainIdBytes =
    chainId === undefined ? undefined : String.fromCharCode(...new TextEncoder().encode(chainId));
  return (next) => async (request) => {
    if (chainIdBytes !== undefined && !request.header.has("chain-id"))
      request.header.set("chain-id", chainIdBytes);
    const cookie = cookies.header;
    if (cookie !== undefined) request.header.set("cookie", cookie);
    if (credentials !== undefined && !request.header.has("authorization")) {
      request.header.set("authorization", credentials.authorization());
    }
    try {
      const response = await next(request);
      cookies.store(response.header);
      if (!response.stream) cookies.store(response.trailer);
      return response;
    } catch (error) {
      const { metadata, code } = ConnectError.from(error);
      cookies.store(metadata);
      if (code === Code.Unauthenticated) credentials?.clear();
      throw error;
    }
  };
}

function uriCredentials(uri: ServiceUri): ClientCredentials | undefined {
  if (uri.username === "" && uri.password === "") return undefined;
  const header = basicAuthorization(uri.username, uri.password);
  return { authorization: () => header, clear: () => {} };
}

function sessionOptions(uri: ServiceUri, caBundle: string | undefined): SecureClientSessionOptions {
  const settings = { initialWindowSize: 4 * 1024 * 1024, enablePush: false };
  if (!uri.useTls) return { settings };
  const name = uri.tlsHostnameOverride;
  return {
    settings,
    minVersion: "TLSv1.2",
    ...(name === undefined ? {} : { servername: name }),
    ...(caBundle === undefined ? {} : { ca: readCaBundle(caBundle) }),
  };
}

function readCaBundle(file: string): string {
  try {
    const text = readFileSync(file, "utf8");
    if (text.includes("-----BEGIN CERTIFICATE-----")) return text;
  } catch (cause) {
    throw new ServiceError(
      "CaBundle",
      `the certificate authorities in ${file} cannot be read; check the path`,
      cause,
    );
  }
  throw new ServiceError(
    "CaBundle",
    `${file} holds no certificate; give a PEM file of certificate authorities`,
  );
}
