import type { Collateral, DcapEvidence, EnclaveReportDataContents } from "@mobilecoin-ts/ledger";
import { EnclaveError } from "../error.ts";

/** How old evidence gets before it is renewed (05 section 2.15). */
const RENEW_AFTER_MS = 18 * 3_600_000;

/** How often it is looked whether that time has come, or a renewal that failed is tried again. */
const CHECK_EVERY_MS = 1_000;

/** Turns an enclave's report into a quote, with what the quote is checked against. */
export interface QuotingProvider {
  quote(report: Uint8Array): Promise<{ readonly quote: Uint8Array; readonly collateral: Collateral }>;
}

/** The calls by which an enclave gets its evidence. */
export interface ReportingEnclave {
  newReport(input: Readonly<Record<never, never>>): Promise<{
    readonly report: Uint8Array;
    readonly contents: EnclaveReportDataContents;
  }>;
  /** Verifies the evidence and takes it into use. */
  cacheEvidence(evidence: DcapEvidence): Promise<unknown>;
}

export interface ReportCacheOptions {
  readonly enclave: ReportingEnclave;
  readonly provider: QuotingProvider;
  /** Milliseconds. */
  readonly now?: () => number;
  readonly onEvidence?: () => void;
  /** Told of renewals that fail; the evidence that is there stays in use. */
  readonly onFailure?: (error: unknown) => void;
}

/** Keeps an enclave's evidence fresh: the host's side of 05 section 2.15. */
export class ReportCache implements AsyncDisposable {
  readonly #options: ReportCacheOptions;
  readonly #timer: NodeJS.Timeout;
  #renewedAt: number;
  #renewing: Promise<void> | undefined;

  private constructor(options: ReportCacheOptions) {
    this.#options = options;
    this.#renewedAt = this.#now;
    this.#timer = setInterval(() => this.check(), CHECK_EVERY_MS);
    this.#timer.unref();
  }

  /** Gets the first evidence, without which an enclave is of no use. @throws EnclaveError `Evidence` */
  static async start(options: ReportCacheOptions): Promise<ReportCache> {
    try {
      await renew(options);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : "unknown";
      throw new EnclaveError("Evidence", `the enclave has no evidence about itself: ${why}`, { cause });
    }
    return new ReportCache(options);
  }

  get #now(): number {
    return (this.#options.now ?? Date.now)();
  }

  /** Renews the evidence when its time has come; the timer asks every second. */
  check(): void {
    if (this.#renewing !== undefined || this.#now - this.#renewedAt <= RENEW_AFTER_MS) return;
    this.#renewing = renew(this.#options)
      .then(
        () => {
          this.#renewedAt = this.#now;
        },
        (error: unknown) => this.#options.onFailure?.(error),
      )
      .finally(() => {
        this.#renewing = undefined;
      });
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#renewing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

async function renew({ enclave, provider, onEvidence }: ReportCacheOptions): Promise<void> {
  const { report, contents } = await enclave.newReport({});
  const { quote, collateral } = await provider.quote(report);
  await enclave.cacheEvidence({ quote, collateral, reportData: contents });
  onEvidence?.();
}
