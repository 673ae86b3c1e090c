/** Dates in a clause: which column they speak of, and from when to when. */
import { distance, isAncestor, lineage } from '../schema/join-path.ts';
import type { Column, Table } from '../schema/model.ts';
import type { Moment } from '../schema/moment.ts';
import type { Filter } from '../question/question.ts';
import { isSameWord } from '../../text/words.ts';
import { fillers } from '../vocabulary.ts';
import { findPhrases, isUsed, spanText, explain, type Draft, type Phrase, type Span } from './draft.ts';
import { tableOf } from './mentions.ts';

interface Bounds {
  from?: Moment;
  to?: Moment;
}

interface Period extends Span, Bounds {
  words: string;
}

type TakePeriod = (pattern: RegExp, bounds: (phrase: Phrase) => Bounds | undefined) => void;

const secondary = /^(?:due|expected|until|end|ended|deadline|updated|modified|expires|expiry|returned|closed|deleted|valid)/i;

/** Filters for all dates in the clause, on the column that they speak of. Dates that no column can take stay unexplained. */
export function dateFilters(draft: Draft, base: Table, more: readonly Table[]): Filter[] {
  return findPeriods(draft).flatMap((period): Filter[] => {
    const column = dateColumnFor(draft, { base, more, near: period });
    if (!column) return [];
    explain(draft, period);
    return [{ kind: 'date', column, words: period.words, ...(period.from && { from: period.from }), ...(period.to && { to: period.to }) }];
  });
}

/** The date column that is meant: the one that a word near the date names, else that of the event: the lowest table that is spoken of. */
export function dateColumnFor(draft: Draft, place: { base: Table; more: readonly Table[]; near?: Span }): Column | undefined {
  const { base, more, near } = place;
  const all = draft.schema.tables.flatMap((table) => table.columns.filter(isDated)).filter((column) => Number.isFinite(distance(base, column.table)));
  const hinted =
    near &&
    hintedColumn(
      draft,
      near,
      all.toSorted((a, b) => distance(base, a.table) - distance(base, b.table)),
    );
  if (hinted) {
    draft.used.add(hinted.index);
    return hinted.column;
  }
  const pool = [...lineage(base), ...more, ...draft.mentions.map(tableOf).filter((table) => table !== undefined)].filter(
    (table) => table.columns.some(isDated) && Number.isFinite(distance(base, table)),
  );
  const table = pool.find((one) => pool.every((other) => other === one || !isAncestor(one, other)));
  return table && firstDate(table);
}

/** The first date of a table, those of its end last. */
export function firstDate(table: Table): Column | undefined {
  const dates = table.columns.filter(isDated);
  return dates.find((column) => !secondary.test(column.name) && column.role === 'date') ?? dates[0];
}

export function isDated(column: Column): boolean {
  return column.role === 'date' || column.isYear;
}

function hintedColumn(draft: Draft, near: Span, columns: readonly Column[]): { column: Column; index: number } | undefined {
  const places = [...draft.tokens.keys()]
    .filter((index) => (index < near.start && index >= near.start - 4) || (index >= near.end && index < near.end + 2))
    .reverse();
  for (const index of places) {
    const token = draft.tokens[index];
    if (token?.kind !== 'word' || fillers.has(token.word) || token.isCapital) continue;
    const isTable = draft.mentions.some(
      (mention) => index >= mention.start && index < mention.end && tableOf(mention) !== undefined && !/ed$/.test(token.word),
    );
    const column = isTable ? undefined : columns.find(({ stems }) => stems.some((stem) => isSameWord(stem, token.stem)));
    if (column) return { column, index };
  }
  return undefined;
}

