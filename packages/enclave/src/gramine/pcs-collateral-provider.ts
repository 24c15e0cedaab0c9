import { parseQuote, pckChainOf, platformTcbOf } from "@mobilecoin-ts/attestation";
import { bytesToHex } from "@mobilecoin-ts/crypto";
import type { Collateral } from "@mobilecoin-ts/ledger";
import { EnclaveError } from "../error.ts";

const API = "sgx/certification/v4";
const TIMEOUT_MS = 20_000;
/** Most bytes of one answer; a revocation list of Intel's has some thousands. */
const MAX_ANSWER = 1 << 20;
const CERTIFICATE = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+?)-----END CERTIFICATE-----/g;
const DER_SEQUENCE = 0x30;

export interface PcsCollateralProviderOptions {
  /** Of a PCCS, or of Intel's PCS: `https://api.trustedservices.intel.com`. */
  readonly url: string;
  /** Where the root's revocation list is; `rootcacrl` of a PCCS where it is not given. Intel's PCS has none itself. */
  readonly rootCrlUrl?: string;
  readonly fetch?: typeof fetch;
}

/** Gets what a quote is checked against from a PCCS or Intel's PCS, API version 4 (05 section 5.1). */
export class PcsCollateralProvider {
  readonly #base: string;
  readonly #rootCrlUrl: string;
  readonly #fetch: typeof fetch;

  constructor({ url, rootCrlUrl, fetch: ask = fetch }: PcsCollateralProviderOptions) {
    this.#base = `${url.replace(/\/+$/, "")}/${API}`;
    this.#rootCrlUrl = rootCrlUrl ?? `${this.#base}/rootcacrl`;
    this.#fetch = ask;
  }

  /**
   * @param quote of the platform that the collateral is for
   * @throws EnclaveError `Collateral` where the service does not answer, or not with what was asked
   * @throws AttestationError for a quote without a chain of certificates
   */
  async collateral(quote: Uint8Array): Promise<Collateral> {
    const [leaf, authority] = pckChainOf(parseQuote(quote), false);
    const ca = ["platform", "processor"].find((kind) =>
      authority?.subjectText.toLowerCase().includes(`pck ${kind} ca`),
    );
    if (leaf === undefined || ca === undefined) {
      throw new EnclaveError(
        "Collateral",
        `the quote's certificate was given by ${authority?.subjectText ?? "nobody"}, neither a PCK platform nor a PCK processor CA`,
      );
    }
    const fmspc = bytesToHex(platformTcbOf(leaf).fmspc);
    const [pckCrl, rootCaCrl, tcbInfo, qeIdentity] = await Promise.all([
      this.#get(`${this.#base}/pckcrl?ca=${ca}&encoding=der`),
      this.#get(this.#rootCrlUrl),
      this.#get(`${this.#base}/tcb?fmspc=${fmspc}`),
      this.#get(`${this.#base}/qe/identity`),
    ]);
    return {
      pckCrlIssuerChain: chainIn(pckCrl, "SGX-PCK-CRL-Issuer-Chain"),
      rootCaCrl: revocationListIn(rootCaCrl),
      pckCrl: revocationListIn(pckCrl),
      tcbInfoIssuerChain: chainIn(tcbInfo, "TCB-Info-Issuer-Chain"),
      // As they are, since signatures are over the text.
      tcbInfo: textIn(tcbInfo),
      qeIdentityIssuerChain: chainIn(qeIdentity, "SGX-Enclave-Identity-Issuer-Chain"),
      qeIdentity: textIn(qeIdentity),
    };
  }

  async #get(url: string): Promise<Answer> {
    try {
      const response = await this.#fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
      if (!response.ok) throw new Error(`status ${response.status}`);
      return { url, headers: response.headers, body: await limitedBody(response) };
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : "unknown";
      throw new EnclaveError("Collateral", `${url} gave no collateral: ${why}`, { cause });
    }
  }
}

interface Answer {
  readonly url: string;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

async function limitedBody({ body }: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.length;
    if (length > MAX_ANSWER) throw new Error(`it is longer than ${MAX_ANSWER} bytes`);
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

/** Certificates of a header, URL-encoded PEM there. */
function chainIn({ url, headers }: Answer, name: string): Uint8Array[] {
  let pem: string;
  try {
    pem = decodeURIComponent(headers.get(name) ?? "");
  } catch (cause) {
    throw new EnclaveError("Collateral", `${url} gave a header ${name} that cannot be read`, { cause });
  }
  const chain = [...pem.matchAll(CERTIFICATE)].map((found) =>
    Uint8Array.from(Buffer.from(found[1] ?? "", "base64")),
  );
  if (chain.length === 0) {
    throw new EnclaveError("Collateral", `${url} gave no certificates in its header ${name}`);
  }
  return chain;
}

/** DER, or DER in hex as a PCCS gives the root's list. */
function revocationListIn({ url, body }: Answer): Uint8Array {
  if (body[0] === DER_SEQUENCE && body[1] !== undefined && body[1] >= 0x80) return body;
  const text = textIn({ url, body }).trim();
  if (!/^30([0-9a-f]{2})+$/i.test(text)) {
    throw new EnclaveError("Collateral", `${url} gave no revocation list, neither as DER nor in hex`);
  }
  return Uint8Array.from(Buffer.from(text, "hex"));
}

function textIn({ url, body }: Pick<Answer, "url" | "body">): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body);
  } catch (cause) {
    throw new EnclaveError("Collateral", `${url} gave bytes that are no text`, { cause });
  }
}
