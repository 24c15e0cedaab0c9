import { createServer as createHttp1Server } from "node:http";
import { createServer as createHttp2Server, type ServerHttp2Session } from "node:http2";
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, type Server as TlsServer } from "node:tls";
import type { ConnectRouter, Interceptor } from "@connectrpc/connect";
import { type ServiceKind, ServiceUri } from "@mobilecoin-ts/wire";
import { ServiceError } from "../error.ts";
import { type Logger, silentLogger } from "../logger.ts";
import type { MetricsRegistry } from "../metrics.ts";
import { callObserver } from "./call-observer.ts";
import type { CorsPolicy } from "./cors.ts";
import { createRpcHandler } from "./rpc-handler.ts";
import { readTlsFiles, type TlsFiles, TlsFileWatcher } from "./tls-files.ts";

/** What the gRPC library of the reference takes by default (04 section 2.8). */
export const DEFAULT_MAX_REQUEST_BYTES = 4 * 1024 * 1024;
export const DEFAULT_MAX_CONNECTIONS = 10_000;
export const DEFAULT_MAX_STREAMS_PER_CONNECTION = 256;
/** Bytes of all headers of one request. */
export const DEFAULT_MAX_HEADER_BYTES = 16 * 1024;

/** An address without a scheme. */
export interface ListenAddress {
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  readonly tls?: TlsFiles;
  /** Which service the resulting URI names; `consensusClient` by default. */
  readonly kind?: ServiceKind;
}

export interface ServerOptions {
  /** A URI's `tls-chain` and `tls-key` name the certificate files when its scheme is the secure one. */
  readonly listen: ServiceUri | ListenAddress;
  readonly routes: (router: ConnectRouter) => void;
  readonly logger?: Logger;
  readonly metrics?: MetricsRegistry;
  /** Web pages allowed to call; none by default. */
  readonly cors?: CorsPolicy;
  readonly interceptors?: readonly Interceptor[];
  /** Longest request message; a longer one is RESOURCE_EXHAUSTED. 4 MiB by default. */
  readonly maxRequestBytes?: number;
  /** Connections beyond these are refused at once. */
  readonly maxConnections?: number;
  readonly maxStreamsPerConnection?: number;
  readonly maxHeaderBytes?: number;
  /** Time to say something intelligible: TLS handshake, HTTP/2 settings, HTTP/1.1 request line and headers. */
  readonly handshakeTimeoutMs?: number;
  /** Time for a whole (non-streaming) request to arrive. */
  readonly requestTimeoutMs?: number;
  /** How often an HTTP/2 connection is asked for a sign of life, and how long it may take. */
  readonly keepAliveIntervalMs?: number;
  readonly keepAliveTimeoutMs?: number;
}

export interface RunningServer extends AsyncDisposable {
  readonly port: number;
  /** The address to call, with the port in use. */
  readonly uri: ServiceUri;
  /** Connections open now. */
  readonly connectionCount: number;
  /** Takes no more calls, lets those in flight finish for `graceMs` (5 s by default), then cuts them off. */
  close(options?: { readonly graceMs?: number }): Promise<void>;
}

const HTTP2_PREFACE = "PRI * HTTP/2.0\r\n";
const DEFAULT_GRACE_MS = 5_000;

