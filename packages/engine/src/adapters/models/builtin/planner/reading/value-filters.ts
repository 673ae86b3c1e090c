/** Conditions from known values, flags, keys, identifiers and e-mail addresses. */
import { distance, isAncestor } from '../schema/join-path.ts';
import type { Column, Table } from '../schema/model.ts';
import type { Filter } from '../question/question.ts';
import type { Json } from '@switchyard/shared';
import { stem } from '../../text/words.ts';
import { negations } from '../vocabulary.ts';
import { freeMentions, explain, type Draft, type Span } from './draft.ts';
import { columnsFor } from './candidate.ts';
import { isFigure } from './measures.ts';
import { namesAny, tableOf, type Mention } from './mentions.ts';

const codeWords = new Set([
  'number',
  'code',
  'ref',
  'reference',
  'sku',
  'isbn',
  'parcel',
  'id',
  'key',
  'plate',
  'barcode',
  'no',
  'serial',
  'tracking',
  'account',
  'iban',
]);

/** Filters for values that the catalogue knows; several of one column are one condition. */
export function valueFilters(draft: Draft, base: Table): Filter[] {
  const byColumn = new Map<string, { column: Column; values: Json[]; isNot: boolean }>();
  for (const mention of freeMentions(draft).filter(({ values }) => values.length > 0)) {
    if ((mention.tables[0]?.strength ?? 0) === 1 || asksMoment(draft, mention)) continue;
    const chosen = chooseValue(draft, mention, base);
    if (!chosen) continue;
    const isNot = isNegated(draft, mention);
    const key = `${chosen.column.table.path.join('.')}.${chosen.column.name}.${isNot}`;
    const entry = byColumn.get(key) ?? { column: chosen.column, values: [], isNot };
    entry.values.push(chosen.value);
    byColumn.set(key, entry);
    explain(draft, mention);
    explainNoun(draft, mention, chosen.column);
  }
  return [...byColumn.values()].map((entry) => ({ kind: 'values', ...entry }));
}

/** "When was it shipped": the word names the moment that is asked for, though it is a known value as well. */
export function asksMoment(draft: Draft, mention: Mention): boolean {
  return draft.tokens.some(({ word }) => word === 'when') && mention.columns.some(({ column, strength }) => column.role === 'date' && strength >= 0.5);
}

/** The column that the words beside the value name, else the nearest to the base. */
function chooseValue(draft: Draft, mention: Mention, base: Table): { column: Column; value: Json } | undefined {
  const beside = draft.mentions.filter((other) => other.end === mention.start || other.start === mention.end);
  const cost = ({ column }: { column: Column }) => {
    const isNamed = beside.some((other) => other.columns.some((one) => one.column === column && one.strength >= 0.5));
    const isOfTable = beside.some((other) => tableOf(other) === column.table);
    return distance(base, column.table) + (isAncestor(column.table, base) ? 0 : 2) - (isNamed ? 100 : 0) - (isOfTable ? 50 : 0);
  };
  return mention.values.filter(({ column }) => Number.isFinite(distance(base, column.table))).toSorted((a, b) => cost(a) - cost(b))[0];
}

/** "category Coffee", "Coffee category": the noun belongs to the value. */
function explainNoun(draft: Draft, span: Span, column: Column): void {
  for (const mention of freeMentions(draft)) {
    const isBeside =
      mention.end === span.start ||
      mention.start === span.end ||
      (mention.end === span.start - 1 && /^(?:is|of|was|are|were|as|the)$/.test(draft.tokens[mention.end]?.word ?? ''));
    if (isBeside && mention.columns.some((one) => one.column === column && one.strength >= 0.5)) explain(draft, mention);
  }
}

