/** How much the proofs of docs/proof.md try: a subset in `npm test`, the whole in `npm run test:long`. */

/** Whether this is the whole. */
export const isThorough = process.env.SWITCHYARD_THOROUGH === '1';

/** What random tests start from: the same in each `npm test`, another in each `npm run test:long`, which prints it. */
export const seed = Number(process.env.SWITCHYARD_SEED ?? 20261124);

/** Tries of a proof: `subset` in `npm test`, `whole` in `npm run test:long`. */
export function tries(subset: number, whole: number): number {
  return isThorough ? whole : subset;
}

/** Numbers in [0, 1) that follow from a seed (mulberry32). */
export function drawnFrom(from: number): () => number {
  let state = from | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 4294967296;
  };
}
