import { type Codec, f, mapped, message } from "@mobilecoin-ts/wire";

/** Bytes alone, as a message around them. */
export const bytesCodec: Codec<Uint8Array> = mapped(
  message<{ readonly bytes: Uint8Array }>("Bytes", { bytes: f.bytes(1) }),
  ({ bytes }) => bytes,
  (bytes) => ({ bytes }),
);

/** The argument or result of a call that has none. */
export type Nothing = Readonly<Record<never, never>>;

export const nothingCodec: Codec<Nothing> = message<Nothing>("Nothing", {});
