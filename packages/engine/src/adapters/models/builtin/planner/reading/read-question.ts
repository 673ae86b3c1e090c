/**
 * Reads a clause as a question to one database. Every way of reading is tried; the one that explains most of the words wins.
 *
 * 1. A reading must explain every name, date, number and identifier, and every "not": to pass over one would change the answer.
 * 2. Plain words that it cannot explain are kept, and told with the answer.
 */
import { distance, isAncestor, lineage } from '../schema/join-path.ts';
import type { Column, SchemaModel, Table } from '../schema/model.ts';
import { composeSql } from '../question/compose-sql.ts';
import { filterTable, type Filter, type Question } from '../question/question.ts';
import type { Token } from '../tokens.ts';
import { beyond, fillers, negations, pointers, questionWords, singularPointers } from '../vocabulary.ts';
import { personTable, whoSpan, type Candidate } from './candidate.ts';
import { dateFilters } from './dates.ts';
import { branchDraft, findPhrases, freeMentions, startDraft, explain, type Draft } from './draft.ts';
import { figureCandidates } from './figure-candidates.ts';
import { asksMoment, isNegated, flagFilters, keyFilters, valueFilters } from './value-filters.ts';
import { happenedFilters, knownFilters, explainVerbs } from './known-filters.ts';
import { nameFilters } from './name-filters.ts';
import { findNames } from './names.ts';
import { numberFilters } from './number-filters.ts';
import { rowCandidates, wantedColumns } from './row-candidates.ts';
import { findSuperlative } from './superlative.ts';
import { superlativeCandidates } from './superlative-candidates.ts';
import { tableOf } from './mentions.ts';

export interface Reading {
  question: Question;
  /** Indexes of the tokens that it explains. */
  used: ReadonlySet<number>;
  /** Words that it does not explain. */
  loose: string[];
  /** 0 to 1: the share of telling words that it explains. */
  coverage: number;
  score: number;
}

const mostCandidates = 60;

/** The best reading; undefined where none is safe. `previous` is what the clause before asked, for "their" and "it". */
export function readQuestion(tokens: readonly Token[], schema: SchemaModel, previous?: Question): Reading | undefined {
  if (schema.tables.length === 0 || tokens.length === 0) return undefined;
  const draft = startDraft(tokens, schema);
  const isBeyond = tokens.some(
    (token, index) => token.kind === 'word' && beyond.has(token.word) && !draft.mentions.some((mention) => index >= mention.start && index < mention.end),
  );
  if (isBeyond) return undefined;
  const inherits = previous && schema.tables.includes(previous.base) ? inheritedFrom(previous, tokens) : undefined;
  const readings = candidatesOf(draft, inherits?.question.base)
    .slice(0, mostCandidates)
    .flatMap((candidate) => {
      const reading = complete(candidate, inherits);
      return reading ? [reading] : [];
    });
  return readings.reduce<Reading | undefined>((best, one) => (best && best.score >= one.score ? best : one), undefined);
}

/** What "it" and "their" stand for: the conditions of the question before, or the one row that it found. */
interface Inherited {
  question: Question;
  isOne: boolean;
  row: Filter[];
}

function inheritedFrom(question: Question, tokens: readonly Token[]): Inherited | undefined {
  if (!tokens.some((token) => pointers.has(token.word))) return undefined;
  const { goal, base } = question;
  const isOne = goal.kind === 'rows' && goal.limit === 1 && base.key !== undefined && tokens.some((token) => singularPointers.has(token.word));
  return { question, isOne, row: isOne && base.key ? [{ kind: 'row', key: base.key, of: question }] : [] };
}

function candidatesOf(draft: Draft, heir: Table | undefined): Candidate[] {
  const ends = superlativeCandidates(draft, heir);
  const figures = figureCandidates(draft, heir);
  // A figure or an end of an order that is asked for must not be read as a mere list.
  const isPlain =
    ends.length === 0 &&
    figures.length === 0 &&
    findSuperlative(draft) === undefined &&
    findPhrases(draft, /how many|how much|average|total|top|most|fewest/).length === 0;
  return [...ends, ...figures, ...(isPlain ? rowCandidates(draft, heir) : [])];
}

