/** Finds proper names in a clause: runs of capitalised words, words after the noun they belong to, and quotations. */
import type { Token } from '../tokens.ts';
import { askWords, beyond, fillers, negations, spendingWords, timeUnits } from '../vocabulary.ts';
import { hasSynonyms, singular } from '../../text/words.ts';
import { findPhrases, spanText, type Draft, type Span } from './draft.ts';
import { readingWords } from './reading-words.ts';

export interface Name extends Span {
  text: string;
  /** The name with the plain words after it, which may belong to it; `longerEnd` is the token after them. */
  longer?: string;
  longerEnd: number;
  /** The word before it, such as "in" or "by". */
  before: string;
}

const particles = new Set([
  'de',
  'da',
  'di',
  'del',
  'della',
  'der',
  'den',
  'van',
  'von',
  'le',
  'la',
  'el',
  'al',
  'bin',
  'ibn',
  'du',
  'dos',
  'das',
  'zu',
  'af',
  'of',
  'the',
  'ten',
  'y',
]);

/** Names in the clause that nothing known explains. Quotations come as names too: whoever needs their text takes them first. */
export function findNames(draft: Draft): Name[] {
  const capitals = capitalRuns(draft);
  const plain = [...plainNames(draft, capitals)];
  const quotes = draft.tokens.flatMap((token, index) => (token.kind === 'quote' ? [{ start: index, end: index + 1 }] : []));
  return [...capitals, ...plain, ...quotes].sort((a, b) => a.start - b.start).map((span) => named(draft, span));
}

function named(draft: Draft, span: Span): Name {
  const text = spanText(draft, span);
  const isWritten = draft.tokens[span.start]?.isCapital === true;
  // Two capitals are a whole name; one may begin a name such as "Oak desk".
  const longerEnd = isWritten && span.end === span.start + 1 ? unknownEnd(draft, span.end, 3) : span.end;
  const before = draft.tokens[span.start - 1]?.word ?? '';
  return { ...span, text, longerEnd, before, ...(longerEnd > span.end && { longer: spanText(draft, { start: span.start, end: longerEnd }) }) };
}

/** The token after a run of unknown plain words from `start` on. */
function unknownEnd(draft: Draft, start: number, most: number): number {
  let end = start;
  while (end < draft.tokens.length && end - start < most && isUnknownWord(draft, end)) end += 1;
  return end;
}

function capitalRuns(draft: Draft): Span[] {
  const runs: Span[] = [];
  for (let start = 0; start < draft.tokens.length; start += 1) {
    if (!isNameWord(draft, start)) continue;
    let end = start + 1;
    for (let next = end; next < draft.tokens.length; next += 1) {
      const token = draft.tokens[next] as Token;
      if (isNameWord(draft, next)) end = next + 1;
      else if (!(token.kind === 'word' && particles.has(token.word)) || token.isCapital) break;
    }
    if (!isOnlyFirst(draft, { start, end })) runs.push({ start, end });
    start = end;
  }
  return runs;
}

/** Every sentence begins with a capital: alone, and before a plain word, it makes no name. */
function isOnlyFirst(draft: Draft, { start, end }: Span): boolean {
  const next = draft.tokens[end];
  return start === 0 && end === 1 && next?.kind === 'word' && isUnknownWord(draft, end);
}

/** A capital letter makes a name, unless the word is known, or is plain English at the beginning of a sentence. */
function isNameWord(draft: Draft, index: number): boolean {
  const token = draft.tokens[index];
  if (!token?.isCapital) return false;
  const isPlain =
    fillers.has(token.word) ||
    askWords.has(token.word) ||
    readingWords.has(token.word) ||
    timeUnits.has(token.word) ||
    beyond.has(token.word) ||
    negations.has(token.word);
  if (isPlain && !(index > 0 && draft.tokens[index - 1]?.isCapital && draft.tokens[index + 1]?.isCapital)) return false;
  return !draft.mentions.some((mention) => index >= mention.start && index < mention.end && isSure(mention, index === 0));
}

function isSure(mention: Draft['mentions'][number], isFirst: boolean): boolean {
  if (mention.values.length > 0) return true;
  return Math.max(mention.tables[0]?.strength ?? 0, mention.columns[0]?.strength ?? 0) >= (isFirst ? 0.3 : 0.75);
}

/** "customer ines fontaine", "did ines fontaine": unknown words where a name must stand are one, though nobody wrote it with capitals. */
function plainNames(draft: Draft, taken: readonly Span[]): Span[] {
  const spans: Span[] = [];
  for (let start = 1; start < draft.tokens.length; start += 1) {
    const end = unknownEnd(draft, start, 5);
    const isTaken = [...taken, ...spans].some((span) => start <= span.end && end > span.start);
    if (end === start || isTaken || !isNameDue(draft, start, end)) continue;
    spans.push({ start, end });
  }
  return spans;
}

/** After a noun in the singular; or two words and more after "of", "by", "did" and the like, unless a noun follows that they describe. */
function isNameDue(draft: Draft, start: number, end: number): boolean {
  const noun = draft.mentions.find((mention) => mention.end === start);
  const word = draft.tokens[start - 1]?.word ?? '';
  if (noun) {
    const isNoun =
      noun.tables.length > 0 || noun.columns.some(({ column, strength }) => strength >= 0.75 && column.role !== 'number' && column.role !== 'date');
    return isNoun && singular(word) === word && !isVerbDue(draft, noun.start);
  }
  return end - start >= 2 && /^(?:of|by|for|from|did|does|has|to)$/.test(word) && !draft.mentions.some((mention) => mention.start === end);
}

/** "does the customer feel": after a helping verb and its subject comes a verb. */
function isVerbDue(draft: Draft, start: number): boolean {
  return [1, 2, 3].some((back) => /^(?:do|does|did|can|could|will|would|should|may|might|must)$/.test(draft.tokens[start - back]?.word ?? ''));
}

function isUnknownWord(draft: Draft, index: number): boolean {
  const token = draft.tokens[index] as Token;
  if (token.kind !== 'word' || token.isCapital) return false;
  if ([fillers, askWords, beyond, negations, readingWords, timeUnits, spendingWords].some((words) => words.has(token.word))) return false;
  if (/(?:ed|ing)$/.test(token.word) || hasSynonyms(token.stem)) return false;
  return !draft.mentions.some((mention) => index >= mention.start && index < mention.end);
}

/** Where the clause says "named", "called" or the like before a name. */
export function isIntroduced(draft: Draft, name: Name): boolean {
  return findPhrases(draft, /named|called|titled|title|name/).some((phrase) => phrase.end === name.start);
}
