import { REPORT_BODY_LENGTH } from "@mobilecoin-ts/attestation";
import { equalBytes } from "@mobilecoin-ts/crypto";
import type { Collateral } from "@mobilecoin-ts/ledger";
import { EnclaveError } from "../error.ts";
import type { QuotingProvider } from "../host/report-cache.ts";

const BODY_OFFSET = 48;

export interface GramineQuotingProviderOptions {
  /** The running enclave, which had its newest report quoted. */
  readonly enclave: { quote(): Promise<Uint8Array> };
  readonly collateral: { collateral(quote: Uint8Array): Promise<Collateral> };
}

/** Evidence on hardware: the quote comes from the enclave itself, what it is checked against from a service. */
export class GramineQuotingProvider implements QuotingProvider {
  readonly #options: GramineQuotingProviderOptions;

  constructor(options: GramineQuotingProviderOptions) {
    this.#options = options;
  }

  /** @throws EnclaveError `Evidence` where the enclave's quote is over another report; `Collateral` */
  async quote(report: Uint8Array): Promise<{ readonly quote: Uint8Array; readonly collateral: Collateral }> {
    const { enclave, collateral } = this.#options;
    const quote = await enclave.quote();
    if (!equalBytes(quote.subarray(BODY_OFFSET, BODY_OFFSET + REPORT_BODY_LENGTH), report)) {
      throw new EnclaveError("Evidence", "the enclave's quote is over another report than its newest");
    }
    return { quote, collateral: await collateral.collateral(quote) };
  }
}