/** "not", "without" or "except" stands before it; marks that word as explained. */
export function isNegated(draft: Draft, span: Span): boolean {
  for (let index = span.start - 1; index >= Math.max(0, span.start - 3); index -= 1) {
    const token = draft.tokens[index];
    if (token?.kind !== 'word') return false;
    if (negations.has(token.word.replace(/n['’]t$/, 'n'))) {
      draft.used.add(index);
      return true;
    }
    if (!/^(?:yet|been|be|the|a|an|any|from|in|with|have|has|placed|made|are|is|were|was|ever|for|other|than)$/.test(token.word)) return false;
  }
  return false;
}

/** "active members": a yes-or-no column that is named stands for yes. */
export function flagFilters(draft: Draft, base: Table): Filter[] {
  return [
    ...denied(draft, base),
    ...freeMentions(draft).flatMap((mention): Filter[] => {
      const flag = columnsFor(mention, base).find(
        ({ column, strength }) => strength >= 0.5 && isFlag(column) && (column.table === base || isAncestor(column.table, base)),
      )?.column;
      if (!flag || tableOf(mention)) return [];
      const isNot = isNegated(draft, mention);
      explain(draft, mention);
      return [flagFilter(flag, !isNot)];
    }),
  ];
}

/** "unpaid invoices": a word that denies a yes-or-no column. */
function denied(draft: Draft, base: Table): Filter[] {
  return draft.tokens.flatMap((token, index): Filter[] => {
    const bare = token.kind === 'word' && !draft.used.has(index) ? /^un(.{3,})$/.exec(token.word)?.[1] : undefined;
    const flag = bare === undefined ? undefined : base.columns.find((column) => isFlag(column) && column.stems.includes(stem(bare)));
    if (!flag) return [];
    draft.used.add(index);
    return [flagFilter(flag, false)];
  });
}

function flagFilter(column: Column, isYes: boolean): Filter {
  return { kind: 'values', column, values: [column.values.some((value) => typeof value === 'boolean') ? isYes : isYes ? 1 : 0], isNot: false };
}

function isFlag(column: Column): boolean {
  return column.role === 'flag';
}

/** "order 512", "parcel P-20481", "room 4", a lone identifier, an e-mail address. */
export function keyFilters(draft: Draft, base: Table): Filter[] {
  const filters: Filter[] = [];
  draft.tokens.forEach((token, index) => {
    if (draft.used.has(index) || (token.kind !== 'number' && token.kind !== 'identifier' && token.kind !== 'email')) return;
    const noun = nounBefore(draft, index);
    const found =
      token.kind === 'email'
        ? emailColumn(draft, base)
        : noun
          ? columnOfNoun(noun.mention, base, token.kind)
          : token.kind === 'identifier'
            ? codeColumn(draft, base)
            : undefined;
    if (!found) return;
    explain(draft, { start: noun && found !== undefined && token.kind !== 'email' ? noun.mention.start : index, end: index + 1 });
    filters.push({ kind: 'values', column: found, values: [token.kind === 'number' && !found.isText ? (token.value ?? 0) : token.text], isNot: false });
  });
  return filters;
}

/** The noun right before, with at most "number", "no" or "id" between. */
function nounBefore(draft: Draft, index: number): { mention: Mention } | undefined {
  let before = index - 1;
  while (before > 0 && /^(?:number|no|nr|id|with|code|is|the)$/.test(draft.tokens[before]?.word ?? '') && index - before <= 3) before -= 1;
  const mention = draft.mentions.find((one) => one.end - 1 === before) ?? draft.mentions.find((one) => one.end === index);
  return mention && { mention };
}

function columnOfNoun(mention: Mention, base: Table, kind: 'number' | 'identifier'): Column | undefined {
  const fits = (column: Column | undefined) => column !== undefined && (kind === 'number' || column.isText);
  const table = tableOf(mention);
  const code = table?.columns.find((column) => column.isText && namesAny(column, codeWords));
  if (table) return [kind === 'identifier' ? code : table.key, table.key, code].find(fits);
  const isMarked = ({ column }: { column: Column }) => column.role !== 'date' && (kind === 'identifier' || !isFigure(column) || column.values.length > 0);
  return columnsFor(mention, base)
    .filter(isMarked)
    .find(({ column, strength }) => strength >= 0.5 && fits(column) && Number.isFinite(distance(base, column.table)))?.column;
}

function codeColumn(draft: Draft, base: Table): Column | undefined {
  return nearest(draft, base, (column) => column.isText && column.role !== 'reference' && (column.role === 'key' || namesAny(column, codeWords)));
}

function emailColumn(draft: Draft, base: Table): Column | undefined {
  return nearest(draft, base, (column) => column.isText && /mail/i.test(column.name));
}

function nearest(draft: Draft, base: Table, fits: (column: Column) => boolean): Column | undefined {
  const columns = draft.schema.tables.flatMap((table) => table.columns.filter(fits)).filter((column) => Number.isFinite(distance(base, column.table)));
  return columns.toSorted((a, b) => distance(base, a.table) - distance(base, b.table))[0];
}
