interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Runs items one batch at a time: a lone item at once, and whatever arrives while a batch is under way together in the
 * next. So batches form only under load, and nobody waits for company.
 */
export class AdaptiveBatcher<Item, Result> {
  readonly #process: (items: readonly Item[]) => Promise<readonly Result[]>;
  readonly #maxBatch: number;
  #waiting: Waiting<Item, Result>[] = [];
  #running = false;

  /** @param process answers with one result an item, in order; where it throws, every item of the batch fails. */
  constructor(process: (items: readonly Item[]) => Promise<readonly Result[]>, maxBatch: number) {
    this.#process = process;
    this.#maxBatch = maxBatch;
  }

  /** Items that wait for a batch. */
  get waiting(): number {
    return this.#waiting.length;
  }

  run(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      void this.#drain();
    });
  }

  async #drain(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, this.#maxBatch);
      try {
        const results = await this.#process(batch.map(({ item }) => item));
        for (const [i, { resolve, reject }] of batch.entries()) {
          const result = results[i];
          if (result === undefined) reject(new Error("the batch answered for fewer items than it had"));
          else resolve(result);
        }
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.#running = false;
  }
}