function complete(candidate: Candidate, inherits: Inherited | undefined): Reading | undefined {
  const draft = branchDraft(candidate.draft);
  const { base } = candidate;
  const more = figureTables(candidate);
  const moments = candidate.goal.kind === 'rows' ? momentColumns(draft, base) : [];
  const dates = dateFilters(draft, base, more);
  const numbers = numberFilters(draft, base);
  const values = valueFilters(draft, base);
  const asked = isWhether(draft, candidate) ? values.filter((filter) => filter.kind === 'values' && filter.column.role !== 'key') : [];
  const filters: Filter[] = [
    ...(candidate.filters ?? []),
    ...dates,
    ...numbers,
    ...values.filter((filter) => !asked.includes(filter)),
    ...keyFilters(draft, base),
    ...nameFilters(draft, base),
    ...flagFilters(draft, base),
    ...knownFilters(draft, candidate),
  ];
  filters.push(...existsFilters(draft, candidate, filters), ...inheritedFilters(filters, base, inherits));
  filters.push(...happenedFilters(draft, base, new Set(filters.map(filterTable))));
  // Columns of tables below the base would give a row for each of their rows, whatever the conditions on them.
  const goal =
    candidate.goal.kind === 'rows'
      ? {
          ...candidate.goal,
          wanted: wantedColumns(draft, base, (table) => lineage(base).includes(table)),
          also: [...asked.flatMap((filter) => (filter.kind === 'values' ? [filter.column] : [])), ...moments],
        }
      : candidate.goal;
  explainVerbs(draft, base, filters);
  const question: Question = { base, goal, filters };
  if (!composeSql(question)) return undefined;
  markInvolved(draft, question, more);
  return judge(draft, question, candidate.strength);
}

/** "Is the last order delivered?" asks for the state of one row; it does not look for a delivered one. */
function isWhether(draft: Draft, { goal, base }: Candidate): boolean {
  if (goal.kind !== 'rows' || !/^(?:is|are|was|were|has|have)$/.test(draft.tokens[0]?.word ?? '')) return false;
  const hasKey = draft.tokens.some((token) => token.kind === 'identifier' || token.kind === 'number');
  return (goal.order !== undefined && goal.limit === 1) || (hasKey && base.key !== undefined);
}

/** "When was order 6880 shipped": the date may stand in a table below; of one row it can be shown all the same. */
function momentColumns(draft: Draft, base: Table): Column[] {
  return freeMentions(draft).flatMap((mention) => {
    const column = asksMoment(draft, mention)
      ? mention.columns.find((one) => one.column.role === 'date' && Number.isFinite(distance(base, one.column.table)))?.column
      : undefined;
    if (!column) return [];
    explain(draft, mention);
    const asking = draft.tokens.findIndex(({ word }) => word === 'when');
    draft.used.add(asking);
    return [column];
  });
}

function figureTables({ goal }: Candidate): Table[] {
  if (goal.kind === 'rows') return [];
  const groups = goal.groups.map((group) => (group.kind === 'table' ? group.table : group.column.table));
  return [...groups, ...(goal.figure.kind === 'aggregate' ? goal.figure.measure.columns.map(({ table }) => table) : [])];
}

/** "customers with orders", "members without loans": a table below the base that is mentioned and not otherwise used must have rows. */
function existsFilters(draft: Draft, { base, goal }: Candidate, filters: readonly Filter[]): Filter[] {
  const spoken = new Set(filters.map(filterTable));
  return draft.mentions.flatMap((mention): Filter[] => {
    const table = tableOf(mention);
    if (!table || table === base || lineage(base).includes(table) || !Number.isFinite(distance(base, table)) || draft.used.has(mention.start)) return [];
    if (goal.kind === 'figure' && goal.groups.some((group) => group.kind === 'table' && group.table === table)) return [];
    const isNot = isNegated(draft, mention);
    explain(draft, mention);
    return !isNot && spoken.has(table) ? [] : [{ kind: 'exists', table, isNot }];
  });
}

