/** How strongly a piece of a catalogue belongs to a request: by the words they share, rare ones counting for more. */
import type { Json } from '@switchyard/shared';

/** Words of a text by their stems: split at capitals, digits and signs, without accents and plural endings. */
function stemsOf(text: string): string[] {
  const plain = text
    .replaceAll(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase();
  return (plain.match(/\p{L}+|\d+/gu) ?? []).filter((word) => word.length > 1 || /\d/.test(word)).map(stem);
}

function stem(word: string): string {
  if (word.length > 4 && word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  if (word.length > 4 && /(?:s|x|ch|sh)es$/.test(word)) return word.slice(0, -2);
  return word.length > 3 && word.endsWith('s') && !word.endsWith('ss') ? word.slice(0, -1) : word;
}

/** Characters of a piece that are looked through. */
const mostRead = 20_000;

/** All words in the names and strings of a value. */
export function wordsIn(value: Json): Set<string> {
  const text = JSON.stringify(value).slice(0, mostRead);
  // Escapes would be read as letters of the word after them.
  return new Set(stemsOf(text.replaceAll(/\\u[0-9a-f]{4}|\\./g, ' ')));
}

/** What each word of the request weighs where it is found: the fewer pieces have it, the more. One that stands in nearly all of them says nothing. */
export function weighWords(request: string, pieces: readonly ReadonlySet<string>[]): Map<string, number> {
  const weights = new Map<string, number>();
  for (const word of new Set(stemsOf(request.slice(0, mostRead)))) {
    const found = pieces.filter((words) => words.has(word)).length;
    const saysNothing = pieces.length > 3 && found > 0.9 * pieces.length;
    if (found > 0 && !saysNothing) weights.set(word, Math.log((1 + pieces.length) / found));
  }
  return weights;
}

/** The weights of the words that are found; those in `name` count three times. */
export function scoreOf(weights: ReadonlyMap<string, number>, words: ReadonlySet<string>, name: string): number {
  const named = new Set(stemsOf(name));
  let score = 0;
  for (const [word, weight] of weights) if (words.has(word)) score += named.has(word) ? 3 * weight : weight;
  return score;
}
