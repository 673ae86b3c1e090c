/** Dates in a clause: which column they speak of, and from when to when. */
import { distance, isAncestor, lineage } from '../schema/join-path.ts';
import type { Column, Table } from '../schema/model.ts';
import { literal } from '../schema/sql-text.ts';
import type { Filter } from '../question/question.ts';
import { isSameWord } from '../../text/words.ts';
import { fillers } from '../vocabulary.ts';
import { findPhrases, isUsed, spanText, explain, type Draft, type Phrase, type Span } from './draft.ts';
import { tableOf } from './mentions.ts';

interface Period extends Span {
  /** SQL text. */
  from?: string;
  to?: string;
  words: string;
}

const secondary = /^(?:due|expected|until|end|ended|deadline|updated|modified|expires|expiry|returned|closed|deleted|valid)/i;

/** Filters for all dates in the clause, on the column that they speak of. Dates that no column can take stay unexplained. */
export function dateFilters(draft: Draft, base: Table, more: readonly Table[]): Filter[] {
  return findPeriods(draft).flatMap((period): Filter[] => {
    const column = dateColumnFor(draft, { base, more, near: period });
    if (!column) return [];
    explain(draft, period);
    return [
      { kind: 'date', column, words: period.words, ...(period.from !== undefined && { from: period.from }), ...(period.to !== undefined && { to: period.to }) },
    ];
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
  const take = (pattern: RegExp, bounds: (phrase: Phrase) => { from?: string; to?: string } | undefined) => {
    for (const phrase of findPhrases(draft, pattern)) {
      if (isUsed(draft, phrase) || periods.some((other) => phrase.start < other.end && phrase.end > other.start)) continue;
      const range = bounds(phrase);
      if (range) periods.push({ start: phrase.start, end: phrase.end, words: spanText(draft, phrase), ...range });
    }
  };
  const datesOf = (phrase: Phrase) => draft.tokens.slice(phrase.start, phrase.end).flatMap((token) => (token.date ? [token.date] : []));
  const first = (phrase: Phrase) => datesOf(phrase)[0];
  const text = (day: string | undefined) => (day === undefined ? {} : { value: literal(day) });
  take(/(?:between|from) #date (?:and|to|until|till|through) #date/, (phrase) => both(text(first(phrase)?.from).value, text(datesOf(phrase).at(-1)?.to).value));
  take(/(?:in |during |for )?#date (?:and|or|to) #date/, (phrase) =>
    isAdjoining(datesOf(phrase)) ? both(text(first(phrase)?.from).value, text(datesOf(phrase).at(-1)?.to).value) : undefined,
  );
  take(/(?:since|from|starting(?: in| on| from)?|as of|on or after|beginning in|not before) #date(?: on| onwards)?/, (phrase) =>
    both(text(first(phrase)?.from).value, undefined),
  );
  take(/(?:after|later than|newer than) #date/, (phrase) => both(text(first(phrase)?.to).value, undefined));
  take(/(?:before|prior to|earlier than|older than) #date/, (phrase) => both(undefined, text(first(phrase)?.from).value));
  take(/(?:until|till|up to|through|by the end of|to the end of) #date/, (phrase) => both(undefined, text(first(phrase)?.to).value));
  take(/(?:(?:in|on|during|of|for|at|from|within) )?(?:the )?(?:(?:year|month|quarter|day)(?: of)? )?#date/, (phrase) =>
    both(text(first(phrase)?.from).value, text(first(phrase)?.to).value),
  );
  // "Which month of 2025": the month is asked for, the year alone is the period.
  take(/(?:of )?#date/, (phrase) => both(text(first(phrase)?.from).value, text(first(phrase)?.to).value));
  takeRelative(take);
  return periods.sort((a, b) => a.start - b.start);
}

/** Periods that hang on the day of the run: the database knows it, the planner has no clock. */
function takeRelative(take: (pattern: RegExp, bounds: (phrase: Phrase) => { from?: string; to?: string } | undefined) => void): void {
  const day = (...changes: string[]) => `date('now'${changes.map((change) => `, '${change}'`).join('')})`;
  take(/today/, () => ({ from: day(), to: day('+1 day') }));
  take(/yesterday/, () => ({ from: day('-1 day'), to: day() }));
  take(/(?:in |during )?(?:the )?(?:current|this) (month|year)/, ({ match }) => ({
    from: day(`start of ${match[1]}`),
    to: day(`start of ${match[1]}`, `+1 ${match[1]}`),
  }));
  take(/(?:in |during )?(?:the )?(?:last|past|previous) (month|year)/, ({ match }) => ({
    from: day(`start of ${match[1]}`, `-1 ${match[1]}`),
    to: day(`start of ${match[1]}`),
  }));
  take(/(?:in |during |within )?(?:the )?(?:last|past|previous) week/, () => ({ from: day('-7 days'), to: day('+1 day') }));
}

function both(from: string | undefined, to: string | undefined): { from?: string; to?: string } {
  return { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
}

/** "2024 and 2025" is one period; "2023 and 2025" is not. */
function isAdjoining(dates: readonly { from: string; to: string }[]): boolean {
  return dates.length === 2 && dates[0]?.to === dates[1]?.from;
}
