/** Conditions that something is there or missing: "not returned", "returned loans", "without e-mail"; and verbs that only join what is named anyway. */
import { isAncestor, lineage, pathBetween } from '../schema/join-path.ts';
import type { Column, Table } from '../schema/model.ts';
import type { Filter } from '../question/question.ts';
import { columnsFor, personTable, whoSpan, type Candidate } from './candidate.ts';
import { freeMentions, explain, type Draft } from './draft.ts';
import { tableOf, type Mention } from './mentions.ts';
import { findNames } from './names.ts';
import { isNegated } from './value-filters.ts';

const helpers = /^(?:did|do|does|has|have|had)$/;

/** Filters for columns that must hold something or nothing. A participle such as "returned" names the date at which it happened. */
export function knownFilters(draft: Draft, { base }: Candidate): Filter[] {
  const asksWhen = draft.tokens.some((token) => token.word === 'when');
  return freeMentions(draft).flatMap((mention): Filter[] => {
    const column = tableOf(mention)
      ? undefined
      : columnsFor(mention, base).find((one) => one.strength >= 0.5 && (one.column.table === base || isAncestor(one.column.table, base)))?.column;
    if (!column) return [];
    const isNot = isNegated(draft, mention);
    if (!isNot && (asksWhen || !isHappening(draft, mention, column))) return [];
    explain(draft, mention);
    return [{ kind: 'known', column, isNot }];
  });
}

/** "books borrowed", "members who borrowed": what happened stands in a table below the base, which must have rows. */
export function happenedFilters(draft: Draft, base: Table, spoken: ReadonlySet<Table | undefined>): Filter[] {
  return freeMentions(draft).flatMap((mention): Filter[] => {
    const column = tableOf(mention)
      ? undefined
      : mention.columns.find((one) => one.strength >= 0.5 && !lineage(base).includes(one.column.table) && isHappening(draft, mention, one.column))?.column;
    if (!column || pathBetween(base, column.table) === undefined) return [];
    const isNot = isNegated(draft, mention);
    explain(draft, mention);
    return !isNot && spoken.has(column.table) ? [] : [{ kind: 'exists', table: column.table, isNot }];
  });
}

function isHappening(draft: Draft, mention: Mention, column: Column): boolean {
  const isAfterHelper = draft.tokens.slice(0, mention.start).some((token) => helpers.test(token.word));
  return column.role === 'date' && (isAfterHelper || /ed$/.test(draft.tokens[mention.end - 1]?.word ?? ''));
}

/** "did Ada write", "who wrote Dune": the verb says how two tables hang together, and they do so in one way only. */
export function explainVerbs(draft: Draft, base: Table, filters: readonly Filter[]): void {
  const named = filters
    .flatMap((filter) => (filter.kind === 'text' ? filter.columns.flatMap((parts) => parts.slice(0, 1)) : filter.kind === 'values' ? [filter.column] : []))
    .map(({ table }) => table);
  const others = named.filter((table) => table !== base);
  const isClear = others.every((table) => base.parents.filter(({ target }) => target.table === table).length <= 1);
  const helper = draft.tokens.findIndex((token) => helpers.test(token.word));
  const last = draft.tokens.length - 1;
  if (isClear && others.length > 0 && helper >= 0 && helper < last && isVerb(draft, last)) draft.used.add(last);
  const who = whoSpan(draft);
  const person = who && personTable(draft.schema, base);
  const verb = who ? who.end : -1;
  const isNameNext = [verb + 1, verb + 2].some(
    (next) => findNames(draft).some(({ start }) => start === next) || draft.mentions.some((mention) => mention.start === next),
  );
  if (who && person && lineage(base).includes(person) && isVerb(draft, verb) && isNameNext) explain(draft, { start: who.start, end: verb + 1 });
}

function isVerb(draft: Draft, index: number): boolean {
  const token = draft.tokens[index];
  return (
    token?.kind === 'word' && !token.isCapital && !draft.used.has(index) && !draft.mentions.some((mention) => index >= mention.start && index < mention.end)
  );
}
