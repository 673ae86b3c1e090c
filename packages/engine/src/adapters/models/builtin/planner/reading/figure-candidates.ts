/** Ways to read a clause that asks for a figure: how many, the total, the average, the least, the most. */
import { isAncestor } from '../schema/join-path.ts';
import type { AggregateFunction, Figure } from '../question/question.ts';
import type { Table } from '../schema/model.ts';
import { columnsFor, nextMention, nextTable, type Candidate } from './candidate.ts';
import { branchDraft, findPhrases, isUsed, explain, type Draft, type Phrase } from './draft.ts';
import { findSplits, readGroups, type Split } from './groups.ts';
import { impliedMeasures, isAdditive, isFigure, namedMeasures } from './measures.ts';
import { tableOf, type Mention } from './mentions.ts';

const counting = /how many|(?:the )?(?:total )?(?:number|count) of|count(?: of)?(?: the)?|how often/;
const distinctness = /distinct|different|unique/;
const aggregates: readonly { pattern: RegExp; name: AggregateFunction }[] = [
  { pattern: /(?:on )?(?:the )?(?:average|mean|avg)(?: of)?/, name: 'AVG' },
  { pattern: /(?:maximum|max)(?: of)?/, name: 'MAX' },
  { pattern: /(?:minimum|min)(?: of)?/, name: 'MIN' },
  { pattern: /(?:total|sum|combined|overall|altogether)(?: of)?|how much/, name: 'SUM' },
];

/** All readings as one figure, or as figures by group. */
export function figureCandidates(draft: Draft, heir: Table | undefined): Candidate[] {
  const counts = countCandidates(draft, heir);
  if (counts.length > 0) return counts;
  const aggregated = aggregates.map(({ pattern, name }) => ({ phrase: findPhrases(draft, pattern)[0], name })).find(({ phrase }) => phrase !== undefined);
  if (aggregated?.phrase) return aggregateCandidates(draft, aggregated.phrase, aggregated.name);
  return splitCandidates(draft);
}

function countCandidates(draft: Draft, heir: Table | undefined): Candidate[] {
  const phrase = findPhrases(draft, counting)[0];
  if (!phrase) return [];
  // "The average number of orders per customer" is a figure of figures.
  if (findPhrases(draft, /average|mean|avg|maximum|minimum/).length > 0) return [];
  const head = nextMention(draft, phrase.end);
  const fresh = branchDraft(draft);
  explain(fresh, phrase);
  for (const different of findPhrases(fresh, distinctness)) explain(fresh, different);
  const isDistinct = findPhrases(fresh, distinctness).length > 0;
  const direct = head ? countOf(fresh, head, isDistinct) : [];
  if (direct.length > 0) return direct;
  const base = heir ?? valueTable(draft);
  return base ? counted(branchDraft(fresh), base, { kind: 'count' }, 0.6) : [];
}

function countOf(draft: Draft, head: Mention, isDistinct: boolean): Candidate[] {
  const table = tableOf(head);
  if (table && !isDistinct) return counted(withHead(draft, head), table, { kind: 'count' }, head.tables[0]?.strength ?? 1);
  if (table && isDistinct && table.key) {
    // "different products in orders": counted where they occur, if another table speaks of them.
    return counted(withHead(draft, head), table, { kind: 'count' }, 0.9);
  }
  return columnsFor(head, undefined)
    .slice(0, 4)
    .flatMap(({ column, strength }): Candidate[] => {
      const branch = withHead(draft, head);
      if (column === column.table.key) return counted(branch, column.table, { kind: 'count' }, strength);
      if (!isFigure(column)) return counted(branch, column.table, { kind: 'distinct', column }, strength);
      return counted(branch, column.table, { kind: 'aggregate', name: 'SUM', measure: { columns: [column], strength } }, strength);
    });
}

function withHead(draft: Draft, head: Mention): Draft {
  const branch = branchDraft(draft);
  explain(branch, head);
  return branch;
}

function counted(draft: Draft, base: Table, figure: Figure, strength: number): Candidate[] {
  return withGroups(draft, base, figure, strength);
}

/** "How many are delivered": the table whose column knows the value. */
function valueTable(draft: Draft): Table | undefined {
  return draft.mentions.find((mention) => mention.values.length > 0)?.values[0]?.column.table;
}

