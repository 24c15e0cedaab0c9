import { type PublicAddress, publicAddressCodec } from "@mobilecoin-ts/account";
import type { Scalar } from "@mobilecoin-ts/curve";
import { type Codec, type DecodeLimits, type Field, f, fixedBytes, message } from "@mobilecoin-ts/wire";
import { TransactionError } from "../error.ts";
import type { RingMLSAG } from "../proofs/ring-mlsag.ts";
import { ringMLSAGCodec } from "../proofs/ring-mlsag-codec.ts";
import type { InputRing, InputSecret, OnetimeKeyDeriveData, OutputSecret } from "../tx/input-ring.ts";
import type { ReducedTxOut } from "../tx/reduced-tx-out.ts";
import { type TxPrefix, txPrefixCodec } from "../tx/tx.ts";
import { type Amount, amountCodec, type UnmaskedAmount, unmaskedAmountCodec } from "../tx-out/amount.ts";
import { compressedRistrettoCodec, ristrettoPrivateCodec } from "../tx-out/key-codecs.ts";
import { canonicalScalar } from "./signing-data-codec.ts";
import type { TxOutSummaryUnblindingData, TxSummaryUnblindingData } from "./unblinding-data.ts";
import { knownBlockVersion, type UnsignedTx } from "./unsigned-tx.ts";

/**
 * `UnsignedTx` on the wire (02 section 2.20). Messages are read as they stand first; what they lack, or hold and must
 * not, is refused when they become records (02 section 2.22).
 */

/** A scalar not yet known to be canonical. */
const scalarBytesCodec = fixedBytes("CurveScalar", 32);

interface InputSecretMessage {
  readonly onetimeKeyDeriveData: OnetimeKeyDeriveData | undefined;
  readonly amount: Amount | undefined;
  readonly blinding: Uint8Array | undefined;
}

interface OutputSecretMessage {
  readonly amount: Amount | undefined;
  readonly blinding: Uint8Array | undefined;
}

interface SignableRingMessage {
  readonly members: readonly ReducedTxOut[];
  readonly realInputIndex: number;
  readonly inputSecret: InputSecretMessage | undefined;
}

interface PresignedRingMessage {
  readonly mlsag: RingMLSAG | undefined;
  readonly pseudoOutputSecret: OutputSecretMessage | undefined;
}

type RingMessage =
  | { readonly kind: "signable"; readonly ring: SignableRingMessage }
  | { readonly kind: "presigned"; readonly ring: PresignedRingMessage };

interface InputRingMessage {
  readonly member: RingMessage | undefined;
}

interface UnblindingMessage {
  readonly unmaskedAmount: UnmaskedAmount | undefined;
  readonly address: PublicAddress | undefined;
  readonly txPrivateKey: Scalar | undefined;
}

interface UnsignedTxMessage {
  readonly txPrefix: TxPrefix | undefined;
  readonly rings: readonly InputRingMessage[];
  readonly blockVersion: number;
  readonly txOutUnblindingData: readonly UnblindingMessage[];
}

/** One member of a oneof: how it is written, and what it makes of the value. */
interface Choice<T, Content> {
  readonly tag: number;
  readonly field: Field<Content>;
  readonly wrap: (content: Content) => T;
  /** Undefined where the value is of another member. */
  readonly unwrap: (value: T) => Content | undefined;
}

/** A oneof of two members of any kind; the last one read wins. */
function oneofTwo<T, A, B>(a: Choice<T, A>, b: Choice<T, B>): Field<T | undefined> {
  return {
    tags: [a.tag, b.tag],
    isOneof: true,
    initial: () => undefined,
    write(writer, value, order) {
      if (value === undefined) return;
      const first = a.unwrap(value);
      if (first !== undefined) {
        a.field.write(writer, first, order);
        return;
      }
      const second = b.unwrap(value);
      if (second === undefined) throw new TypeError("the value belongs to no member of the oneof");
      b.field.write(writer, second, order);
    },
    read(reader, tag, wireType, current, state) {
      const readAs = <Content>({ field, wrap, unwrap }: Choice<T, Content>): T => {
        const start = current === undefined ? undefined : unwrap(current);
        return wrap(field.read(reader, tag, wireType, start ?? field.initial(), state));
      };
      return tag === a.tag ? readAs(a) : readAs(b);
    },
  };
}

