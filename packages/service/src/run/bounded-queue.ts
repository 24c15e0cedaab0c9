import { ServiceError } from "../error.ts";

export interface BoundedQueueOptions {
  /** Items held at most. */
  readonly limit: number;
  /** Told the length after every change: a gauge's `set`. */
  readonly onLength?: (length: number) => void;
}

/** Items from many producers for one or more consumers, in order and never more than the limit. */
export class BoundedQueue<T> implements AsyncIterable<T>, Disposable {
  readonly limit: number;
  readonly #onLength: (length: number) => void;
  readonly #items: T[] = [];
  readonly #takers: ((item: IteratorResult<T, undefined>) => void)[] = [];
  #closed = false;

  constructor(options: BoundedQueueOptions) {
    this.limit = options.limit;
    this.#onLength = options.onLength ?? (() => {});
  }

  get length(): number {
    return this.#items.length;
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  /** Adds an item; false when the queue is full or closed, and the item is not taken. */
  offer(item: T): boolean {
    if (this.#closed) return false;
    const taker = this.#takers.shift();
    if (taker !== undefined) {
      taker({ done: false, value: item });
      return true;
    }
    if (this.#items.length >= this.limit) return false;
    this.#items.push(item);
    this.#onLength(this.#items.length);
    return true;
  }

  /** Adds an item. @throws ServiceError `QueueFull`, `Closed` */
  push(item: T): void {
    if (this.#closed) throw new ServiceError("Closed", "the queue was closed");
    if (!this.offer(item)) {
      throw new ServiceError(
        "QueueFull",
        `the queue holds its limit of ${this.limit} items; try again later`,
      );
    }
  }

  /** The next item if there is one. */
  poll(): T | undefined {
    if (this.#items.length === 0) return undefined;
    const item = this.#items.shift();
    this.#onLength(this.#items.length);
    return item;
  }

  /** All items that are there. */
  drain(): T[] {
    const items = this.#items.splice(0);
    if (items.length > 0) this.#onLength(0);
    return items;
  }

  /** Waits for the next item; undefined once the queue is closed and empty. @throws the signal's reason */
  async take(signal?: AbortSignal): Promise<T | undefined> {
    const result = await this.#next(signal);
    return result.done === true ? undefined : result.value;
  }

  /** Takes no more items; those held can still be taken. */
  close(): void {
    this.#closed = true;
    for (const taker of this.#takers.splice(0)) taker({ done: true, value: undefined });
  }

  [Symbol.dispose](): void {
    this.close();
  }

  [Symbol.asyncIterator](): AsyncIterator<T, undefined> {
    return { next: () => this.#next() };
  }

  #next(signal?: AbortSignal): Promise<IteratorResult<T, undefined>> {
    if (this.#items.length > 0) {
      const value = this.#items.shift() as T;
      this.#onLength(this.#items.length);
      return Promise.resolve({ done: false, value });
    }
    if (this.#closed) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const onAbort = () => {
        this.#takers.splice(this.#takers.indexOf(taker), 1);
        reject(signal?.reason);
      };
      const taker = (item: IteratorResult<T, undefined>) => {
        signal?.removeEventListener("abort", onAbort);
        resolve(item);
      };
      signal?.addEventListener("abort", onAbort, { once: true });
      this.#takers.push(taker);
    });
  }
}
