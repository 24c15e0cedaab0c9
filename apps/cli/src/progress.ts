/** Shows how far long work has come: one line rewritten in place on a terminal, a line every few seconds elsewhere. */
export class Progress {
  readonly #stream: NodeJS.WriteStream;
  readonly #interval: number;
  /** Work that is done in no time shows nothing. */
  #shownAt = performance.now();
  #open = false;

  constructor(stream: NodeJS.WriteStream = process.stderr) {
    this.#stream = stream;
    this.#interval = stream.isTTY ? 100 : 5000;
  }

  show(line: string): void {
    const now = performance.now();
    if (now - this.#shownAt < this.#interval) return;
    this.#shownAt = now;
    if (this.#stream.isTTY) {
      this.#stream.write(`\r\x1b[K${line}`);
      this.#open = true;
    } else {
      this.#stream.write(`${line}\n`);
    }
  }

  /** Clears the line, so that results start on a clean one. */
  done(): void {
    if (this.#open) this.#stream.write("\r\x1b[K");
    this.#open = false;
  }
}
