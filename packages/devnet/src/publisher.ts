import { exportArchive, type LedgerStore } from "@mobilecoin-ts/ledger/store";

/** Publishes a ledger's blocks to a folder as they come, one pass after the other. */
export class Publisher {
  readonly #store: LedgerStore;
  readonly #folder: string;
  readonly #onError: (error: unknown) => void;
  #running: Promise<void> | undefined;
  #again = false;

  constructor(store: LedgerStore, folder: string, onError: (error: unknown) => void) {
    this.#store = store;
    this.#folder = folder;
    this.#onError = onError;
  }

  /** Tells that there are new blocks. */
  publish(): void {
    this.#again = true;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
  }

  async #run(): Promise<void> {
    while (this.#again) {
      this.#again = false;
      try {
        await exportArchive(this.#store, this.#folder);
      } catch (error) {
        this.#onError(error);
      }
    }
  }

  /** Waits for the pass under way. */
  async close(): Promise<void> {
    await this.#running;
  }
}
