import { systemRandom } from "@mobilecoin-ts/curve";
import { describe, expect, test } from "vitest";
import {
  certificate,
  distinguishedName,
  extension,
  newSigningKey,
  type SigningKey,
} from "../simulation/certificates.ts";
import { der } from "../simulation/der-writer.ts";
import { parseCertificate } from "./certificate.ts";
import { verifyChain } from "./chain.ts";

interface Entity {
  readonly name: Uint8Array;
  readonly key: SigningKey;
}

const entity = (name: string): Entity => ({
  name: distinguishedName(name),
  key: newSigningKey(systemRandom),
});
const root = entity("root");
const chainOf = Array.from({ length: 11 }, (_, i) => entity(`authority ${i}`));
let serial = 0;

const issue = (issuer: Entity, subject: Entity, pathLength?: number, extensions: Uint8Array[] = []) =>
  parseCertificate(
    certificate(issuer, {
      serial: Uint8Array.of(++serial),
      subject: subject.name,
      publicKey: subject.key.publicKey,
      notBefore: new Date("2026-01-01"),
      notAfter: new Date("2027-01-01"),
      extensions,
      ...(pathLength === undefined ? {} : { pathLength }),
    }),
  );
const anchor = (pathLength: number) => issue(root, root, pathLength);
const leafOf = (issuer: Entity) => issue(issuer, entity("leaf"));

/** A leaf, and so many authorities above it, each allowing all that stand below. */
function tower(height: number) {
  const authorities = chainOf.slice(0, height);
  const above = [...authorities.slice(1), root];
  return [
    leafOf(authorities[0] ?? root),
    ...authorities.map((authority, i) => issue(above[i]!, authority, i)),
  ];
}

const judge = (chain: ReturnType<typeof tower>, pathLength = 20) =>
  verifyChain({ step: "test", chain, anchor: anchor(pathLength), crls: [], strict: false });
const refused = (code: string) => expect.objectContaining({ code });

describe("a chain", () => {
  test("leads to the anchor, which need not be in it", () => {
    for (const height of [0, 1, 2, 8]) expect(judge(tower(height)).path).toHaveLength(height + 1);
    expect(judge([...tower(1), anchor(3)]).path).toHaveLength(2);
    expect(() => judge([])).toThrow(refused("GeneralCertificateError"));
  });

  test("has eight authorities between at most", () => {
    expect(() => judge(tower(9))).toThrow(refused("GeneralCertificateError"));
  });

  test("is not longer than an authority of it, or the anchor, allows", () => {
    const [leaf, lower] = tower(1);
    expect(() => judge(tower(2), 1)).toThrow(refused("SignatureVerification"));
    expect(judge(tower(2), 2).path).toHaveLength(3);
    const [, , upper] = tower(2);
    const middle = issue(chainOf[1]!, chainOf[0]!, 0);
    const narrow = issue(root, chainOf[1]!, 0);
    expect(judge([leaf!, middle, upper!]).path).toHaveLength(3);
    expect(() => judge([leaf!, middle, narrow])).toThrow(refused("SignatureVerification"));
    expect(judge([leaf!, lower!]).path).toHaveLength(2);
  });

  test("takes issuers from behind the issued, by name and signature", () => {
    const [leaf, lower] = tower(1);
    expect(() => judge([lower!, leaf!].slice(1))).toThrow(refused("SignatureVerification"));
    const impostor = { name: chainOf[0]!.name, key: newSigningKey(systemRandom) };
    expect(() => judge([leaf!, issue(root, impostor, 0)])).toThrow(refused("SignatureVerification"));
    // One of the same name does not stand in the way.
    expect(judge([leaf!, issue(root, impostor, 0), lower!]).path).toHaveLength(2);
    const misnamed = issue(root, { name: distinguishedName("x"), key: chainOf[0]!.key }, 0);
    expect(() => judge([leaf!, misnamed])).toThrow(refused("SignatureVerification"));
  });

  test("has no unknown critical extension, and none twice", () => {
    const unknown = extension("1.2.3.4", der.octets(new Uint8Array(1)), true);
    expect(() => issue(root, chainOf[0]!, 0, [unknown])).toThrow(refused("Der"));
    const harmless = extension("1.2.3.4", der.octets(new Uint8Array(1)));
    expect(issue(root, chainOf[0]!, 0, [harmless]).extensions.has("1.2.3.4")).toBe(true);
    expect(() => issue(root, chainOf[0]!, 0, [harmless, harmless])).toThrow(refused("Der"));
  });
});
