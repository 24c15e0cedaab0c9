import type { IncomingMessage, ServerResponse } from "node:http";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import { cors as connectCors } from "@connectrpc/connect";

/** Which web pages may call a server: all, or those of the named origins (`https://wallet.example`). */
export interface CorsPolicy {
  readonly origins: "*" | readonly string[];
}

type Request = IncomingMessage | Http2ServerRequest;
type Response = ServerResponse | Http2ServerResponse;

const REQUEST_HEADERS = [...connectCors.allowedHeaders, "Authorization", "chain-id"].join(", ");
const RESPONSE_HEADERS = connectCors.exposedHeaders.join(", ");
const PREFLIGHT_SECONDS = "7200";

/** Lets a page of an allowed origin read the answer. */
export function writeCorsHeaders(policy: CorsPolicy, request: Request, response: Response): boolean {
  const origin = request.headers.origin;
  if (typeof origin !== "string") return false;
  if (policy.origins !== "*") {
    response.setHeader("vary", "Origin");
    if (!policy.origins.includes(origin)) return false;
  }
  response.setHeader("access-control-allow-origin", policy.origins === "*" ? "*" : origin);
  response.setHeader("access-control-expose-headers", RESPONSE_HEADERS);
  return true;
}

/** Answers the question a browser asks before a call; false when the request is another. */
export function answerPreflight(policy: CorsPolicy, request: Request, response: Response): boolean {
  if (request.method !== "OPTIONS" || request.headers["access-control-request-method"] === undefined)
    return false;
  if (writeCorsHeaders(policy, request, response)) {
    response.setHeader("access-control-allow-methods", connectCors.allowedMethods.join(", "));
    response.setHeader("access-control-allow-headers", REQUEST_HEADERS);
    response.setHeader("access-control-max-age", PREFLIGHT_SECONDS);
  }
  response.statusCode = 204;
  response.end();
  return true;
}
