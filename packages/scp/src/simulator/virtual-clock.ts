interface Event {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

const before = (a: Event, b: Event) => a.at < b.at || (a.at === b.at && a.order < b.order);

/** Time that passes only from one event to the next; events of the same instant run in the order they were made. */
export class VirtualClock {
  /** Milliseconds since the start. */
  now = 0;
  #scheduled = 0;
  readonly #heap: Event[] = [];

  after(delayMs: number, run: () => void): void {
    const heap = this.#heap;
    let i = heap.push({ at: this.now + delayMs, order: this.#scheduled++, run }) - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!this.#swapIfBefore(i, parent)) break;
      i = parent;
    }
  }

  /** Runs the next event; false when none is left. */
  step(): boolean {
    const heap = this.#heap;
    const next = heap[0];
    const last = heap.pop();
    if (next === undefined || last === undefined) return false;
    if (heap.length > 0) {
      heap[0] = last;
      let i = 0;
      for (;;) {
        const left = 2 * i + 1;
        const right = left + 1;
        if (left >= heap.length) break;
        const child = right < heap.length && before(heap[right] as Event, heap[left] as Event) ? right : left;
        if (!this.#swapIfBefore(child, i)) break;
        i = child;
      }
    }
    this.now = next.at;
    next.run();
    return true;
  }

  #swapIfBefore(i: number, j: number): boolean {
    const heap = this.#heap;
    const [a, b] = [heap[i] as Event, heap[j] as Event];
    if (!before(a, b)) return false;
    heap[i] = b;
    heap[j] = a;
    return true;
  }
}
