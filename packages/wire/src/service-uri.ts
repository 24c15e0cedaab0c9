import { checkEd25519PublicKey, decodeEd25519PublicDer, hexToBytes } from "@mobilecoin-ts/crypto";
import { base64url } from "@scure/base";
import { WireError } from "./error.ts";
import { type NodeId, parseResponderId } from "./responder-id.ts";

interface ServiceScheme {
  readonly scheme: string;
  readonly securePort: number;
  readonly insecurePort: number;
}

function service(scheme: string, securePort: number, insecurePort: number): ServiceScheme {
  return { scheme, securePort, insecurePort };
}

/** The services and their schemes; the insecure one is `insecure-` and the same name (01 section 2.16). */
export const SERVICES = {
  consensusClient: service("mc", 443, 3223),
  consensusPeer: service("mcp", 8443, 8080),
  admin: service("mca", 9443, 9090),
  fogReport: service("fog", 443, 3225),
  fogView: service("fog-view", 443, 3225),
  fogViewRouter: service("fog-view-router", 443, 3225),
  fogViewStore: service("fog-view-store", 443, 3225),
  fogLedger: service("fog-ledger", 443, 3223),
  keyImageStore: service("key-image-store", 443, 3223),
  fogIngest: service("fog-ingest", 443, 3221),
  ingestPeer: service("igp", 8453, 8090),
  watcher: service("watcher", 443, 3226),
  mobilecoind: service("mobilecoind", 4443, 4444),
  t3: service("t3", 443, 8080),
  remoteWallet: service("remote-wallet", 9443, 9090),
} as const;

export type ServiceKind = keyof typeof SERVICES;

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Address of one service, as configured or published (01 section 2.16). */
export class ServiceUri {
  readonly kind: ServiceKind;
  /** Whether the scheme asks for TLS. */
  readonly useTls: boolean;
  /** As written; schemes like these keep the case of a host. */
  readonly host: string;
  /** As written, or the service's default. */
  readonly port: number;
  readonly username: string;
  readonly password: string;
  /** The whole URI, normalised, credentials included. */
  readonly href: string;
  readonly #parameters: URLSearchParams;

  /** @throws WireError `UrlParse`, `MissingHost`, `UnknownScheme`, `PercentDecoding` */
  constructor(kind: ServiceKind, text: string) {
    const { scheme, securePort, insecurePort } = SERVICES[kind];
    const path = `${scheme} URI`;
    if (!URL.canParse(text)) throw new WireError("UrlParse", "is not a URL", path);
    const url = new URL(text);
    if (!url.pathname.endsWith("/")) url.pathname = `${url.pathname}/`;
    if (url.hostname === "") throw new WireError("MissingHost", "has no host", path);
    if (url.protocol !== `${scheme}:` && url.protocol !== `insecure-${scheme}:`) {
      const reason = `has another scheme than ${scheme} or insecure-${scheme}`;
      throw new WireError("UnknownScheme", reason, path);
    }
    this.kind = kind;
    this.useTls = url.protocol === `${scheme}:`;
    this.host = url.hostname;
    const defaultPort = this.useTls ? securePort : insecurePort;
    this.port = url.port === "" ? defaultPort : Number(url.port);
    this.username = percentDecode(url.username, `${path}.username`);
    this.password = percentDecode(url.password, `${path}.password`);
    this.href = url.href;
    this.#parameters = url.searchParams;
  }

  /** The URI of a service at a responder id. @throws WireError as the constructor. */
  static fromResponderId(kind: ServiceKind, responderId: string, useTls: boolean): ServiceUri {
    return new ServiceUri(kind, `${schemeOf(kind, useTls)}://${responderId}`);
  }

  /** `host:port`. */
  get address(): string {
    return `${this.host}:${this.port}`;
  }

  /** The host up to its first dot; undefined where it has none. */
  get subdomain(): string | undefined {
    const dot = this.host.indexOf(".");
    return dot < 0 ? undefined : this.host.slice(0, dot);
  }

