import { type Codec, f, message } from "@mobilecoin-ts/wire";
import type { RemoteFailure } from "./error.ts";

/** What the loader of a simulated enclave tells it about the processor there is not. */
export interface SimulatedSettings {
  readonly mrEnclave: Uint8Array;
  readonly mrSigner: Uint8Array;
  readonly productId: number;
  readonly securityVersion: number;
  readonly debug: boolean;
  /** 32 bytes; what sealing keys come from in place of the processor's. */
  readonly sealRoot: Uint8Array;
  /** Development root that evidence of peers has to end in, DER. */
  readonly root: Uint8Array;
}

/** What an enclave starts with. Without `simulated` it asks the processor. */
export interface StartSettings {
  readonly workers: number;
  readonly simulated: SimulatedSettings | undefined;
}

const simulatedCodec: Codec<SimulatedSettings> = message<SimulatedSettings>("SimulatedSettings", {
  mrEnclave: f.bytes(1),
  mrSigner: f.bytes(2),
  productId: f.uint32(3),
  securityVersion: f.uint32(4),
  debug: f.bool(5),
  sealRoot: f.bytes(6),
  root: f.bytes(7),
});

export const startSettingsCodec: Codec<StartSettings> = message<StartSettings>("StartSettings", {
  workers: f.uint32(1),
  simulated: f.message(2, simulatedCodec, { optional: true }),
});

interface DataEntry {
  readonly key: string;
  readonly value: string;
}

interface FailureMessage {
  readonly code: string;
  readonly message: string;
  readonly data: readonly DataEntry[];
}

const failureCodec: Codec<FailureMessage> = message<FailureMessage>("Failure", {
  code: f.string(1),
  message: f.string(2),
  data: f.repeated(3, message<DataEntry>("DataEntry", { key: f.string(1), value: f.string(2) })),
});

export function encodeFailure({ code, message: text, data }: RemoteFailure): Uint8Array {
  const entries = Object.entries(data).map(([key, value]) => ({ key, value }));
  return failureCodec.encode({ code, message: text, data: entries });
}

/** @throws WireError */
export function decodeFailure(bytes: Uint8Array): RemoteFailure {
  const { code, message: text, data } = failureCodec.decode(bytes);
  return { code, message: text, data: Object.fromEntries(data.map(({ key, value }) => [key, value])) };
}
