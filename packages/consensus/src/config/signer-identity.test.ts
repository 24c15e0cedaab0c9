import { ed25519PublicKey } from "@mobilecoin-ts/crypto";
import { describe, expect, it } from "vitest";
import { resolveSignerIdentity, type SignerIdentity, signerIdentityShape } from "./signer-identity.ts";

const key = (fill: number) => ed25519PublicKey(new Uint8Array(32).fill(fill));
const single = (fill: number): SignerIdentity => ({ kind: "single", publicKey: key(fill) });
const multiSig = (threshold: number, ...signers: SignerIdentity[]): SignerIdentity => ({
  kind: "multiSig",
  threshold,
  signers,
});
const named = (name: string): SignerIdentity => ({ kind: "identity", name });
const NOBODY = new Map<string, SignerIdentity>();
const refusal = (code: string) => expect.objectContaining({ name: "ConsensusError", code });

/** A signer within `depth` sets of two. */
function nested(depth: number): SignerIdentity {
  let identity: SignerIdentity = multiSig(1, single(1), single(2));
  for (let level = 0; level < depth; level++) identity = multiSig(1, identity, single(1));
  return identity;
}

describe("resolveSignerIdentity", () => {
  it("makes one key a set of one", () => {
    expect(resolveSignerIdentity(single(1), NOBODY)).toEqual({
      individualSigners: [key(1)],
      multiSigners: [],
      threshold: 1,
    });
  });

  it("takes a signer that comes down to one key for that key, and keeps the order", () => {
    const names = new Map([
      ["Bob", multiSig(7, named("Rob"))],
      ["Rob", single(2)],
    ]);
    expect(
      resolveSignerIdentity(
        multiSig(2, single(3), named("Bob"), multiSig(1, single(1), single(4)), single(1)),
        names,
      ),
    ).toEqual({
      individualSigners: [key(3), key(2), key(1)],
      multiSigners: [{ individualSigners: [key(1), key(4)], multiSigners: [], threshold: 1 }],
      threshold: 2,
    });
  });

  it("does not know a name in another case", () => {
    expect(() => resolveSignerIdentity(named("bob"), new Map([["Bob", single(1)]]))).toThrow(
      refusal("UnknownSignerIdentity"),
    );
  });

  it("ends at 32 levels, and at names that refer to each other", () => {
    expect(() => resolveSignerIdentity(nested(30), NOBODY)).not.toThrow();
    expect(() => resolveSignerIdentity(nested(31), NOBODY)).toThrow(refusal("NestingTooDeep"));
    const circle = new Map([
      ["a", named("b")],
      ["b", multiSig(1, named("a"))],
    ]);
    expect(() => resolveSignerIdentity(named("a"), circle)).toThrow(refusal("NestingTooDeep"));
  });

  it("ends at names that double with every level", () => {
    const names = new Map<string, SignerIdentity>([["0", multiSig(1, single(1), single(2))]]);
    for (let level = 1; level < 15; level++) {
      names.set(`${level}`, multiSig(1, named(`${level - 1}`), named(`${level - 1}`)));
    }
    expect(() => resolveSignerIdentity(named("14"), names)).toThrow(refusal("LimitExceeded"));
  });

  it("refuses thresholds that cannot be, or that need nobody", () => {
    for (const identity of [
      multiSig(0, single(1)),
      multiSig(2, single(1)),
      multiSig(1),
      multiSig(1, multiSig(3, single(1), single(2))),
    ]) {
      expect(() => resolveSignerIdentity(identity, NOBODY)).toThrow(refusal("SignerSetValidationFailed"));
    }
  });

  it("reads what it writes", () => {
    const identity = multiSig(2, single(1), named("x"), multiSig(1, single(2)));
    expect(signerIdentityShape.read(signerIdentityShape.write(identity))).toEqual(identity);
  });
});
