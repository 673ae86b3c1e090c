/**
 * A body that comes in pieces, as one piece of memory no larger than twice what it holds.
 *
 * A piece is a view of the whole block that the socket read: a list of pieces keeps every block, so a server that sends a byte at a time, or little in
 * much wrapping, would have a body of some KB take GBs.
 */
export class GatheredBytes {
  #held: Buffer | undefined;
  #length = 0;

  /** In bytes. */
  get length(): number {
    return this.#length;
  }

  add(bytes: Uint8Array): void {
    const end = this.#length + bytes.length;
    if (this.#held === undefined) this.#held = unshared(bytes);
    else {
      if (end > this.#held.length) this.#held = grown(this.#held, this.#length, Math.max(end, 2 * this.#held.length, leastGrown));
      this.#held.set(bytes, this.#length);
    }
    this.#length = end;
  }

  /** All of them so far. */
  whole(): Buffer {
    return this.#held?.subarray(0, this.#length) ?? Buffer.alloc(0);
  }
}

const leastGrown = 16_384;

function grown(held: Buffer, length: number, size: number): Buffer {
  const larger = Buffer.allocUnsafe(size);
  held.copy(larger, 0, 0, length);
  return larger;
}

/** The bytes, copied where they are a small part of the block that they would keep. */
export function unshared(bytes: Uint8Array): Buffer {
  return bytes.buffer.byteLength > 2 * bytes.length ? Buffer.from(bytes) : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