const inputSecretCodec: Codec<InputSecretMessage> = message<InputSecretMessage>("InputSecret", {
  onetimeKeyDeriveData: oneofTwo<OnetimeKeyDeriveData, Scalar, bigint>(
    {
      tag: 1,
      field: f.message(1, ristrettoPrivateCodec),
      wrap: (privateKey) => ({ kind: "onetimeKey", privateKey }),
      unwrap: (data) => (data.kind === "onetimeKey" ? data.privateKey : undefined),
    },
    {
      tag: 2,
      field: f.fixed64(2, { required: true }),
      wrap: (index) => ({ kind: "subaddressIndex", index }),
      unwrap: (data) => (data.kind === "subaddressIndex" ? data.index : undefined),
    },
  ),
  amount: f.message(3, amountCodec, { optional: true }),
  blinding: f.message(4, scalarBytesCodec, { optional: true }),
});

const outputSecretCodec: Codec<OutputSecretMessage> = message<OutputSecretMessage>("OutputSecret", {
  amount: f.message(1, amountCodec, { optional: true }),
  blinding: f.message(2, scalarBytesCodec, { optional: true }),
});

const reducedTxOutCodec: Codec<ReducedTxOut> = message<ReducedTxOut>("ReducedTxOut", {
  publicKey: f.message(1, compressedRistrettoCodec),
  targetKey: f.message(2, compressedRistrettoCodec),
  commitment: f.message(3, compressedRistrettoCodec),
});

const signableRingCodec: Codec<SignableRingMessage> = message<SignableRingMessage>("SignableInputRing", {
  members: f.repeated(1, reducedTxOutCodec),
  realInputIndex: f.uint32(2),
  inputSecret: f.message(3, inputSecretCodec, { optional: true }),
});

const presignedRingCodec: Codec<PresignedRingMessage> = message<PresignedRingMessage>("PresignedInputRing", {
  mlsag: f.message(1, ringMLSAGCodec, { optional: true }),
  pseudoOutputSecret: f.message(2, outputSecretCodec, { optional: true }),
});

const inputRingCodec: Codec<InputRingMessage> = message<InputRingMessage>("InputRing", {
  member: oneofTwo<RingMessage, SignableRingMessage, PresignedRingMessage>(
    {
      tag: 1,
      field: f.message(1, signableRingCodec),
      wrap: (ring) => ({ kind: "signable", ring }),
      unwrap: (member) => (member.kind === "signable" ? member.ring : undefined),
    },
    {
      tag: 2,
      field: f.message(2, presignedRingCodec),
      wrap: (ring) => ({ kind: "presigned", ring }),
      unwrap: (member) => (member.kind === "presigned" ? member.ring : undefined),
    },
  ),
});

const unblindingCodec: Codec<UnblindingMessage> = message<UnblindingMessage>("TxOutSummaryUnblindingData", {
  unmaskedAmount: f.message(1, unmaskedAmountCodec, { optional: true }),
  address: f.message(2, publicAddressCodec, { optional: true }),
  txPrivateKey: f.message(3, ristrettoPrivateCodec, { optional: true }),
});

const unsignedTxCodec: Codec<UnsignedTxMessage> = message<UnsignedTxMessage>("UnsignedTx", {
  txPrefix: f.message(1, txPrefixCodec, { optional: true }),
  rings: f.repeated(2, inputRingCodec),
  blockVersion: f.uint32(4),
  txOutUnblindingData: f.repeated(5, unblindingCodec),
});

const unblindingDataCodec: Codec<TxOutSummaryUnblindingData> = message<TxOutSummaryUnblindingData>(
  "TxOutSummaryUnblindingData",
  {
    unmaskedAmount: f.message(1, unmaskedAmountCodec),
    address: f.message(2, publicAddressCodec, { optional: true }),
    txPrivateKey: f.message(3, ristrettoPrivateCodec, { optional: true }),
  },
);

