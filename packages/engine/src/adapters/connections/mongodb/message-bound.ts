/**
 * What a server may send as one message. The driver takes any length that is announced: it would gather 2 GB, and one of length 0 it reads again and
 * again, so that nothing else of the process has a turn. It has no option for that; so its reader of messages is wrapped, which a test looks after.
 */
import type { Transform, TransformCallback } from 'node:stream';
import { SizedMessageTransform } from 'mongodb/lib/cmap/connection.js';

/** Bytes of its head, with which every message begins. */
const shortest = 16;
/** Bytes. What servers themselves keep to (`maxMessageSizeBytes`). */
const longest = 48_000_000;

/** Follows the messages of one connection through the pieces in which they come. */
export class MessageLengths {
  readonly #head = Buffer.alloc(4);
  #known = 0;
  /** Bytes of the message under way that are still to come. */
  #left = 0;

  /** Throws where a message begins that is too short or too long. */
  take(piece: Buffer): void {
    for (let at = 0; at < piece.length; ) {
      if (this.#left > 0) {
        const here = Math.min(this.#left, piece.length - at);
        this.#left -= here;
        at += here;
        continue;
      }
      this.#head[this.#known] = piece[at] as number;
      this.#known += 1;
      at += 1;
      if (this.#known < this.#head.length) continue;
      this.#known = 0;
      this.#left = checked(this.#head.readInt32LE(0)) - this.#head.length;
    }
  }
}

function checked(length: number): number {
  if (length >= shortest && length <= longest) return length;
  throw new Error(`it announced a message of ${length} bytes, and messages of ${shortest} to ${longest / 1_000_000} million are taken`);
}

const lengths = new WeakMap<Transform, MessageLengths>();
let isBound = false;

/** Bounds the messages of every client of the process; to be called before the first is made. */
export function boundMessages(): void {
  if (isBound) return;
  isBound = true;
  const read = SizedMessageTransform.prototype._transform;
  SizedMessageTransform.prototype._transform = function (this: Transform, piece: Buffer, encoding: BufferEncoding, done: TransformCallback): void {
    const known = lengths.get(this) ?? new MessageLengths();
    lengths.set(this, known);
    try {
      known.take(piece);
    } catch (error) {
      done(error as Error);
      return;
    }
    read.call(this, piece, encoding, done);
  };
}