function aggregateCandidates(draft: Draft, phrase: Phrase, name: AggregateFunction): Candidate[] {
  const isHowMuch = phrase.match[0] === 'how much';
  const fresh = branchDraft(draft);
  explain(fresh, phrase);
  // "The average number of pages" is that of a column; of orders per customer it would be a figure of figures.
  for (const number of findPhrases(fresh, /number of/)) {
    if (!fresh.mentions.some((mention) => mention.start === number.end && tableOf(mention) === undefined)) return [];
    explain(fresh, number);
  }
  const measures = namedMeasures(fresh).filter(({ measure }) => name !== 'SUM' || !isHowMuch || isAdditive(measure));
  const named = measures.flatMap(({ measure, span }) => {
    const branch = branchDraft(fresh);
    if (span) explain(branch, span);
    const base = measure.columns[0]?.table;
    return base ? withGroups(branch, base, { kind: 'aggregate', name, measure }, measure.strength) : [];
  });
  if (named.length > 0 || isHowMuch) return named;
  return impliedCandidates(fresh, phrase, name);
}

/** "Total orders" counts; "the average order" averages what an order is measured by; "total in 2025" adds up the column of that name. */
function impliedCandidates(fresh: Draft, phrase: Phrase, name: AggregateFunction): Candidate[] {
  const head = nextTable(fresh, phrase.end) ?? nextTable(fresh, 0);
  const own =
    fresh.mentions.find((mention) => mention.start >= phrase.start && mention.end <= phrase.end)?.columns.filter(({ column }) => isFigure(column)) ?? [];
  const byName = own.flatMap(({ column, strength }) =>
    withGroups(branchDraft(fresh), column.table, { kind: 'aggregate', name, measure: { columns: [column], strength } }, strength),
  );
  if (!head) return byName;
  const branch = withHead(fresh, head.mention);
  if (name === 'SUM' && head.mention.start === phrase.end) return [...withGroups(branch, head.table, { kind: 'count' }, 0.9), ...byName];
  const implied = impliedMeasures(head.table, fresh.schema.tables).flatMap((measure) =>
    withGroups(branchDraft(branch), measure.columns[0]?.table ?? head.table, { kind: 'aggregate', name, measure }, measure.strength),
  );
  return [...byName, ...implied];
}

/** "Orders per month", "revenue by country": a split without a word for the figure. */
function splitCandidates(draft: Draft): Candidate[] {
  const splits = findSplits(draft).filter((split) => !isConditioned(draft, split));
  const measures = namedMeasures(draft).filter(({ span }) => span && !splits.some((split) => span.start < split.end && span.end > split.start));
  const isSpending = measures.some(({ measure }) => measure.columns.length > 0 && isAdditive(measure));
  const isAsked = splits.length > 0 || findPhrases(draft, /revenue|sales|turnover|income|earnings|takings|spend|spent|earn|earned/).length > 0;
  if (!isAsked) return [];
  if (isSpending) {
    return measures
      .filter(({ measure }) => isAdditive(measure))
      .flatMap(({ measure, span }) => {
        const branch = branchDraft(draft);
        if (span) explain(branch, span);
        return withGroups(branch, measure.columns[0]?.table as Table, { kind: 'aggregate', name: 'SUM', measure }, measure.strength);
      });
  }
  const head = draft.mentions.find((mention) => tableOf(mention) && !splits.some((split) => mention.start < split.end && mention.end > split.start));
  const table = tableOf(head);
  return head && table && splits.length > 0 ? withGroups(withHead(draft, head), table, { kind: 'count' }, 0.9) : [];
}

/** "Books by authors from England": what stands after "by" has a condition of its own, so that nothing is split by it. */
function isConditioned(draft: Draft, split: Split): boolean {
  return (
    split.mention !== undefined &&
    draft.tokens[split.start]?.word === 'by' &&
    /^(?:from|of|named|called|who|whose|with|born)$/.test(draft.tokens[split.end]?.word ?? '')
  );
}

/** The figure with the clause's splits as groups; where a group cannot be reached, no reading at all. */
function withGroups(draft: Draft, base: Table, figure: Figure, strength: number): Candidate[] {
  const splits = findSplits(draft).filter((split) => !isUsed(draft, split) && !isConditioned(draft, split));
  const groups = readGroups(draft, splits, base);
  if (!groups) return [];
  const isFanned = groups.some((group) => !isAncestor(group.kind === 'table' ? group.table : group.column.table, base));
  if (isFanned && figure.kind === 'aggregate') return [];
  return [{ draft, base, strength, goal: { kind: 'figure', figure, groups } }];
}
