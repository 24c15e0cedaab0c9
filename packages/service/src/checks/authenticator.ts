import { createHmac } from "node:crypto";
import { equalBytes, hexToBytes } from "@mobilecoin-ts/crypto";
import { ServiceError } from "../error.ts";

/** User and password of a Basic `authorization` header. */
export interface BasicCredentials {
  readonly username: string;
  readonly password: string;
}

/** Why a request is not let in (04 section 2.9.1). */
export type AuthenticationFailure =
  | "Unauthenticated"
  | "InvalidAuthorizationToken"
  | "ExpiredAuthorizationToken";

export type AuthenticationResult =
  | { readonly ok: true; readonly username: string | undefined }
  | { readonly ok: false; readonly failure: AuthenticationFailure };

/** Decides on the credentials of a request; undefined when it brought none. */
export interface Authenticator {
  authenticate(credentials: BasicCredentials | undefined): AuthenticationResult;
}

/** Lets everybody in. Malformed headers are refused all the same, before it is asked. */
export const anonymousAuthenticator: Authenticator = {
  authenticate: (credentials) => ({ ok: true, username: credentials?.username }),
};

export interface TokenAuthenticatorOptions {
  /** 32 bytes, shared with the clients. */
  readonly secret: Uint8Array;
  /** How far a token's time may be from now, either way; one day by default. */
  readonly maxLifetimeSeconds?: number;
  /** Milliseconds since 1970; the platform's clock by default. */
  readonly now?: () => number;
}

const SECRET_LENGTH = 32;
const MAC_LENGTH = 10;
const DAY_SECONDS = 86_400;
const U64_MAX = 2n ** 64n - 1n;

/** Lets in whoever knows the shared secret (04 section 2.9.1). @throws ServiceError `TokenSecret` */
export function tokenAuthenticator(options: TokenAuthenticatorOptions): Authenticator {
  const { secret, maxLifetimeSeconds = DAY_SECONDS, now = Date.now } = options;
  if (secret.length !== SECRET_LENGTH) {
    throw new ServiceError(
      "TokenSecret",
      `the token secret has ${secret.length} bytes; give ${SECRET_LENGTH}`,
    );
  }
  return {
    authenticate(credentials) {
      if (credentials === undefined) return { ok: false, failure: "Unauthenticated" };
      const invalid = { ok: false, failure: "InvalidAuthorizationToken" } as const;
      const [username, time, mac, ...more] = credentials.password.split(":");
      if (username === undefined || time === undefined || mac === undefined || more.length > 0)
        return invalid;
      if (username !== credentials.username) return invalid;
      // As the reference reads numbers: a plus sign and leading zeros are allowed, and the MAC covers them as written.
      if (!/^\+?[0-9]+$/.test(time)) return invalid;
      const seconds = BigInt(time.replace("+", ""));
      if (seconds > U64_MAX) return invalid;
      const distanceMs = Math.abs(now() - Number(seconds) * 1000);
      if (distanceMs >= maxLifetimeSeconds * 1000) return { ok: false, failure: "ExpiredAuthorizationToken" };
      const expected = tokenMac(secret, username, time);
      const given = macBytes(mac);
      if (given === undefined || !equalBytes(expected, given)) return invalid;
      return { ok: true, username };
    },
  };
}

/** Over the text as it was written, not over the number it stands for. */
function tokenMac(secret: Uint8Array, username: string, time: string): Uint8Array {
  return createHmac("sha256", secret).update(`${username}:${time}`).digest().subarray(0, MAC_LENGTH);
}

function macBytes(text: string): Uint8Array | undefined {
  return text.length === MAC_LENGTH * 2 && /^[0-9a-fA-F]*$/.test(text) ? hexToBytes(text) : undefined;
}
