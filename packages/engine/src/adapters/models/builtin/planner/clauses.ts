/** Cuts a request into clauses, each of which asks for one thing or gives something to work with. */
import { askWords } from './vocabulary.ts';
import { tokenise, withoutQuotes, type Token } from './tokens.ts';

export interface Clause {
  text: string;
  tokens: Token[];
  /** Gives something to work with (a quoted message, say) and asks nothing itself. */
  isSupply: boolean;
}

const mostClauses = 8;
const longestRequest = 8_000;
const shortForms = /\b(?:no|nr|st|dr|mr|mrs|ms|prof|vs|e\.g|i\.e|approx|inc|ltd)\.$/i;
const initial = /(?:^|\s)\p{Lu}\.$/u;

/** "and the number of", "and the average": another figure, though no word asks for it. */
const anotherFigure = /\band\s+(?=(?:also\s+)?the\s+(?:number of|average|total|sum|top|last|latest|first|newest|oldest|most|least)\b)/gi;

/** The clauses of the request, in order. At least one of them asks. */
export function splitClauses(request: string): Clause[] {
  const text = request.slice(0, longestRequest);
  const tokens = tokenise(text);
  const cuts = [0, ...cutPlaces(withoutQuotes(text), tokens), text.length];
  const clauses = cuts.slice(1).map((end, index) => clauseOf(text, tokens, { start: cuts[index] ?? 0, end }));
  const filled = clauses.filter((clause) => clause.tokens.length > 0).slice(0, mostClauses);
  // Where nothing asks, the words themselves are the question: "orders in 2025".
  return filled.some((clause) => !clause.isSupply) ? filled : filled.map((clause) => ({ ...clause, isSupply: false }));
}

function clauseOf(text: string, tokens: readonly Token[], range: { start: number; end: number }): Clause {
  const own = tokens.filter((token) => token.start >= range.start && token.start < range.end);
  const part = text.slice(range.start, range.end).trim();
  const asks = own.some((token) => token.kind === 'word' && askWords.has(token.word)) && !/:\s*$/.test(withoutQuotes(part).trimEnd());
  const hasQuote = own.some((token) => token.kind === 'quote');
  return { text: part, tokens: own, isSupply: hasQuote ? !asksFirst(own) : !asks && !part.endsWith('?') };
}

/** "The message was: '…'" has a word that could ask, but does not begin with it. */
function asksFirst(tokens: readonly Token[]): boolean {
  return tokens.slice(0, 3).some((token) => token.kind === 'word' && askWords.has(token.word) && !['is', 'was', 'are', 'were'].includes(token.word));
}

/** Ends of sentences, and "and" or a comma before a word that asks. */
function cutPlaces(plain: string, tokens: readonly Token[]): number[] {
  const places = new Set<number>();
  for (const match of plain.matchAll(/[.?!;](?=\s|$)|\n+/g)) {
    const end = match.index + match[0].length;
    const isInside = tokens.some((token) => token.start < match.index && token.end > match.index);
    const before = plain.slice(Math.max(0, end - 8), end);
    if (!isInside && !shortForms.test(before) && !initial.test(before)) places.add(end);
  }
  for (const match of plain.matchAll(/(?:,\s*(?:and|then|but)\b|,|\band(?:\s+then|\s+also)?\b|\bthen\b)\s+(?=(?:please\s+)?(\p{L}+))/giu)) {
    const next = (match[1] ?? '').toLowerCase();
    if (startsAsking(next, plain.slice(match.index + match[0].length)) && match.index > 0) places.add(match.index + match[0].length);
  }
  // A sentence after a quotation is another one, though the full stop may stand within the marks.
  for (const token of tokens) if (token.kind === 'quote' && /^\s+\p{Lu}/u.test(plain.slice(token.end))) places.add(token.end);
  for (const match of plain.matchAll(anotherFigure)) places.add(match.index + match[0].length);
  return [...places].sort((a, b) => a - b);
}

/** "and is", "and was" go on with the same question; "and how", "and write" begin another. */
function startsAsking(word: string, rest: string): boolean {
  if (['is', 'are', 'was', 'were', 'has', 'have', 'had', 'may', 'whose', 'which', 'who', 'whom', 'name', 'sum', 'sort', 'rank'].includes(word)) {
    return /^(?:which|who)\b[^,.?!]*\?/i.test(rest) && /^(?:which|who)\s+\p{L}+\s+(?:is|are|was|were|has|have|had|did|do|does|ordered|got)?/iu.test(rest);
  }
  return askWords.has(word);
}
