/** "top 5", "the last", "most expensive", "highest": which end of an order is asked for, and how many. */
import { findPhrases, type Draft, type Span } from './draft.ts';

export type About = 'figure' | 'count' | 'quantity' | 'next' | 'time' | 'price' | 'duration' | 'weight' | 'birth' | 'rating';

export interface Superlative extends Span {
  about: About;
  isDescending: boolean;
  /** As said: "top 5" gives 5. */
  limit?: number;
  /** The word itself, for the answer. */
  word: string;
}

const table: readonly { words: string; about: About; isDescending: boolean }[] = [
  { words: 'most often|most frequently|most popular|most frequent', about: 'count', isDescending: true },
  { words: 'least often|least frequently|least popular', about: 'count', isDescending: false },
  { words: 'best selling|best-selling|bestselling|top selling|top-selling|best sold|most sold', about: 'quantity', isDescending: true },
  { words: 'next|upcoming|soonest', about: 'next', isDescending: false },
  { words: 'most recent|latest|newest|last|most recently', about: 'time', isDescending: true },
  { words: 'least recent|earliest|oldest|first|least recently', about: 'time', isDescending: false },
  { words: 'youngest', about: 'birth', isDescending: true },
  { words: 'most expensive|most costly|priciest|dearest|costliest', about: 'price', isDescending: true },
  { words: 'least expensive|cheapest', about: 'price', isDescending: false },
  { words: 'longest', about: 'duration', isDescending: true },
  { words: 'shortest', about: 'duration', isDescending: false },
  { words: 'heaviest', about: 'weight', isDescending: true },
  { words: 'lightest', about: 'weight', isDescending: false },
  { words: 'best rated|highest rated|top rated', about: 'rating', isDescending: true },
  { words: 'worst rated|lowest rated', about: 'rating', isDescending: false },
  { words: 'top|best|highest|largest|biggest|greatest|most', about: 'figure', isDescending: true },
  { words: 'bottom|worst|lowest|smallest|least|fewest', about: 'figure', isDescending: false },
];

/** The clause's superlative; undefined where it has none. "last year" is none, nor is "first name". */
export function findSuperlative(draft: Draft): Superlative | undefined {
  for (const { words, about, isDescending } of table) {
    const pattern = new RegExp(`(?:#number )?(?:${words})(?: #number)?(?! (?:#number )?(?:days?|weeks?|months?|quarters?|years?)(?: |$))`);
    const phrase = findPhrases(draft, pattern).find((one) => !isMentioned(draft, one));
    if (!phrase) continue;
    const limit = limitIn(draft, phrase);
    return {
      start: phrase.start,
      end: phrase.end,
      about,
      isDescending,
      word: phrase.match[0].replaceAll('#number', '').trim(),
      ...(limit !== undefined && { limit }),
    };
  }
  return undefined;
}

/** Part of a name of two words or more, such as `first_name`. */
function isMentioned(draft: Draft, span: Span): boolean {
  return draft.mentions.some((mention) => mention.end - mention.start > 1 && span.start >= mention.start && span.start < mention.end);
}

function limitIn(draft: Draft, span: Span): number | undefined {
  const token = draft.tokens.slice(span.start, span.end).find(({ kind }) => kind === 'number');
  const value = token?.value;
  return value !== undefined && Number.isInteger(value) && value > 0 ? Math.min(value, 100) : undefined;
}
