/** Ways to read a clause that asks for rows: a list, or some columns of what is named. */
import type { Column, Table } from '../schema/model.ts';
import { placeWords } from '../vocabulary.ts';
import { columnsFor, personTable, whoSpan, type Candidate } from './candidate.ts';
import { isDated } from './dates.ts';
import { branchDraft, explain, type Draft } from './draft.ts';
import { namesAny, tableOf, type Mention } from './mentions.ts';

const mostRows = 50;

/** All readings as rows: of each table that is mentioned, of each that has a mentioned column, and of the table spoken of before. */
export function rowCandidates(draft: Draft, heir: Table | undefined): Candidate[] {
  const tables = draft.mentions.flatMap((mention) => {
    const table = tableOf(mention);
    return table ? [{ table, mention, strength: mention.tables[0]?.strength ?? 1 }] : [];
  });
  const headed = tables.map(({ table, mention, strength }, index) => rowsOf(draft, { table, mention, strength: strength - index * 0.1 }));
  const columned = columnMentions(draft).flatMap((mention) =>
    mention.columns.slice(0, 6).map(({ column, strength }) => rowsOf(draft, { table: column.table, strength: strength * 0.8 })),
  );
  const valued = draft.mentions.flatMap((mention) => mention.values.map(({ column }) => rowsOf(draft, { table: column.table, strength: 0.5 })));
  const who = whoSpan(draft);
  const person = who && personTable(draft.schema, undefined);
  const people = person && draft.mentions.length > 0 ? [{ ...rowsOf(draft, { table: person, strength: 0.7 }) }] : [];
  if (who) for (const { draft: branch } of people) explain(branch, who);
  const inherited = heir ? [rowsOf(draft, { table: heir, strength: 0.55 })] : [];
  const all = [...headed, ...columned, ...valued, ...people, ...inherited];
  // The same table by several words is one reading, the surest first.
  return all.filter((one, index) => all.findIndex((other) => other.base === one.base && other.strength >= one.strength) === index);
}

function rowsOf(draft: Draft, head: { table: Table; mention?: Mention; strength: number }): Candidate {
  const branch = branchDraft(draft);
  if (head.mention) explain(branch, head.mention);
  return { draft: branch, base: head.table, strength: head.strength, goal: { kind: 'rows', wanted: [], limit: mostRows } };
}

function columnMentions(draft: Draft): Mention[] {
  return draft.mentions.filter((mention) => tableOf(mention) === undefined && mention.columns.length > 0);
}

/** Columns of the base, or of what it belongs to, that the clause asks for and no condition has used. "Where" and "when" ask for a place and a date. */
export function wantedColumns(draft: Draft, base: Table, reachable: (table: Table) => boolean): Column[] {
  const wanted: Column[] = [];
  for (const mention of columnMentions(draft)) {
    if (Array.from({ length: mention.end - mention.start }, (_, index) => mention.start + index).some((index) => draft.used.has(index))) continue;
    const chosen = columnsFor(mention, base).find(({ column, strength }) => strength >= 0.3 && reachable(column.table))?.column;
    if (!chosen) continue;
    explain(draft, mention);
    wanted.push(chosen);
  }
  for (const [word, fits] of [
    ['where', isPlace],
    ['when', isDated],
  ] as const) {
    const index = draft.tokens.findIndex((token) => token.word === word);
    // "When will it arrive" asks for what is to come; the dates of a row tell what was.
    const isToCome = word === 'when' && draft.tokens[index + 1]?.word === 'will';
    const columns = index < 0 || isToCome ? [] : base.columns.filter(fits);
    if (columns.length === 0) continue;
    draft.used.add(index);
    if (wanted.length > 0 || word === 'where') wanted.push(...columns);
  }
  return [...new Set(wanted)];
}

function isPlace(column: Column): boolean {
  return column.role !== 'reference' && column.role !== 'key' && namesAny(column, placeWords);
}
