import { generateKeyPairSync, sign } from "node:crypto";

export interface SelfSigned {
  readonly cert: string;
  readonly key: string;
}

/** A certificate for one DNS name, its own authority, made of nothing but DER. */
export function selfSigned(dnsName: string, serial = 1): SelfSigned {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const ecdsaWithSha256 = der(0x30, [Uint8Array.of(0x06, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2)]);
  const name = der(0x30, [
    der(0x31, [der(0x30, [Uint8Array.of(0x06, 3, 0x55, 4, 3), der(0x0c, [ascii(dnsName)])])]),
  ]);
  const extension = (oid: number, value: Uint8Array) =>
    der(0x30, [Uint8Array.of(0x06, 3, 0x55, 0x1d, oid), der(0x04, [value])]);
  const contents = der(0x30, [
    der(0xa0, [Uint8Array.of(2, 1, 2)]),
    Uint8Array.of(2, 1, serial),
    ecdsaWithSha256,
    name,
    der(0x30, [der(0x17, [ascii("200101000000Z")]), der(0x17, [ascii("490101000000Z")])]),
    name,
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, [
      der(0x30, [
        extension(17, der(0x30, [der(0x82, [ascii(dnsName)])])),
        extension(19, der(0x30, [Uint8Array.of(1, 1, 0xff)])),
      ]),
    ]),
  ]);
  const signature = der(0x03, [Uint8Array.of(0), sign("sha256", contents, privateKey)]);
  const base64 = Buffer.from(der(0x30, [contents, ecdsaWithSha256, signature])).toString("base64");
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${base64.replace(/.{64}/g, "$&\n")}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function der(tag: number, parts: readonly Uint8Array[]): Uint8Array {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Uint8Array.from([tag, ...size, ...content]);
}
