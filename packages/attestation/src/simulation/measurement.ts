import { concat, utf8 } from "@mobilecoin-ts/crypto";
import { sha256 } from "@noble/hashes/sha2.js";

const MEASUREMENT_DOMAIN = utf8("mobilecoin-ts simulated enclave");
const SIGNER_LABEL = utf8("mobilecoin-ts development enclave signer");

/** What a report says about whose program runs; 32 bytes each. */
export interface Measurement {
  readonly mrEnclave: Uint8Array;
  readonly mrSigner: Uint8Array;
}

/**
 * Measurement of a simulated enclave: of its bundle (SHA-256, 32 bytes) and product id, so that another program or
 * product is another enclave (05 section 5.2).
 */
export function simulatedMeasurement(bundleSha256: Uint8Array, productId: number): Measurement {
  const product = Uint8Array.of(productId & 0xff, productId >> 8);
  return {
    mrEnclave: sha256(concat(MEASUREMENT_DOMAIN, bundleSha256, product)),
    mrSigner: sha256(SIGNER_LABEL),
  };
}

export interface SimulatedReportFields extends Measurement {
  readonly productId: number;
  readonly securityVersion: number;
  /** 64 bytes. */
  readonly reportData: Uint8Array;
  /** Sets ATTRIBUTES.DEBUG: an enclave that can be looked into, which no verifier accepts by default. */
  readonly debug?: boolean;
}

/** A report body of 384 bytes as an enclave in order would have it (05 section 2.8). */
export function simulatedReportBody(fields: SimulatedReportFields): Uint8Array {
  const body = new Uint8Array(384);
  const view = new DataView(body.buffer);
  // INIT and MODE64BIT, with DEBUG on demand; x87 and SSE state.
  view.setBigUint64(48, fields.debug === true ? 7n : 5n, true);
  view.setBigUint64(56, 3n, true);
  body.set(fields.mrEnclave, 64);
  body.set(fields.mrSigner, 128);
  view.setUint16(256, fields.productId, true);
  view.setUint16(258, fields.securityVersion, true);
  body.set(fields.reportData, 320);
  return body;
}
