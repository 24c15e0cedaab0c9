import { Code, ConnectError, type HandlerContext } from "@connectrpc/connect";
import { rawHeadersKey } from "../server/raw-headers.ts";
import { type AuthenticationFailure, type Authenticator, anonymousAuthenticator } from "./authenticator.ts";
import { parseBasicAuthorization } from "./basic-authorization.ts";

/** What the checks need of a call. */
export type CheckedCall = Pick<HandlerContext, "requestHeader" | "values">;

export interface RequestChecks {
  /** @throws ConnectError FAILED_PRECONDITION when the call names another chain. */
  checkChainId(call: CheckedCall): void;
  /** The caller's name; undefined for an anonymous one. @throws ConnectError UNAUTHENTICATED */
  authenticate(call: CheckedCall): string | undefined;
}

export interface RequestCheckOptions {
  /** Undefined accepts every chain. */
  readonly chainId?: string;
  /** Anonymous by default. */
  readonly authenticator?: Authenticator;
}

const FAILURE_TEXT: Readonly<Record<AuthenticationFailure, string>> = {
  Unauthenticated: "Unauthenticated",
  InvalidAuthorizationToken: "Invalid user authorization token",
  ExpiredAuthorizationToken: "Expired user authorization token",
};

/** The checks a handler makes first, in the order its API states (04 section 2.9.1). */
export function requestChecks(options: RequestCheckOptions): RequestChecks {
  const { chainId, authenticator = anonymousAuthenticator } = options;
  const expected =
    chainId === undefined ? undefined : String.fromCharCode(...new TextEncoder().encode(chainId));
  return {
    checkChainId(call) {
      if (expected === undefined) return;
      if (occurrences(call, "chain-id").some((given) => given !== expected)) {
        throw new ConnectError(`chain-id mismatch: '${chainId}'`, Code.FailedPrecondition);
      }
    },
    authenticate(call) {
      const [header] = occurrences(call, "authorization");
      const credentials = header === undefined ? undefined : parseBasicAuthorization(header);
      if (typeof credentials === "string") {
        throw new ConnectError(`Authorization header error: ${credentials}`, Code.Unauthenticated);
      }
      const result = authenticator.authenticate(credentials);
      if (!result.ok) throw new ConnectError(FAILURE_TEXT[result.failure], Code.Unauthenticated);
      return result.username;
    },
  };
}

/** Every value of a header, one character per byte. Header objects join repeated ones, so the raw list is read. */
function occurrences(call: CheckedCall, name: string): string[] {
  const raw = call.values.get(rawHeadersKey);
  if (raw.length === 0) {
    // A call that came over no socket.
    const value = call.requestHeader.get(name);
    return value === null ? [] : [value];
  }
  const values: string[] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) {
    if (raw[index]!.toLowerCase() === name) values.push(raw[index + 1]!);
  }
  return values;
}
