import { type ClientHttp2Session, connect, constants } from "node:http2";

/** One request as it goes out: nothing in it need be well-formed. */
export interface RawRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  /** With the gRPC frame around it, if it has one. */
  readonly body: Uint8Array;
  /** Reset the stream with this code after this many milliseconds instead of ending it. */
  readonly resetAfterMs?: number;
}

export interface RawAnswer {
  /** `grpc:<code>`, `http:<status>`, or what became of the connection. */
  readonly outcome: string;
  readonly body: Uint8Array;
}

const ANSWER_TIMEOUT_MS = 60_000;
/** A connection that has served so many is left and another made, as sessions of a real flood are. */
const REQUESTS_PER_CONNECTION = 20_000;

/** Requests side by side on one HTTP/2 connection, made anew whenever the server has had enough of it. */
export class Pipeline {
  readonly #port: number;
  #session: ClientHttp2Session | undefined;
  #served = 0;

  constructor(port: number) {
    this.#port = port;
  }

  send(request: RawRequest): Promise<RawAnswer> {
    return new Promise((resolve) => {
      let settled = false;
      const finish = (outcome: string, body: Uint8Array = new Uint8Array(0)): void => {
        if (settled) return;
        settled = true;
        clearTimeout(timer);
        resolve({ outcome, body });
      };
      const timer = setTimeout(() => finish("timeout"), ANSWER_TIMEOUT_MS);
      let stream: ReturnType<ClientHttp2Session["request"]>;
      try {
        stream = this.#connection().request({
          ":method": "POST",
          ":path": request.path,
          ...request.headers,
        });
      } catch (error) {
        return finish(`not sendable:${codeOf(error)}`);
      }
      let status = 0;
      let grpcStatus: string | undefined;
      const parts: Uint8Array[] = [];
      const noteStatus = (headers: Readonly<Record<string, unknown>>): void => {
        const value = headers["grpc-status"];
        if (typeof value === "string") grpcStatus = value;
      };
      stream.on("response", (headers) => {
        status = headers[":status"] ?? 0;
        noteStatus(headers);
      });
      stream.on("trailers", noteStatus);
      stream.on("data", (chunk: Uint8Array) => parts.push(chunk));
      stream.on("error", () => {});
      stream.on("close", () => {
        if (grpcStatus !== undefined) finish(`grpc:${grpcStatus}`, joined(parts));
        else if (status !== 0 && stream.rstCode !== constants.NGHTTP2_NO_ERROR)
          finish(`reset:${stream.rstCode}`);
        else if (status !== 0) finish(`http:${status}`, joined(parts));
        else finish(`reset:${stream.rstCode}`);
      });
      if (request.resetAfterMs === undefined) stream.end(request.body);
      else {
        stream.write(request.body);
        setTimeout(() => stream.close(constants.NGHTTP2_CANCEL), request.resetAfterMs);
      }
    });
  }

  #connection(): ClientHttp2Session {
    const current = this.#session;
    if (
      current !== undefined &&
      !current.closed &&
      !current.destroyed &&
      this.#served < REQUESTS_PER_CONNECTION
    ) {
      this.#served++;
      return current;
    }
    current?.close();
    const session = connect(`http://127.0.0.1:${this.#port}`, { settings: { enablePush: false } });
    session.setMaxListeners(0);
    session.on("error", () => {});
    session.on("goaway", () => session.close());
    this.#session = session;
    this.#served = 1;
    return session;
  }

  close(): void {
    this.#session?.destroy();
    this.#session = undefined;
  }
}

/** A message in its gRPC frame. */
export function framed(message: Uint8Array, flags = 0, length = message.length): Uint8Array {
  const frame = new Uint8Array(5 + message.length);
  frame[0] = flags;
  new DataView(frame.buffer).setUint32(1, length);
  frame.set(message, 5);
  return frame;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((total, { length }) => total + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown";
}