/** `TxSummaryUnblindingData`: what a device is handed with a summary (02 section 2.20). */
export const txSummaryUnblindingDataCodec: Codec<TxSummaryUnblindingData> = message<TxSummaryUnblindingData>(
  "TxSummaryUnblindingData",
  {
    blockVersion: f.uint32(1),
    outputs: f.repeated(2, unblindingDataCodec),
    inputs: f.repeated(3, unmaskedAmountCodec),
  },
);

export function encodeUnsignedTx(unsigned: UnsignedTx): Uint8Array {
  return unsignedTxCodec.encode({
    ...unsigned,
    rings: unsigned.rings.map((ring) => ({ member: ringMessage(ring) })),
  });
}

/**
 * Reads an unsigned transaction from outside.
 *
 * @throws WireError for bytes that are no such message; TransactionError area `unsignedTx`: `MissingField` (naming
 * it), `InvalidContents` (a blinding that is not canonical), `BlockVersion`.
 */
export function decodeUnsignedTx(bytes: Uint8Array, limits?: Partial<DecodeLimits>): UnsignedTx {
  const unsigned = unsignedTxCodec.decode(bytes, limits);
  knownBlockVersion(unsigned.blockVersion);
  return {
    txPrefix: present(unsigned.txPrefix, "tx_prefix"),
    rings: unsigned.rings.map(({ member }, index) => ringRecord(member, `rings[${index}]`)),
    txOutUnblindingData: unsigned.txOutUnblindingData.map((data, index) => ({
      ...data,
      unmaskedAmount: present(data.unmaskedAmount, `tx_out_unblinding_data[${index}].unmasked_amount`),
    })),
    blockVersion: unsigned.blockVersion,
  };
}

function ringMessage(ring: InputRing): RingMessage {
  if (ring.kind === "presigned") {
    const { mlsag, pseudoOutputSecret } = ring.ring;
    return { kind: "presigned", ring: { mlsag, pseudoOutputSecret: secretMessage(pseudoOutputSecret) } };
  }
  const { inputSecret, ...rest } = ring.ring;
  return { kind: "signable", ring: { ...rest, inputSecret: secretMessage(inputSecret) } };
}

function secretMessage<Secret extends OutputSecret>(
  secret: Secret,
): Omit<Secret, "blinding"> & { readonly blinding: Uint8Array } {
  return { ...secret, blinding: secret.blinding.toBytes() };
}

function ringRecord(member: RingMessage | undefined, path: string): InputRing {
  const ring = present(member, path);
  if (ring.kind === "presigned") {
    const place = `${path}.presigned`;
    const secret = present(ring.ring.pseudoOutputSecret, `${place}.pseudo_output_secret`);
    return {
      kind: "presigned",
      ring: {
        mlsag: present(ring.ring.mlsag, `${place}.mlsag`),
        pseudoOutputSecret: secretRecord(secret, `${place}.pseudo_output_secret`),
      },
    };
  }
  const { members, realInputIndex } = ring.ring;
  const place = `${path}.signable.input_secret`;
  const secret = present(ring.ring.inputSecret, place);
  const inputSecret: InputSecret = {
    onetimeKeyDeriveData: present(secret.onetimeKeyDeriveData, `${place}.onetime_key_derive_data`),
    ...secretRecord(secret, place),
  };
  return { kind: "signable", ring: { members, realInputIndex, inputSecret } };
}

function secretRecord({ amount, blinding }: OutputSecretMessage, path: string): OutputSecret {
  return {
    amount: present(amount, `${path}.amount`),
    blinding: canonicalScalar(present(blinding, `${path}.blinding`), `${path}.blinding`),
  };
}

function present<T>(value: T | undefined, field: string): T {
  if (value !== undefined) return value;
  throw new TransactionError("unsignedTx", "MissingField", `${field} is missing`, { data: { field } });
}
