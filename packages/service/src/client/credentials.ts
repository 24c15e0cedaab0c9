import { authToken, basicAuthorization } from "@mobilecoin-ts/wire";

/** What a client authenticates itself with. */
export interface ClientCredentials {
  /** The `authorization` header of a call made now. */
  authorization(): string;
  /** Forgets what is cached: a server has refused it. */
  clear(): void;
}

export interface TokenCredentialsOptions {
  readonly username: string;
  /** 32 bytes, shared with the service. */
  readonly secret: Uint8Array;
  /** How long the service takes a token; a new one is made after half of it. One day by default. */
  readonly lifetimeSeconds?: number;
  /** Milliseconds since 1970; the platform's clock by default. */
  readonly now?: () => number;
}

const DAY_SECONDS = 86_400;

/** Tokens made from a shared secret as they are needed. @throws WireError `SecretLength`, `UserName` */
export function tokenCredentials(options: TokenCredentialsOptions): ClientCredentials {
  const { username, secret, lifetimeSeconds = DAY_SECONDS, now = Date.now } = options;
  let cached: { readonly header: string; readonly madeAt: number } | undefined;
  const make = () => {
    const madeAt = now();
    const token = authToken(secret, username, BigInt(Math.floor(madeAt / 1000)));
    return { header: basicAuthorization(username, token), madeAt };
  };
  // Made once here, so that an unusable secret shows at the start and not with the first call.
  cached = make();
  return {
    authorization() {
      const age = cached === undefined ? Number.POSITIVE_INFINITY : now() - cached.madeAt;
      if (cached === undefined || age < 0 || age > (lifetimeSeconds * 1000) / 2) cached = make();
      return cached.header;
    },
    clear() {
      cached = undefined;
    },
  };
}
