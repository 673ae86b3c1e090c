/** Numbers in [0, 1) that follow from a run's id alone, so that a resumed run draws the same. */
import { createHash } from 'node:crypto';

/** mulberry32, seeded by the run's id. */
export function drawNumbers(run: string): () => number {
  // Few runs draw any.
  let state: number | undefined;
  return () => {
    state ??= createHash('sha256').update(run).digest().readUInt32LE(0);
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 4294967296;
  };
}