  /** The first non-empty value of a query parameter, decoded as a form's (`+` is a space). */
  parameter(name: string): string | undefined {
    return this.#parameters.getAll(name).find((value) => value !== "");
  }

  /** Whether a parameter is `1` or `true`. */
  flag(name: string): boolean {
    const value = this.parameter(name);
    return value === "1" || value === "true";
  }

  get tlsHostnameOverride(): string | undefined {
    return this.parameter("tls-hostname");
  }

  /** Of a peer: whether it passes on transactions it receives. */
  get relaysIncomingTxs(): boolean {
    return this.flag("consensus-relay-incoming-txs");
  }

  /** Of a peer: whether consensus messages are sent to it, as by default; any value but `1` says no. */
  get broadcastsConsensusMessages(): boolean {
    return (this.parameter("broadcast-consensus-msgs") ?? "1") === "1";
  }

  /** `responder-id`, or `host:port`. @throws WireError `ResponderId` */
  get responderId(): string {
    try {
      return parseResponderId(this.parameter("responder-id") ?? this.address);
    } catch (cause) {
      throw this.#refusal("ResponderId", "is not of the form host:port", "responder-id", cause);
    }
  }

  /**
   * `consensus-msg-key`: the 32 bytes in hex, or the DER SubjectPublicKeyInfo in padded URL-safe base64.
   * @throws WireError `NoPubkey`, `Base64Decode`, `KeyConversion`
   */
  get consensusMessageKey(): Uint8Array {
    const name = "consensus-msg-key";
    const text = this.parameter(name);
    if (text === undefined) throw this.#refusal("NoPubkey", "is missing", name);
    const isHex = /^(?:[0-9a-fA-F]{2})+$/.test(text);
    let bytes: Uint8Array;
    try {
      bytes = isHex ? hexToBytes(text) : base64url.decode(text);
    } catch (cause) {
      throw this.#refusal("Base64Decode", "is neither hex nor URL-safe base64", name, cause);
    }
    try {
      const key = isHex ? bytes : decodeEd25519PublicDer(bytes);
      checkEd25519PublicKey(key);
      return key;
    } catch (cause) {
      throw this.#refusal("KeyConversion", "is no Ed25519 public key", name, cause);
    }
  }

  /** @throws WireError as `responderId` and `consensusMessageKey` */
  get nodeId(): NodeId {
    return { responderId: this.responderId, publicKey: this.consensusMessageKey };
  }

  /** Whether the whole URIs are the same: an explicit default port, path, query and credentials all count. */
  equals(other: ServiceUri): boolean {
    return this.kind === other.kind && this.href === other.href;
  }

  /** `scheme://host:port/`, without credentials, path and query: fit for logs. */
  toString(): string {
    return `${schemeOf(this.kind, this.useTls)}://${this.address}/`;
  }

  #refusal(
    code: "ResponderId" | "NoPubkey" | "Base64Decode" | "KeyConversion",
    reason: string,
    parameter: string,
    cause?: unknown,
  ): WireError {
    return new WireError(code, reason, `${SERVICES[this.kind].scheme} URI.${parameter}`, cause);
  }
}

function schemeOf(kind: ServiceKind, useTls: boolean): string {
  const { scheme } = SERVICES[kind];
  return useTls ? scheme : `insecure-${scheme}`;
}

/** Undoes `%xx`; a percent sign that begins none stays. */
function percentDecode(text: string, path: string): string {
  // What the URL parser leaves is ASCII: everything else it has encoded itself.
  const bytes: number[] = [];
  for (let index = 0; index < text.length; index++) {
    const escaped = /^%([0-9a-fA-F]{2})/.exec(text.slice(index, index + 3));
    if (escaped !== null) index += 2;
    bytes.push(escaped === null ? text.charCodeAt(index) : Number.parseInt(escaped[1]!, 16));
  }
  try {
    return UTF8.decode(Uint8Array.from(bytes));
  } catch (cause) {
    throw new WireError("PercentDecoding", "is not UTF-8 once percent-decoded", path, cause);
  }
}
