/** "by city", "per month", "for each customer": what a figure is split by. */
import { distance, isAncestor } from '../schema/join-path.ts';
import type { Table } from '../schema/model.ts';
import type { TimeUnit } from '../schema/moment.ts';
import type { Group } from '../question/question.ts';
import { timeUnits } from '../vocabulary.ts';
import { dateColumnFor } from './dates.ts';
import { findPhrases, isUsed, explain, type Draft, type Span } from './draft.ts';
import { isFigure } from './measures.ts';
import { tableOf, type Mention } from './mentions.ts';

/** Where the clause splits: the words, and what they name. */
export interface Split extends Span {
  mention?: Mention;
  unit?: TimeUnit;
}

const splitting = /(?:grouped by|broken down by|split by|by each|for each|for every|in each|in every|of each|by|per|each|every|across)(?: the| a)?/;
const joining = /and(?: by| per)?(?: the)?/;

/** All splits of the clause; "by" before a number column orders, and before a name filters: those are none. */
export function findSplits(draft: Draft): Split[] {
  const splits: Split[] = [];
  for (const phrase of findPhrases(draft, splitting)) {
    if (isUsed(draft, phrase)) continue;
    const split = splitAt(draft, phrase);
    if (!split || splits.some((other) => split.start < other.end)) continue;
    splits.push(split);
    const and = findPhrases(draft, joining).find(({ start }) => start === split.end);
    const second = and && splitAt(draft, and);
    if (second) splits.push(second);
  }
  for (const phrase of findPhrases(draft, /daily|weekly|monthly|quarterly|yearly|annual|annually/)) {
    const unit = timeUnits.get(phrase.match[0]);
    if (unit && splits.length === 0) splits.push({ start: phrase.start, end: phrase.end, unit });
  }
  return splits;
}

function splitAt(draft: Draft, phrase: Span): Split | undefined {
  const next = draft.tokens[phrase.end];
  const unit = timeUnits.get(next?.word ?? '');
  if (next?.kind === 'word' && unit) return { start: phrase.start, end: phrase.end + 1, unit };
  const mention = draft.mentions.find(({ start }) => start === phrase.end);
  if (!mention || isUsed(draft, mention)) return undefined;
  const isDimension = tableOf(mention) !== undefined || mention.columns.some(({ column, strength }) => strength >= 0.5 && !isFigure(column));
  return isDimension ? { start: phrase.start, end: mention.end, mention } : undefined;
}

/** The groups of the splits for this base table; undefined where one of them cannot be reached. Marks their words as explained. */
export function readGroups(draft: Draft, splits: readonly Split[], base: Table): Group[] | undefined {
  const groups: Group[] = [];
  for (const split of splits) {
    const group = split.unit ? timeGroup(draft, split.unit, base) : split.mention && mentionedGroup(split.mention, base);
    if (!group) return undefined;
    explain(draft, split);
    groups.push(group);
  }
  return groups;
}

function timeGroup(draft: Draft, unit: TimeUnit, base: Table): Group | undefined {
  const column = dateColumnFor(draft, { base, more: [] });
  return column && { kind: 'time', column, unit };
}

/** A table splits by its rows; a column by its values, that of the nearest table that the base belongs to. */
function mentionedGroup(mention: Mention, base: Table): Group | undefined {
  const table = tableOf(mention);
  if (table && Number.isFinite(distance(base, table)) && table !== base) return { kind: 'table', table };
  const column = mention.columns
    .filter((one) => !isFigure(one.column) && Number.isFinite(distance(base, one.column.table)))
    .map((one) => ({ ...one, cost: distance(base, one.column.table) + (isAncestor(one.column.table, base) ? 0 : 3) - one.strength * 4 }))
    .sort((a, b) => a.cost - b.cost)[0]?.column;
  if (column?.role === 'reference') {
    const parent = column.table.parents.find((reference) => reference.column === column);
    return parent && { kind: 'table', table: parent.target.table };
  }
  if (column?.role === 'date') return { kind: 'time', column, unit: 'day' };
  return column ? { kind: 'column', column } : table ? { kind: 'table', table } : undefined;
}
