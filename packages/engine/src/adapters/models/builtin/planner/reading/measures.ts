/** Finds what a clause wants added up, averaged or ordered by: number columns that it names, or money where it only says so. */
import { lineage } from '../schema/join-path.ts';
import type { Column, Table } from '../schema/model.ts';
import type { Measure } from '../question/question.ts';
import { moneyWords, placeWords, priceWords, quantityWords, spendingWords } from '../vocabulary.ts';
import { freeMentions, type Draft, type Span } from './draft.ts';
import { namesAny, tableOf } from './mentions.ts';
import type { About } from './superlative.ts';

export interface FoundMeasure {
  measure: Measure;
  /** The words that name it; absent where it was only implied. */
  span?: Span;
}

const impliedStrength = 0.45;

/** Measures that the clause names, in the order of the clause; of one mention the best named first. */
export function namedMeasures(draft: Draft, within: Span = { start: 0, end: draft.tokens.length }): FoundMeasure[] {
  const mentioned = freeMentions(draft).filter((mention) => mention.start >= within.start && mention.end <= within.end && tableOf(mention) === undefined);
  const named = mentioned.flatMap((mention) =>
    mention.columns
      .filter(({ column }) => isFigure(column))
      .map(({ column, strength }) => ({ measure: { columns: [column], strength }, span: { start: mention.start, end: mention.end } })),
  );
  // "Paid" may be the very column; only where it is none does it mean money at large.
  return [
    ...named,
    ...spendingMeasures(draft, within).filter(
      ({ span }) => !named.some((one) => span && one.measure.strength >= 0.6 && one.span.start <= span.start && one.span.end >= span.end),
    ),
  ];
}

/** "Revenue" and "spend" mean whatever column holds amounts, else price times quantity. */
function spendingMeasures(draft: Draft, within: Span): FoundMeasure[] {
  const places = draft.tokens.flatMap((token, index) =>
    index >= within.start && index < within.end && spendingWords.has(token.word) && !draft.used.has(index) ? [index] : [],
  );
  return places.flatMap((index) => moneyMeasures(draft.schema.tables).map((measure) => ({ measure, span: { start: index, end: index + 1 } })));
}

/** Money columns, amounts before prices; a price beside a quantity gives their product. */
function moneyMeasures(tables: readonly Table[]): Measure[] {
  const found = tables.flatMap((table): Measure[] => {
    const figures = table.columns.filter(isFigure);
    const amounts = figures.filter((column) => namesAny(column, moneyWords) && !namesAny(column, priceWords));
    const price = figures.find((column) => namesAny(column, priceWords));
    const quantity = figures.find((column) => namesAny(column, quantityWords) && !namesAny(column, priceWords) && !amounts.includes(column));
    return [
      ...amounts.map((column) => ({ columns: [column], strength: column.stems.length === 1 ? 0.9 : 0.8 })),
      ...(price && quantity && amounts.length === 0 ? [{ columns: [quantity, price], strength: 0.7 }] : []),
      ...(price && !quantity && amounts.length === 0 ? [{ columns: [price], strength: 0.5 }] : []),
    ];
  });
  return found.sort((a, b) => b.strength - a.strength);
}

/** What a table is measured by where nothing is said: its own amount or price, its only number, or the amount of what belongs to it. */
export function impliedMeasures(table: Table, tables: readonly Table[]): Measure[] {
  const own = moneyMeasures([table])[0];
  const figures = table.columns.filter(isFigure);
  const only = figures.length === 1 ? figures[0] : undefined;
  const below = moneyMeasures(tables.filter((other) => other !== table && lineage(other).includes(table)));
  const all = [...(own ? [own] : only ? [{ columns: [only], strength: impliedStrength }] : []), ...below];
  return all.map((measure) => ({ ...measure, strength: impliedStrength }));
}

const aboutWords: Readonly<Record<Exclude<About, 'figure' | 'count' | 'next' | 'time' | 'birth'>, ReadonlySet<string>>> = {
  price: priceWords,
  duration: new Set(['duration', 'length', 'minutes', 'hours', 'days', 'seconds', 'milliseconds', 'millis', 'ms', 'pages', 'distance', 'km', 'runtime']),
  quantity: quantityWords,
  weight: new Set(['weight', 'kg', 'mass', 'grams']),
  rating: new Set(['rating', 'score', 'stars', 'grade']),
};

/** Number columns of the kind that an adjective such as "expensive" speaks of, those of `table` first. */
export function measuresAbout(about: keyof typeof aboutWords, table: Table | undefined, tables: readonly Table[]): Measure[] {
  const found = tables.flatMap((one) => one.columns.filter((column) => isFigure(column) && namesAny(column, aboutWords[about])));
  return found.map((column) => ({ columns: [column], strength: column.table === table ? 0.9 : 0.6 })).sort((a, b) => b.strength - a.strength);
}

/** A number that can be added up or compared: no key, no year, no place such as a room or a floor. */
export function isFigure(column: Column): boolean {
  return column.role === 'number' && !column.isYear && !namesAny(column, placeWords);
}

export function isAdditive(measure: Measure): boolean {
  return measure.columns.length > 1 || measure.columns.some((column) => !namesAny(column, priceWords) && !namesAny(column, aboutWords.rating));
}
