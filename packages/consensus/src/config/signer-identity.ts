import {
  CryptoError,
  decodeEd25519PublicDer,
  decodePem,
  encodeEd25519PublicDer,
  encodePem,
  isValidSignerSet,
  type SignerSet,
} from "@mobilecoin-ts/crypto";
import { at, type Document, refuseValue } from "../document/document.ts";
import { list, mapOf, record, type Shape, text, u32, withDefault } from "../document/shape.ts";
import { ConsensusError } from "../error.ts";

/** A signer as operators write it in files: a key, a set, or a name that stands for either (04 section 2.15). */
export type SignerIdentity =
  /** Ed25519 public key, 32 bytes. */
  | { readonly kind: "single"; readonly publicKey: Uint8Array }
  | { readonly kind: "multiSig"; readonly threshold: number; readonly signers: readonly SignerIdentity[] }
  /** A name among the identities of the file; case counts. */
  | { readonly kind: "identity"; readonly name: string };

export type SignerIdentities = ReadonlyMap<string, SignerIdentity>;

/** Identities within one another at which resolving ends. */
const MAX_NESTING = 32;

/** Signers of one set at most, those of nested sets included: names can be repeated, and double with every level. */
const MAX_SIGNERS = 10_000;

const publicKeyPemShape: Shape<Uint8Array> = {
  read(value) {
    const pem = text.read(value);
    try {
      return decodeEd25519PublicDer(decodePem("PUBLIC KEY", pem));
    } catch (cause) {
      if (!(cause instanceof CryptoError)) throw cause;
      throw refuseValue("is no Ed25519 public key in PEM", cause);
    }
  },
  write: (key) => encodePem("PUBLIC KEY", encodeEd25519PublicDer(key)),
};

export const signerIdentityShape: Shape<SignerIdentity> = {
  read(value) {
    const map = mapOf(value);
    const field = <T>(name: string, shape: Shape<T>) => at(name, () => shape.read(map.get(name)));
    switch (map.get("type")) {
      case "Single":
        return { kind: "single", publicKey: field("pub_key", publicKeyPemShape) };
      case "MultiSig":
        return {
          kind: "multiSig",
          threshold: field("threshold", u32),
          signers: field("signers", list(signerIdentityShape)),
        };
      case "Identity":
        return { kind: "identity", name: field("name", text) };
      default:
        throw refuseValue('has a type that is none of "Single", "MultiSig" and "Identity"');
    }
  },
  write(identity) {
    switch (identity.kind) {
      case "single":
        return tagged("Single", ["pub_key", publicKeyPemShape.write(identity.publicKey)]);
      case "multiSig":
        return tagged(
          "MultiSig",
          ["threshold", identity.threshold],
          ["signers", identity.signers.map(signerIdentityShape.write)],
        );
      case "identity":
        return tagged("Identity", ["name", identity.name]);
    }
  },
};

function tagged(type: string, ...fields: readonly (readonly [string, Document])[]): Document {
  return new Map<string, Document>([["type", type], ...fields]);
}

/** Names and what they stand for; a file without any need not say so. */
export const signerIdentitiesShape: Shape<SignerIdentities> = withDefault(
  record(signerIdentityShape),
  () => new Map(),
);

/**
 * The signer set that an identity stands for. A signer that comes down to one key counts as that key, whatever its own
 * threshold; the order of signers is kept.
 *
 * @throws ConsensusError `UnknownSignerIdentity`, `NestingTooDeep` (names that refer to each other included),
 * `LimitExceeded`, `SignerSetValidationFailed`
 */
export function resolveSignerIdentity(identity: SignerIdentity, identities: SignerIdentities): SignerSet {
  const signerSet = new Resolver(identities).resolve(identity, 0);
  if (!isValidSignerSet(signerSet)) {
    throw new ConsensusError(
      "SignerSetValidationFailed",
      "a signer set has a threshold of 0, or above the number of its signers; correct the threshold",
    );
  }
  return signerSet;
}

class Resolver {
  readonly #identities: SignerIdentities;
  #resolved = 0;

  constructor(identities: SignerIdentities) {
    this.#identities = identities;
  }

  resolve(identity: SignerIdentity, level: number): SignerSet {
    if (level >= MAX_NESTING) {
      throw new ConsensusError(
        "NestingTooDeep",
        `signer identities are nested ${MAX_NESTING} deep or refer to each other; flatten them`,
      );
    }
    this.#resolved += 1;
    if (this.#resolved > MAX_SIGNERS) {
      throw new ConsensusError("LimitExceeded", `a signer set has more than ${MAX_SIGNERS} signers`);
    }
    switch (identity.kind) {
      case "single":
        return { individualSigners: [identity.publicKey], multiSigners: [], threshold: 1 };
      case "multiSig":
        return this.#multiSig(identity.threshold, identity.signers, level);
      case "identity": {
        const named = this.#identities.get(identity.name);
        if (named === undefined) {
          throw new ConsensusError(
            "UnknownSignerIdentity",
            `the signer identity "${identity.name}" is not defined; add it to signer_identities`,
          );
        }
        return this.resolve(named, level + 1);
      }
    }
  }

  #multiSig(threshold: number, signers: readonly SignerIdentity[], level: number): SignerSet {
    const individualSigners: Uint8Array[] = [];
    const multiSigners: SignerSet[] = [];
    for (const signer of signers) {
      const set = this.resolve(signer, level + 1);
      const [only] = set.individualSigners;
      if (only !== undefined && set.individualSigners.length === 1 && set.multiSigners.length === 0) {
        individualSigners.push(only);
      } else {
        multiSigners.push(set);
      }
    }
    return { individualSigners, multiSigners, threshold };
  }
}
