/** Finds the label whose examples are nearest to a text, by the character n-grams that they share. */
import type { Json } from '@switchyard/shared';

export interface LabelledText {
  text: string;
  label: Json;
}

export interface Nearest {
  label: Json;
  /** Share of this label in the likeness to all labels: 1 where only its examples are like the text, 0 where none is. */
  confidence: number;
}

type Grams = ReadonlyMap<string, number>;

const shortest = 3;
const longest = 5;
/** Likenesses of the nearest examples of a label that count. */
const neighbours = 3;

/** The label nearest to the text; undefined where there is no example at all. */
export function nearestLabel(text: string, examples: readonly LabelledText[]): Nearest | undefined {
  const counted = examples.map((example) => ({ label: example.label, grams: gramsOf(example.text) }));
  const rarity = rarities(counted.map((example) => example.grams));
  const wanted = gramsOf(text);
  const byLabel = new Map<string, { label: Json; likenesses: number[] }>();
  for (const { label, grams } of counted) {
    const key = JSON.stringify(label);
    const entry = byLabel.get(key) ?? { label, likenesses: [] };
    entry.likenesses.push(likeness(wanted, grams, rarity));
    byLabel.set(key, entry);
  }
  const scored = [...byLabel.values()].map(({ label, likenesses }) => ({ label, score: scoreOf(likenesses) }));
  const total = scored.reduce((sum, { score }) => sum + score, 0);
  // The first of equals wins, so that the same examples in the same order always give the same answer.
  const best = scored.reduce<(typeof scored)[number] | undefined>((top, one) => (top && top.score >= one.score ? top : one), undefined);
  return best && { label: best.label, confidence: total === 0 ? 0 : Math.round((best.score / total) * 100) / 100 };
}

/** The nearest examples count, each less than the one before; the power lets a close one outweigh several far ones. */
function scoreOf(likenesses: readonly number[]): number {
  const nearest = likenesses.toSorted((a, b) => b - a).slice(0, neighbours);
  return nearest.reduce((sum, value, index) => sum + value ** 1.5 / (index + 1), 0);
}

function gramsOf(text: string): Map<string, number> {
  const plain = ` ${text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .join(' ')} `;
  const grams = new Map<string, number>();
  for (let length = shortest; length <= longest; length += 1) {
    for (let start = 0; start + length <= plain.length; start += 1) {
      const gram = plain.slice(start, start + length);
      grams.set(gram, (grams.get(gram) ?? 0) + 1);
    }
  }
  return grams;
}

/** How much a gram tells: less, the more examples have it. */
function rarities(all: readonly Grams[]): Grams {
  const having = new Map<string, number>();
  for (const grams of all) for (const gram of grams.keys()) having.set(gram, (having.get(gram) ?? 0) + 1);
  return new Map([...having].map(([gram, count]) => [gram, Math.log(1 + all.length / count)]));
}

/** Cosine of the two, weighted by rarity; grams that no example has count in the length only by the plainest weight. */
function likeness(first: Grams, second: Grams, rarity: Grams): number {
  let dot = 0;
  for (const [gram, count] of first) dot += count * (second.get(gram) ?? 0) * (rarity.get(gram) ?? 0) ** 2;
  const norm = lengthOf(first, rarity) * lengthOf(second, rarity);
  return norm === 0 ? 0 : dot / norm;
}

function lengthOf(grams: Grams, rarity: Grams): number {
  let sum = 0;
  for (const [gram, count] of grams) sum += (count * (rarity.get(gram) ?? 1)) ** 2;
  return Math.sqrt(sum);
}