/** Conditions of the question before still hold for "their" and "it", where they can be reached and are not said anew. */
function inheritedFilters(filters: readonly Filter[], base: Table, inherits: Inherited | undefined): Filter[] {
  if (!inherits) return [];
  if (inherits.isOne) return Number.isFinite(distance(base, inherits.question.base)) ? inherits.row : [];
  return inherits.question.filters.filter((filter) => {
    const table = filterTable(filter);
    if (!table || filter.kind === 'exists' || filter.kind === 'child-count' || !Number.isFinite(distance(base, table))) return false;
    return !filters.some((own) => own.kind === filter.kind && filterTable(own) === table);
  });
}

/** Mentions of tables that the question joins anyway, and words that only lead to them, need no other explanation. */
function markInvolved(draft: Draft, question: Question, more: readonly Table[]): void {
  const involved = new Set([question.base, ...lineage(question.base), ...question.filters.map(filterTable), ...more]);
  for (const mention of draft.mentions) if (mention.tables.some(({ table, strength }) => involved.has(table) && strength >= 0.6)) explain(draft, mention);
  const who = whoSpan(draft);
  const person = who && personTable(draft.schema, question.base);
  if (who && person && involved.has(person)) explain(draft, who);
}

function judge(draft: Draft, question: Question, strength: number): Reading | undefined {
  const names = findNames(draft);
  const isOfName = (index: number) => names.some((name) => index >= name.start && index < name.end);
  let told = 0;
  let explained = 0;
  const loose: string[] = [];
  for (const [index, token] of draft.tokens.entries()) {
    const isUsed = draft.used.has(index);
    const isEntity = (token.kind !== 'word' && token.kind !== 'quote') || (token.isCapital && isOfName(index));
    const isTelling = token.kind !== 'quote' && (isEntity || questionWords.has(token.word) || !fillers.has(token.word));
    if (!isUsed && ((isEntity && token.kind !== 'quote') || isNegation(token))) return undefined;
    if (!isTelling) continue;
    told += 1;
    if (isUsed) explained += 1;
    else loose.push(token.text);
  }
  if (question.goal.kind === 'figure' && isNarrowed(draft)) return undefined;
  if (isUnexplainedDeed(draft)) return undefined;
  const coverage = told === 0 ? 0 : explained / told;
  const apart =
    question.goal.kind === 'figure' && question.goal.figure.kind === 'aggregate'
      ? question.filters.filter((filter) => isApart(filter, question.base)).length
      : 0;
  const isEnd = question.goal.kind === 'rows' ? question.goal.order !== undefined : question.goal.limit !== undefined;
  if (isEnd && strength < 0.7 && loose.some((word) => !questionWords.has(word.toLowerCase()))) return undefined;
  return { question, used: draft.used, loose, coverage, score: coverage + strength * 0.2 - apart * 0.3 };
}

/** "What did Ada buy": the deed is what is asked for; without it any answer would be to another question. */
function isUnexplainedDeed(draft: Draft): boolean {
  const last = draft.tokens.length - 1;
  const token = draft.tokens[last];
  const hasHelper = draft.tokens.slice(0, last).some(({ word }) => /^(?:did|does|do)$/.test(word));
  return hasHelper && token?.kind === 'word' && !token.isCapital && !draft.used.has(last) && !fillers.has(token.word);
}

/** An unexplained word right before a noun, or before a date, narrows it: a figure without that word would be of something else. */
function isNarrowed(draft: Draft): boolean {
  const isUnexplained = (index: number) => {
    const token = draft.tokens[index];
    return token?.kind === 'word' && !draft.used.has(index) && !fillers.has(token.word) && !questionWords.has(token.word);
  };
  const dates = draft.tokens.flatMap((token, index) => (token.kind === 'date' ? [index - 1, index - 2] : []));
  return [...draft.mentions.map(({ start }) => start - 1), ...dates].some(isUnexplained);
}

/** A sum over rows that merely have something below them is seldom what is meant. */
function isApart(filter: Filter, base: Table): boolean {
  const table = filterTable(filter);
  return table !== undefined && table !== base && !isAncestor(table, base);
}

function isNegation(token: Token): boolean {
  return token.kind === 'word' && negations.has(token.word.replace(/n['’]t$/, 'n'));
}
