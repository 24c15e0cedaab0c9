import type {
  ClientHttp2Session,
  ClientHttp2Stream,
  ClientSessionOptions,
  OutgoingHttpHeaders,
} from "node:http2";
import { Code, ConnectError } from "@connectrpc/connect";
import { Http2SessionManager } from "@connectrpc/connect-node";

type RequestOptions = Parameters<Http2SessionManager["request"]>[3];

/**
 * Pings connections itself: the library's own timer can outlive a connection that broke under a call, and its ping on
 * the dead session is then an exception nobody can catch.
 */
export class KeptAliveSessions extends Http2SessionManager {
  readonly #intervalMs: number;
  readonly #timeoutMs: number;
  readonly #known = new WeakSet<ClientHttp2Session>();

  constructor(
    baseUrl: string,
    keepAlive: { readonly intervalMs: number; readonly timeoutMs: number },
    options: ClientSessionOptions,
  ) {
    // Its idle timer can outlive a connection likewise, and would then put aside the one that took its place.
    super(baseUrl, { idleConnectionTimeoutMs: Number.POSITIVE_INFINITY }, options);
    this.#intervalMs = keepAlive.intervalMs;
    this.#timeoutMs = keepAlive.timeoutMs;
  }

  override async request(
    method: string,
    path: string,
    headers: OutgoingHttpHeaders,
    options: RequestOptions,
  ): Promise<ClientHttp2Stream> {
    const stream = await super.request(method, path, headers, options);
    if (stream.session !== undefined) this.#keepAlive(stream.session as ClientHttp2Session);
    return stream;
  }

  #keepAlive(session: ClientHttp2Session): void {
    if (this.#known.has(session) || session.destroyed) return;
    this.#known.add(session);
    let timeout: NodeJS.Timeout | undefined;
    const interval = setInterval(() => {
      if (session.destroyed || timeout !== undefined) return;
      timeout = setTimeout(() => {
        if (!session.destroyed)
          session.destroy(new ConnectError("the peer no longer answers", Code.Unavailable));
      }, this.#timeoutMs).unref();
      session.ping((error) => {
        if (error !== null) return;
        clearTimeout(timeout);
        timeout = undefined;
      });
    }, this.#intervalMs).unref();
    // The manager stops listening once it has given a session up; what fails after that must not go unheard.
    session.on("error", () => {});
    session.once("close", () => {
      clearInterval(interval);
      clearTimeout(timeout);
    });
  }
}