/**
 * Serves gRPC, gRPC-web and Connect on one port: HTTP/2 and HTTP/1.1, told apart by ALPN under TLS and by the first
 * bytes without. @throws ServiceError `Listen`, `TlsFiles`
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const server = new RpcServer(options);
  await server.listen();
  return server;
}

class RpcServer implements RunningServer {
  readonly #address: Required<Omit<ListenAddress, "tls">> & { readonly tls: TlsFiles | undefined };
  readonly #logger: Logger;
  readonly #front: Server;
  readonly #http1: ReturnType<typeof createHttp1Server>;
  readonly #http2: ReturnType<typeof createHttp2Server>;
  readonly #sockets = new Set<Socket>();
  readonly #sessions = new Set<ServerHttp2Session>();
  readonly #shutdown = new AbortController();
  readonly #watcher: TlsFileWatcher | undefined;
  readonly #handshakeTimeoutMs: number;
  /** Connections that are not HTTP/2, or not yet, with no request in work: the time they have left to send one. */
  readonly #headerTimers = new Map<Socket, NodeJS.Timeout>();
  #port = 0;
  #closing: Promise<void> | undefined;

  constructor(options: ServerOptions) {
    this.#address = listenAddress(options.listen);
    this.#logger = options.logger ?? silentLogger;
    this.#handshakeTimeoutMs = options.handshakeTimeoutMs ?? 20_000;
    const requestTimeoutMs = options.requestTimeoutMs ?? 60_000;
    const maxHeaderSize = options.maxHeaderBytes ?? DEFAULT_MAX_HEADER_BYTES;
    const handler = createRpcHandler({
      routes: options.routes,
      logger: this.#logger,
      cors: options.cors,
      requestTimeoutMs,
      maxHeaderBytes: maxHeaderSize,
      readMaxBytes: options.maxRequestBytes ?? DEFAULT_MAX_REQUEST_BYTES,
      shutdownSignal: this.#shutdown.signal,
      interceptors: [callObserver(this.#logger, options.metrics), ...(options.interceptors ?? [])],
    });

    this.#http1 = createHttp1Server(
      { maxHeaderSize, keepAliveTimeout: this.#handshakeTimeoutMs },
      (request, response) => {
        this.#stopExpecting(request.socket);
        response.once("close", () => this.#expectHeaders(request.socket));
        if (this.#closing !== undefined) response.setHeader("connection", "close");
        handler(request, response);
      },
    );
    this.#http1.on("clientError", (_error, socket) => socket.destroy());
    this.#http1.on("upgrade", (_request, socket) => socket.destroy());

    this.#http2 = createHttp2Server(
      {
        settings: {
          maxConcurrentStreams: options.maxStreamsPerConnection ?? DEFAULT_MAX_STREAMS_PER_CONNECTION,
          maxHeaderListSize: maxHeaderSize,
          initialWindowSize: 1024 * 1024,
          enablePush: false,
        },
        maxSessionInvalidFrames: 100,
        maxSessionRejectedStreams: 100,
      },
      handler,
    );
    this.#http2.on("session", (session) => this.#watchSession(session, options));
    this.#http2.on("sessionError", (error) =>
      this.#logger.debug({ reason: error.message }, "HTTP/2 session failed"),
    );

    const { tls } = this.#address;
    if (tls === undefined) {
      this.#front = createTcpServer({ noDelay: true }, (socket) => {
        this.#track(socket);
        this.#sniff(socket);
      });
    } else {
      const front: TlsServer = createTlsServer(
        {
          ...readTlsFiles(tls),
          ALPNProtocols: ["h2", "http/1.1"],
          minVersion: "TLSv1.2",
          handshakeTimeout: this.#handshakeTimeoutMs,
        },
        (socket) => {
          this.#track(socket);
          if (socket.alpnProtocol === "h2") this.#http2.emit("connection", socket);
          else this.#serveHttp1(socket);
        },
      );
      front.on("tlsClientError", (error, socket) => {
        this.#logger.debug({ reason: error.message }, "TLS handshake failed");
        socket.destroy();
      });
      front.on("connection", (socket: Socket) => socket.setNoDelay(true));
      this.#watcher = new TlsFileWatcher(tls, (material) => front.setSecureContext(material), this.#logger);
      this.#front = front;
    }
    this.#front.maxConnections = options.maxConnections ?? DEFAULT_MAX_CONNECTIONS;
    this.#front.on("drop", () =>
      this.#logger.warn({ limit: this.#front.maxConnections }, "connection refused: limit"),
    );
    options.metrics?.gauge({
      name: "rpc_connections",
      help: "Open connections to a listener",
      labels: ["listener"],
      collect: (gauge) => gauge.set({ listener: this.#address.kind }, this.#sockets.size),
    });
  }

  get port(): number {
    return (this.#front.address() as AddressInfo | null)?.port ?? this.#address.port;
  }

  get uri(): ServiceUri {
    const { kind, host, tls } = this.#address;
    return ServiceUri.fromResponderId(kind, `${host}:${this.#port}`, tls !== undefined);
  }

  get connectionCount(): number {
    return this.#sockets.size;
  }

  async listen(): Promise<void> {
    const { host, port } = this.#address;
    await new Promise<void>((resolve, reject) => {
      this.#front.once("error", (cause) => {
        this.#watcher?.close();
        const message = `cannot listen on ${host}:${port}: ${cause.message}; free the port or choose another address`;
        reject(new ServiceError("Listen", message, cause));
      });
      this.#front.listen({ host: host.replace(/^\[(.*)\]$/, "$1"), port }, resolve);
    });
    this.#front.removeAllListeners("error");
    this.#front.on("error", (error) => this.#logger.error({ reason: error.message }, "listener failed"));
    this.#port = this.port;
    this.#logger.info({ uri: String(this.uri) }, "listening");
  }

  close({ graceMs = DEFAULT_GRACE_MS }: { readonly graceMs?: number } = {}): Promise<void> {
    this.#closing ??= this.#close(graceMs);
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(graceMs: number): Promise<void> {
    this.#watcher?.close();
    const closed = new Promise<void>((resolve) => this.#front.close(() => resolve()));
    // A session closed so finishes its streams and takes no new ones; idle ones end at once.
    for (const session of this.#sessions) session.close();
    for (const [socket] of this.#headerTimers) socket.destroy();
    const cutOff = setTimeout(() => {
      this.#logger.warn(
        { connections: this.#sockets.size },
        "calls still in flight after the grace period are cut off",
      );
      this.#shutdown.abort();
      for (const session of this.#sessions) session.destroy();
      for (const socket of this.#sockets) socket.destroy();
    }, graceMs);
    await closed;
    clearTimeout(cutOff);
    this.#shutdown.abort();
  }

  #track(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on("error", (error) => this.#logger.debug({ reason: error.message }, "connection failed"));
    socket.once("close", () => {
      this.#sockets.delete(socket);
      this.#stopExpecting(socket);
    });
  }

  /** Tells HTTP/2 from HTTP/1.1 by the first bytes: as soon as they differ from the preface it is HTTP/1.1. */
  #sniff(socket: Socket): void {
    this.#expectHeaders(socket);
    let seen = new Uint8Array(0);
    const onReadable = () => {
      const chunk: Uint8Array | null = socket.read();
      if (chunk === null) return;
      const joined = new Uint8Array(seen.length + chunk.length);
      joined.set(seen);
      joined.set(chunk, seen.length);
      seen = joined;
      const start = String.fromCharCode(...seen.subarray(0, HTTP2_PREFACE.length));
      if (start.length < HTTP2_PREFACE.length && HTTP2_PREFACE.startsWith(start)) return;
      socket.off("readable", onReadable);
      socket.unshift(seen);
      if (start !== HTTP2_PREFACE) return this.#serveHttp1(socket);
      this.#stopExpecting(socket);
      this.#http2.emit("connection", socket);
    };
    socket.on("readable", onReadable);
  }

  #serveHttp1(socket: Socket): void {
    this.#expectHeaders(socket);
    this.#http1.emit("connection", socket);
    socket.resume();
  }

  #stopExpecting(socket: Socket): void {
    clearTimeout(this.#headerTimers.get(socket));
    this.#headerTimers.delete(socket);
  }

  #expectHeaders(socket: Socket): void {
    this.#stopExpecting(socket);
    if (socket.destroyed) return;
    if (this.#closing !== undefined) return void socket.end();
    this.#headerTimers.set(
      socket,
      setTimeout(() => socket.destroy(), this.#handshakeTimeoutMs),
    );
  }

  #watchSession(session: ServerHttp2Session, options: ServerOptions): void {
    if (this.#closing !== undefined) {
      session.destroy();
      return;
    }
    this.#sessions.add(session);
    session.on("error", (error) => this.#logger.debug({ reason: error.message }, "HTTP/2 session failed"));
    const settings = setTimeout(() => session.destroy(), this.#handshakeTimeoutMs);
    session.once("remoteSettings", () => clearTimeout(settings));
    let silent: NodeJS.Timeout | undefined;
    const interval = setInterval(() => {
      if (session.destroyed) return;
      silent ??= setTimeout(() => session.destroy(), options.keepAliveTimeoutMs ?? 20_000);
      session.ping((error) => {
        if (error !== null) return;
        clearTimeout(silent);
        silent = undefined;
      });
    }, options.keepAliveIntervalMs ?? 60_000);
    session.once("close", () => {
      this.#sessions.delete(session);
      clearTimeout(settings);
      clearTimeout(silent);
      clearInterval(interval);
    });
  }
}

function listenAddress(
  listen: ServiceUri | ListenAddress,
): Required<Omit<ListenAddress, "tls">> & { readonly tls: TlsFiles | undefined } {
  if (!(listen instanceof ServiceUri)) {
    return { host: listen.host, port: listen.port, kind: listen.kind ?? "consensusClient", tls: listen.tls };
  }
  const { host, port, kind } = listen;
  if (!listen.useTls) return { host, port, kind, tls: undefined };
  const chainFile = listen.parameter("tls-chain");
  const keyFile = listen.parameter("tls-key");
  if (chainFile === undefined || keyFile === undefined) {
    throw new ServiceError(
      "TlsFiles",
      `${listen} asks for TLS and lacks tls-chain or tls-key; add both to the URI`,
    );
  }
  return { host, port, kind, tls: { chainFile, keyFile } };
}
