/** One way of reading what a clause asks for, before its conditions are read. */
import type { Filter, Goal } from '../question/question.ts';
import type { Column, SchemaModel, Table } from '../schema/model.ts';
import { isAncestor } from '../schema/join-path.ts';
import { personWords } from '../vocabulary.ts';
import type { Draft, Span } from './draft.ts';
import { namesAny, tableOf, type Mention } from './mentions.ts';

export interface Candidate {
  draft: Draft;
  base: Table;
  goal: Goal;
  /** Conditions that the words for the goal bring with them. */
  filters?: Filter[];
  /** 0 to 1: how surely the words mean this. */
  strength: number;
}

/** The first mention from `place` on that names a table or a column. */
export function nextMention(draft: Draft, place: number, limit = Number.POSITIVE_INFINITY): Mention | undefined {
  return draft.mentions.find((mention) => mention.start >= place && mention.start < limit && (mention.tables.length > 0 || mention.columns.length > 0));
}

/** The first mention of a table, from `place` on. */
export function nextTable(draft: Draft, place: number): { mention: Mention; table: Table } | undefined {
  for (const mention of draft.mentions) {
    const table = mention.start >= place ? tableOf(mention) : undefined;
    if (table) return { mention, table };
  }
  return undefined;
}

/** The last mention of a table before `place`. */
export function tableBefore(draft: Draft, place: number): { mention: Mention; table: Table } | undefined {
  return draft.mentions
    .filter((mention) => mention.end <= place)
    .flatMap((mention) => {
      const table = tableOf(mention);
      return table ? [{ mention, table }] : [];
    })
    .at(-1);
}

/** The table that "who" asks for: people have names and an e-mail address, a birthday or the like. */
export function personTable(schema: SchemaModel, below: Table | undefined): Table | undefined {
  const people = schema.tables.filter((table) => table.label.length > 0 && table.columns.some((column) => namesAny(column, personWords)));
  return people.find((table) => below === undefined || table === below || isAncestor(table, below));
}

/** Where a clause asks "who" or "whom". */
export function whoSpan(draft: Draft): Span | undefined {
  const index = draft.tokens.findIndex((token) => token.word === 'who' || token.word === 'whom');
  return index < 0 ? undefined : { start: index, end: index + 1 };
}

/** Columns that a mention names, for a base table: those of the base first. */
export function columnsFor(mention: Mention, base: Table | undefined): { column: Column; strength: number }[] {
  const rank = (column: Column) => (column.table === base ? 0 : base && isAncestor(column.table, base) ? 1 : 2);
  return mention.columns.toSorted((a, b) => b.strength - a.strength || rank(a.column) - rank(b.column));
}
