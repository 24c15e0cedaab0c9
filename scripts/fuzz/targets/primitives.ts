import {
  CryptoError,
  concat,
  cryptoBoxEncrypt,
  cryptoBoxOpen,
  decodeEd25519PrivateDer,
  decodeEd25519PublicDer,
  decodeEd25519SignatureDer,
  decodePem,
  decodeX25519PrivateDer,
  decodeX25519PublicDer,
  encodeEd25519PrivateDer,
  encodeEd25519PublicDer,
  encodeEd25519SignatureDer,
  encodePem,
  encodeX25519PrivateDer,
  encodeX25519PublicDer,
  parseSchnorrkelSignature,
  schnorrkelSign,
} from "@mobilecoin-ts/crypto";
import { CurveError, Point, Scalar } from "@mobilecoin-ts/curve";
import { mutateBytes } from "../byte-mutation.ts";
import { ed25519Keys, points, randomBytes, scalars } from "../corpus.ts";
import { bytesTarget, type Target, textTarget } from "../target.ts";
import { mutateText } from "../text-mutation.ts";

const key = randomBytes(32);
const boxKey = Scalar.fromBytes(scalars[5]!);
const boxes = [0, 34, 100].map((length) =>
  cryptoBoxEncrypt(Point.multiplyBase(boxKey), randomBytes(length), randomBytes),
);

interface DerForm {
  readonly name: string;
  readonly contents: readonly Uint8Array[];
  readonly encode: (content: Uint8Array) => Uint8Array;
  readonly decode: (der: Uint8Array) => Uint8Array;
}

const derForms: readonly DerForm[] = [
  {
    name: "Ed25519 public key DER",
    contents: ed25519Keys,
    encode: encodeEd25519PublicDer,
    decode: decodeEd25519PublicDer,
  },
  {
    name: "Ed25519 private key DER",
    contents: [key],
    encode: encodeEd25519PrivateDer,
    decode: decodeEd25519PrivateDer,
  },
  {
    name: "Ed25519 signature DER",
    contents: [randomBytes(64)],
    encode: encodeEd25519SignatureDer,
    decode: decodeEd25519SignatureDer,
  },
  {
    name: "X25519 public key DER",
    contents: [key],
    encode: encodeX25519PublicDer,
    decode: decodeX25519PublicDer,
  },
  {
    name: "X25519 private key DER",
    contents: [key],
    encode: encodeX25519PrivateDer,
    decode: decodeX25519PrivateDer,
  },
];

/** Scalars, points, keys, signatures and boxes. */
export function primitiveTargets(): Target[] {
  return [
    bytesTarget({
      name: "scalar",
      weight: 400,
      samples: scalars,
      mutate: mutateBytes,
      errors: [CurveError],
      decode: Scalar.fromBytes,
      encode: (scalar) => scalar.toBytes(),
      canonical: true,
    }),
    bytesTarget({
      name: "point",
      weight: 400,
      samples: points,
      mutate: mutateBytes,
      errors: [CurveError],
      decode: Point.decode,
      encode: (point) => point.encode(),
      canonical: true,
    }),
    bytesTarget({
      name: "Schnorrkel signature",
      weight: 150,
      samples: [1, 2, 3].map((i) => schnorrkelSign(boxKey, "fuzz", Uint8Array.of(i))),
      mutate: mutateBytes,
      errors: [CryptoError],
      decode: parseSchnorrkelSignature,
      encode({ commitment, response }) {
        const bytes = concat(commitment, response.toBytes());
        bytes[63]! |= 0x80;
        return bytes;
      },
      canonical: true,
    }),
    ...derForms.map(({ name, contents, encode, decode }) =>
      bytesTarget({
        name,
        weight: 60,
        samples: contents.map(encode),
        mutate: mutateBytes,
        errors: [CryptoError],
        decode,
        encode,
        canonical: true,
      }),
    ),
    textTarget({
      name: "PEM",
      weight: 100,
      samples: ed25519Keys.map((publicKey) => encodePem("PUBLIC KEY", encodeEd25519PublicDer(publicKey))),
      mutate: mutateText,
      errors: [CryptoError],
      decode: (text) => decodePem("PUBLIC KEY", text),
      encode: (der) => encodePem("PUBLIC KEY", der),
    }),
    bytesTarget({
      name: "crypto box",
      weight: 8,
      samples: boxes,
      mutate: mutateBytes,
      errors: [CryptoError],
      decode: (box) => cryptoBoxOpen(boxKey, box),
    }),
  ];
}
