/** Streamed text of one attempt, told in batches: the first words at once, later ones at most every 50 ms. What is told has passed the mask, batch by batch. */

const batchMs = 50;

/** Masks text that comes in pieces: what may be the beginning of a secret is kept back until `end`. */
export interface TextMask {
  push(text: string): string;
  end(): string;
}

export class DeltaBuffer {
  readonly #tell: (text: string, n: number) => void;
  readonly #mask: TextMask | undefined;
  #text = '';
  #told = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(tell: (text: string, n: number) => void, mask?: TextMask) {
    this.#tell = tell;
    this.#mask = mask;
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
    this.#give(this.#mask?.end() ?? '');
  }

  #flush(): void {
    this.#timer = undefined;
    if (this.#text === '') return;
    const text = this.#text;
    this.#text = '';
    this.#give(this.#mask ? this.#mask.push(text) : text);
  }

  #give(text: string): void {
    if (text === '') return;
    this.#tell(text, this.#told);
    this.#told += 1;
  }
}
