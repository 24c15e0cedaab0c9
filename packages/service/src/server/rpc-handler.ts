import type { IncomingMessage, ServerResponse } from "node:http";
import {
  constants,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Stream,
} from "node:http2";
import {
  Code,
  ConnectError,
  type ConnectRouter,
  type ConnectRouterOptions,
  createConnectRouter,
  createContextValues,
} from "@connectrpc/connect";
import {
  compressionGzip,
  universalRequestFromNodeRequest,
  universalResponseToNodeResponse,
} from "@connectrpc/connect-node";
import type { Logger } from "../logger.ts";
import { answerPreflight, type CorsPolicy, writeCorsHeaders } from "./cors.ts";
import { rawHeadersKey } from "./raw-headers.ts";

type Request = IncomingMessage | Http2ServerRequest;
type Response = ServerResponse | Http2ServerResponse;

export interface RpcHandlerOptions extends ConnectRouterOptions {
  readonly routes: (router: ConnectRouter) => void;
  readonly logger: Logger;
  readonly cors: CorsPolicy | undefined;
  /** A request that is not a stream must have arrived within this time. */
  readonly requestTimeoutMs: number;
  readonly maxHeaderBytes: number;
}

/**
 * Answers gRPC, gRPC-web and Connect requests. Unlike the library's own adapter it holds against requests that cannot
 * even be represented (an authority that is no host), and logs instead of writing to the console.
 */
export function createRpcHandler(options: RpcHandlerOptions): (request: Request, response: Response) => void {
  const { routes, logger, cors, requestTimeoutMs, maxHeaderBytes, ...routerOptions } = options;
  const router = createConnectRouter({
    // What goes over these connections is mostly ciphertext: requests may come compressed, answers never are.
    acceptCompression: [compressionGzip],
    compressMinBytes: 0xffffffff,
    ...routerOptions,
  });
  routes(router);
  const handlers = new Map(router.handlers.map((handler) => [handler.requestPath, handler]));

  return (request, response) => {
    // A peer that resets its stream makes both ends of it fail; there is nobody left to tell.
    const debug = (error: Error) =>
      logger.debug({ reason: error.message }, "request failed on its connection");
    request.on("error", debug);
    response.on("error", debug);
    if ("stream" in request) endAfterAnswer(request.stream);
    try {
      // An HTTP/2 peer is held to the limit only once it has acknowledged it, so the first requests are measured here.
      const headerBytes = request.rawHeaders.reduce((total, text) => total + text.length, 0);
      if (headerBytes > maxHeaderBytes) return refuse(response, 431);
      if (cors !== undefined && answerPreflight(cors, request, response)) return;
      const handler = handlers.get(request.url?.split("?", 1)[0] ?? "");
      if (handler === undefined) return refuse(response, 404);
      if (cors !== undefined) writeCorsHeaders(cors, request, response);
      const streams =
        handler.method.methodKind === "client_streaming" || handler.method.methodKind === "bidi_streaming";
      if (!streams) limitArrival(request, requestTimeoutMs);
      dropEndlessTimeout(request);
      const values = createContextValues().set(rawHeadersKey, request.rawHeaders);
      const universal = universalRequestFromNodeRequest(request, response, undefined, values);
      handler(universal)
        .then((answer) => universalResponseToNodeResponse(answer, response))
        .catch((reason: unknown) => {
          const error = ConnectError.from(reason);
          const level = error.code === Code.Aborted || error.code === Code.Canceled ? "debug" : "warn";
          logger[level](
            { method: handler.requestPath, reason: error.rawMessage },
            "an answer could not be delivered",
          );
          response.destroy();
        });
    } catch (reason) {
      logger.debug({ reason: reason instanceof Error ? reason.message : "unknown" }, "unreadable request");
      refuse(response, 400);
    }
  };
}

/** Milliseconds that a timer can wait. */
const MAX_TIMER_MS = 2 ** 31 - 1;

const UNIT_MS: Readonly<Record<string, number>> = {
  H: 3_600_000,
  M: 60_000,
  S: 1000,
  m: 1,
  u: 1e-3,
  n: 1e-6,
};

/** A call may ask for more time than a timer can count (up to 99999999 hours), which is to say for any. */
function dropEndlessTimeout({ headers }: Request): void {
  const grpc = /^(\d{1,8})([HMSmun])$/.exec(String(headers["grpc-timeout"] ?? ""));
  if (grpc !== null && Number(grpc[1]) * (UNIT_MS[grpc[2] ?? ""] ?? 0) > MAX_TIMER_MS)
    delete headers["grpc-timeout"];
  if (Number(headers["connect-timeout-ms"] ?? 0) > MAX_TIMER_MS) delete headers["connect-timeout-ms"];
}

/** How long after its answer the stream of a request may stay that has not arrived in full; a reset at once would overtake it. */
const REST_MS = 500;

/**
 * Ends an HTTP/2 stream some time after its answer: the rest of what was refused before it had arrived would hold its
 * place, and the window of the whole connection, until the request's time is up.
 */
function endAfterAnswer(stream: ServerHttp2Stream): void {
  stream.once("finish", () => {
    if (stream.readableEnded) return;
    const timer = setTimeout(() => {
      if (!stream.destroyed) stream.close(constants.NGHTTP2_NO_ERROR);
    }, REST_MS);
    stream.once("close", () => clearTimeout(timer));
  });
}

function limitArrival(request: Request, requestTimeoutMs: number): void {
  const timer = setTimeout(() => {
    if (!request.complete) request.destroy();
  }, requestTimeoutMs);
  timer.unref();
  request.once("close", () => clearTimeout(timer));
}

function refuse(response: Response, status: number): void {
  if (response.headersSent) return void response.destroy();
  response.statusCode = status;
  response.end();
}
