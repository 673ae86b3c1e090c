/** Streamed text of one attempt, told in batches: the first words at once, later ones at most every 50 ms. */

const batchMs = 50;

export class DeltaBuffer {
  readonly #tell: (text: string, n: number) => void;
  #text = '';
  #told = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(tell: (text: string, n: number) => void) {
    this.#tell = tell;
  }

  push(more: string): void {
    this.#text += more;
    if (this.#told === 0) this.#flush();
    else this.#timer ??= setTimeout(() => this.#flush(), batchMs);
  }

  /** Tells what is left. */
  end(): void {
    clearTimeout(this.#timer);
    this.#flush();
  }

  #flush(): void {
    this.#timer = undefined;
    if (this.#text === '') return;
    const text = this.#text;
    this.#text = '';
    this.#tell(text, this.#told);
    this.#told += 1;
  }
}