function findPeriods(draft: Draft): Period[] {
  const periods: Period[] = [];
  const take: TakePeriod = (pattern, bounds) => {
    for (const phrase of findPhrases(draft, pattern)) {
      if (isUsed(draft, phrase) || periods.some((other) => phrase.start < other.end && phrase.end > other.start)) continue;
      const range = bounds(phrase);
      if (range) periods.push({ start: phrase.start, end: phrase.end, words: spanText(draft, phrase), ...range });
    }
  };
  const datesOf = (phrase: Phrase) => draft.tokens.slice(phrase.start, phrase.end).flatMap((token) => (token.date ? [token.date] : []));
  const first = (phrase: Phrase) => datesOf(phrase)[0];
  take(/(?:between|from) #date (?:and|to|until|till|through) #date/, (phrase) => both(first(phrase)?.from, datesOf(phrase).at(-1)?.to));
  take(/(?:in |during |for )?#date (?:and|or|to) #date/, (phrase) =>
    isAdjoining(datesOf(phrase)) ? both(first(phrase)?.from, datesOf(phrase).at(-1)?.to) : undefined,
  );
  take(/(?:since|from|starting(?: in| on| from)?|as of|on or after|beginning in|not before) #date(?: on| onwards)?/, (phrase) =>
    both(first(phrase)?.from, undefined),
  );
  take(/(?:after|later than|newer than) #date/, (phrase) => both(first(phrase)?.to, undefined));
  take(/(?:before|prior to|earlier than|older than) #date/, (phrase) => both(undefined, first(phrase)?.from));
  take(/(?:until|till|up to|through|by the end of|to the end of) #date/, (phrase) => both(undefined, first(phrase)?.to));
  take(/(?:(?:in|on|during|of|for|at|from|within) )?(?:the )?(?:(?:year|month|quarter|day)(?: of)? )?#date/, (phrase) =>
    both(first(phrase)?.from, first(phrase)?.to),
  );
  // "Which month of 2025": the month is asked for, the year alone is the period.
  take(/(?:of )?#date/, (phrase) => both(first(phrase)?.from, first(phrase)?.to));
  takeRelative(draft, take);
  return periods.sort((a, b) => a.start - b.start);
}

/** Periods that hang on the day of the run: the database knows it, the planner has no clock. */
function takeRelative(draft: Draft, take: TakePeriod): void {
  take(/today/, () => ({ from: fromToday(0), to: fromToday(1) }));
  take(/yesterday/, () => ({ from: fromToday(-1), to: fromToday(0) }));
  take(/(?:in |during )?(?:the )?(?:current|this) (month|year)/, ({ match }) => ({ from: startOf(match[1]), to: startOf(match[1], 1) }));
  take(/(?:in |during )?(?:the )?(?:last|past|previous) (month|year)/, ({ match }) => ({ from: startOf(match[1], -1), to: startOf(match[1]) }));
  take(/(?:in |during |within )?(?:the )?(?:last|past|previous) week/, () => ({ from: fromToday(-7), to: fromToday(1) }));
  take(/(?:in |during |within |over )?(?:the )?(?:last|past|previous) #number (day|week|month|quarter|year)s?/, (phrase) => lastPeriod(draft, phrase));
}

const units = {
  day: { unit: 'day', length: 1, most: 100_000 },
  week: { unit: 'day', length: 7, most: 10_000 },
  month: { unit: 'month', length: 1, most: 1_200 },
  quarter: { unit: 'month', length: 3, most: 400 },
  year: { unit: 'year', length: 1, most: 100 },
} as const;

/** "The last 3 months": from the same day three months ago on, today included. What goes back too far for a calendar is no period. */
function lastPeriod(draft: Draft, phrase: Phrase): Bounds | undefined {
  const { unit, length, most } = units[phrase.match[1] as keyof typeof units];
  const count = draft.tokens.slice(phrase.start, phrase.end).find(({ kind }) => kind === 'number')?.value ?? 0;
  return Number.isInteger(count) && count > 0 && count <= most ? { from: fromToday(-count * length, unit), to: fromToday(1) } : undefined;
}

function fromToday(count: number, unit: 'day' | 'month' | 'year' = 'day'): Extract<Moment, { kind: 'from-today' }> {
  return { kind: 'from-today', ...(count !== 0 && { change: { count, unit } }) };
}

/** The first day of this month or year, or of one before or after it. */
function startOf(unit: string | undefined, count = 0): Moment {
  const named = unit === 'year' ? 'year' : 'month';
  return { ...fromToday(count, named), startOf: named };
}

function both(from: string | undefined, to: string | undefined): Bounds {
  return { ...(from !== undefined && { from: { kind: 'day', day: from } }), ...(to !== undefined && { to: { kind: 'day', day: to } }) };
}

/** "2024 and 2025" is one period; "2023 and 2025" is not. */
function isAdjoining(dates: readonly { from: string; to: string }[]): boolean {
  return dates.length === 2 && dates[0]?.to === dates[1]?.from;
}
