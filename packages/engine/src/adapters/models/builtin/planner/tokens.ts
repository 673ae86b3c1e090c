/** A request as tokens: words, and the things that stand as one whatever is in them: quotations, dates, identifiers, e-mail addresses, numbers. */
import { findDates, type DateMention } from '../text/dates.ts';
import { findEmails, findIdentifiers, findNumbers, overlaps } from '../text/patterns.ts';
import { stem } from '../text/words.ts';
import { numberWords } from './vocabulary.ts';

export interface Token {
  kind: 'word' | 'number' | 'date' | 'identifier' | 'email' | 'quote';
  /** As written; of a quotation, what stands between the marks. */
  text: string;
  /** In lower case, without a possessive ending. */
  word: string;
  stem: string;
  start: number;
  end: number;
  isCapital: boolean;
  date?: DateMention;
  value?: number;
}

const quotePairs: readonly RegExp[] = [
  /"([^"\n]{1,4000})"/g,
  /“([^”]{1,4000})”/g,
  /„([^“”]{1,4000})[“”]/g,
  /«\s?([^»]{1,4000}?)\s?»/g,
  /‘([^’]{1,4000})’(?![\p{L}\p{N}])/gu,
  // A single mark opens only after a gap and closes only before one: an apostrophe does neither.
  /(?<=^|[\s(:,;–—-])'(\S|\S.{0,3998}?\S)'(?![\p{L}\p{N}])/gu,
];

/** Quotations in the text, in order. What they say is data: it is never read as part of the request. */
export function findQuotes(text: string): { text: string; start: number; end: number }[] {
  const found: { text: string; start: number; end: number }[] = [];
  for (const pattern of quotePairs) {
    for (const match of text.matchAll(pattern)) {
      const quote = { text: match[1] ?? '', start: match.index, end: match.index + match[0].length };
      if (!found.some((other) => overlaps(quote, other))) found.push(quote);
    }
  }
  return found.sort((a, b) => a.start - b.start);
}

/** The text with every quotation blanked out, of the same length. */
export function withoutQuotes(text: string): string {
  return findQuotes(text).reduce((rest, quote) => rest.slice(0, quote.start) + ' '.repeat(quote.end - quote.start) + rest.slice(quote.end), text);
}

/** All tokens of the text, in order. */
export function tokenise(text: string): Token[] {
  const plain = withoutQuotes(text);
  const whole: Token[] = [
    ...findQuotes(text).map((quote) => token('quote', quote)),
    ...findEmails(plain).map((found) => token('email', found)),
    ...findDates(plain).map((date) => ({ ...token('date', date), date })),
    ...findIdentifiers(plain).map((found) => token('identifier', found)),
    ...findNumbers(plain).map((found) => ({ ...token('number', found), value: found.value })),
  ];
  const words = [...plain.matchAll(/\p{L}[\p{L}\p{M}\p{N}]*(?:[-'’&.](?=\p{L})[\p{L}\p{M}\p{N}]+)*/gu)]
    .map((match) => wordToken(match[0], match.index))
    .filter((word) => !whole.some((other) => overlaps(word, other)));
  return [...whole, ...words].sort((a, b) => a.start - b.start);
}

function wordToken(written: string, start: number): Token {
  const text = written.replace(/['’]s?$/i, '').replace(/['’]s$/i, '');
  const made = token('word', { text, start, end: start + written.length });
  const value = numberWords.get(made.word);
  return value === undefined ? made : { ...made, kind: 'number', value };
}

function token(kind: Token['kind'], found: { text: string; start: number; end: number }): Token {
  const word = found.text.toLowerCase();
  return { kind, text: found.text, word, stem: stem(word), start: found.start, end: found.end, isCapital: kind === 'word' && /^\p{Lu}/u.test(found.text) };
}
