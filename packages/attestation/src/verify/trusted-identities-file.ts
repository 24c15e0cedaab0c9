import { AttestationError, refusal } from "../error.ts";
import { type JsonNode, JsonObjectReader, parseStrictJson, stringOf } from "./strict-json.ts";
import type { TrustedIdentity } from "./trusted-identity.ts";

const U16 = 0xffff;
const ADVISORY_MEMBERS = ["mitigated_config_advisories", "mitigated_hardening_advisories"];
const MR_ENCLAVE_MEMBERS = ["MRENCLAVE", ...ADVISORY_MEMBERS];
const MR_SIGNER_MEMBERS = ["MRSIGNER", "product_id", "minimum_svn", ...ADVISORY_MEMBERS];

/** Enclave names of a network. */
export type EnclaveName = "consensus" | "fog-ingest" | "fog-ledger" | "fog-view";

/** Identities of releases: release → enclave name → identity, in the order of the file (05 section 2.13). */
export class TrustedIdentities {
  readonly releases: ReadonlyMap<string, ReadonlyMap<string, TrustedIdentity>>;

  constructor(releases: ReadonlyMap<string, ReadonlyMap<string, TrustedIdentity>>) {
    this.releases = releases;
  }

  /** The identities of an enclave in all releases. Throws `NoIdentitiesFound`. */
  forEnclave(name: EnclaveName | (string & {})): TrustedIdentity[] {
    const found = [...this.releases.values()].flatMap((enclaves) => enclaves.get(name) ?? []);
    if (found.length === 0) {
      throw refusal(
        "NoIdentitiesFound",
        "trusted identities",
        `none for enclave ${name}`,
        "one in some release",
      );
    }
    return found;
  }
}

/** Reads a file of trusted identities. Unknown members are an error. Throws `InvalidIdentities`. */
export function parseTrustedIdentities(json: string): TrustedIdentities {
  try {
    const what = "trusted identities";
    return new TrustedIdentities(
      mapOf(parseStrictJson(json, what), what, (enclaves, release) => mapOf(enclaves, release, readIdentity)),
    );
  } catch (cause) {
    if (!(cause instanceof AttestationError)) throw cause;
    throw new AttestationError("InvalidIdentities", cause.message, { cause, data: cause.data });
  }
}

function mapOf<T>(node: JsonNode, what: string, read: (node: JsonNode, what: string) => T): Map<string, T> {
  const out = new Map<string, T>();
  if (node.kind !== "object") throw refusal("InvalidIdentities", what, node.kind, "an object");
  for (const [name, member] of node.members) {
    if (out.has(name)) throw refusal("InvalidIdentities", what, `"${name}" twice`, "it once");
    out.set(name, read(member, `${what}, ${name}`));
  }
  return out;
}

function readIdentity(node: JsonNode, what: string): TrustedIdentity {
  if (node.kind !== "object") throw refusal("InvalidIdentities", what, node.kind, "an object");
  const isMrEnclave = node.members.some(([name]) => name === "MRENCLAVE");
  const known = isMrEnclave ? MR_ENCLAVE_MEMBERS : MR_SIGNER_MEMBERS;
  const unknown = node.members.find(([name]) => !known.includes(name));
  if (unknown !== undefined) {
    throw refusal("InvalidIdentities", what, `member ${unknown[0]}`, known.join(", "));
  }
  const identity = new JsonObjectReader(node, what);
  const strings = (name: string) =>
    identity.optional(name) === undefined ? [] : identity.list(name, stringOf);
  const advisories = {
    configAdvisories: strings("mitigated_config_advisories"),
    hardeningAdvisories: strings("mitigated_hardening_advisories"),
  };
  if (isMrEnclave) return { kind: "mrEnclave", mrEnclave: identity.hex("MRENCLAVE", 32), ...advisories };
  return {
    kind: "mrSigner",
    mrSigner: identity.hex("MRSIGNER", 32),
    productId: identity.unsigned("product_id", U16),
    minimumSvn: identity.unsigned("minimum_svn", U16),
    ...advisories,
  };
}
