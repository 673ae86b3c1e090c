/** The ways to deal with one clause, and how well each explains its words: a composed query, an operation, or one that feeds another. */
import { isSameWord, isSynonym, stem, wordsOf } from '../text/words.ts';
import { factNames, fillParameter, isMessage, type Surroundings } from './fill.ts';
import type { Database, Operation, Parameter } from './layer.ts';
import { widened } from './reading/name-filters.ts';
import { findNames } from './reading/names.ts';
import type { Draft } from './reading/draft.ts';
import { composeSql } from './question/compose-sql.ts';
import type { Question } from './question/question.ts';
import type { Column } from './schema/model.ts';
import type { Attempt, Binding, Step } from './step.ts';
import { fillers, negations, questionWords } from './vocabulary.ts';

export interface Option {
  /** In the order in which they are called. */
  steps: Step[];
  explained: ReadonlySet<number>;
  /** 0 to about 1: the share of the clause's telling words that it explains, less a little for each step. */
  score: number;
}

export interface Filling {
  operation: Operation;
  bindings: Map<string, Binding>;
  missing: Parameter[];
  /** Takes what has been found out. */
  usesAll: boolean;
  explained: Set<number>;
  /** A word of the clause is one of the operation's names, or a synonym. */
  isNamed: boolean;
}

/** Operations that look for what free text says. */
const seeking = new Set(['search', 'seek', 'retrieve']);
const synonymShare = 0.8;
const least = 0.6;
const perStep = 0.03;

/** Indexes of the tokens that a good option explains. */
function tellingTokens(draft: Draft): number[] {
  const names = findNames(draft);
  return draft.tokens.flatMap((token, index) => {
    if (token.kind === 'quote') return [];
    const isAsked = /^(?:many|much|often)$/.test(token.word) && draft.tokens[index - 1]?.word === 'how';
    const isName = names.some((name) => index >= name.start && index < name.end);
    return token.kind !== 'word' || isAsked || isName || questionWords.has(token.word) || !fillers.has(token.word) ? [index] : [];
  });
}

/** Names, dates, numbers, identifiers and negations: what must not be passed over. */
function boundTokens(draft: Draft): number[] {
  const names = findNames(draft).filter((name) => draft.tokens[name.start]?.kind !== 'quote');
  const named = names.flatMap((name) => Array.from({ length: name.end - name.start }, (_, offset) => name.start + offset));
  const others = [...draft.tokens.entries()].filter(
    ([, token]) => (token.kind !== 'word' && token.kind !== 'quote') || (token.kind === 'word' && negations.has(token.word)),
  );
  const values = draft.mentions.filter((mention) => mention.values.length > 0 && draft.tokens[mention.start]?.isCapital).map(({ start }) => start);
  return [...new Set([...named, ...others.map(([index]) => index), ...values])];
}

/** The operation with as many parameters filled as the request can fill, and the words that speak for it. */
export function fillOperation(operation: Operation, draft: Draft, around: Surroundings): Filling {
  const bindings = new Map<string, Binding>();
  const explained = new Set<number>();
  const missing: Parameter[] = [];
  let usesAll = false;
  let hasMessage = false;
  for (const parameter of operation.parameters) {
    const filled = fillParameter(parameter, draft, around);
    if (filled) {
      bindings.set(parameter.name, { kind: 'value', value: filled.value });
      if (isMessage(parameter)) hasMessage = true;
      if (filled.used.length < draft.tokens.length) for (const index of filled.used) explained.add(index);
    } else if (isFact(parameter)) {
      bindings.set(parameter.name, { kind: 'all' });
      usesAll = true;
    } else if (parameter.isRequired) missing.push(parameter);
  }
  const named = isNamed(operation, draft);
  const isSearch = named && missing.length === 0 && wordsOf(operation.name).some((word) => seeking.has(word));
  // A search takes the clause as it stands, so that it passes over none of its words.
  for (const index of tellingTokens(draft)) if (isSearch || wordShare(operation, draft, index) >= least) explained.add(index);
  return { operation, bindings, missing, usesAll, explained, isNamed: named || hasMessage };
}

/** Names of the operation and its node; a description alone may share words with anything. */
function isNamed({ name, title, node }: Operation, draft: Draft): boolean {
  const names = wordsOf(`${name} ${title} ${node}`).map(stem);
  return draft.tokens.some((token) => token.kind === 'word' && (names.some((one) => isSameWord(one, token.stem)) || draft.text.includes(`${node}_${name}`)));
}

function isFact(parameter: Parameter): boolean {
  return (
    parameter.isRequired &&
    (isMessage(parameter)
      ? false
      : parameter.name
          .toLowerCase()
          .split('_')
          .some((word) => factNames.has(word)))
  );
}

/** How strongly a word of the clause belongs to the operation. */
function wordShare(operation: Operation, draft: Draft, index: number): number {
  const token = draft.tokens[index];
  if (token?.kind !== 'word') return 0;
  if (token.word === operation.tool.toLowerCase() || token.text === operation.tool) return 1;
  let best = operation.words.get(token.stem) ?? 0;
  for (const [stem, weight] of operation.words) if (isSynonym(stem, token.stem)) best = Math.max(best, weight * synonymShare);
  return best;
}

/** How many words of the clause the operation's own words explain. */
export function ownWords(filling: Filling, draft: Draft): number {
  return tellingTokens(draft).filter((index) => wordShare(filling.operation, draft, index) >= least).length;
}

/** An option of these steps; undefined where it would pass over a name, a date, a number or a "not". */
export function optionOf(steps: Step[], explained: ReadonlySet<number>, draft: Draft): Option | undefined {
  if (boundTokens(draft).some((index) => !explained.has(index))) return undefined;
  const telling = tellingTokens(draft);
  const share = telling.length === 0 ? 0 : telling.filter((index) => explained.has(index)).length / telling.length;
  return { steps, explained, score: share - perStep * (steps.length - 1) };
}

/** A step that asks the database what the reading says; a second attempt looks for names more widely. */
export function queryStep(database: Database, question: Question, needs: readonly Column[]): Step | undefined {
  const attempts = [question, widenedQuestion(question)].flatMap((one): Attempt[] => {
    const composed = one && composeSql(one, needs);
    return composed
      ? [{ operation: database.operation, bindings: new Map([['sql', { kind: 'value', value: composed.sql }]]), query: { question: one, composed } }]
      : [];
  });
  return attempts.length > 0 ? { attempts, needs: [], loose: [] } : undefined;
}

function widenedQuestion(question: Question): Question | undefined {
  if (!question.filters.some((filter) => filter.kind === 'text')) return undefined;
  return { ...question, filters: question.filters.map((filter) => widened(filter, question.base)) };
}

/** The column that holds what a parameter takes: of its very name, of its table's key, or by which a row is called. */
export function columnFor(parameter: Parameter, database: Database): Column | undefined {
  const plain = parameter.stems.filter((stem) => !['id', 'number', 'numb', 'no', 'cod', 'code', 'nam', 'key'].includes(stem));
  const same = (stems: readonly string[], words: readonly string[]) =>
    stems.length === words.length && words.length > 0 && stems.every((stem, index) => isSameWord(stem, words[index] ?? ''));
  const { tables } = database.schema;
  const columns = tables.flatMap((table) => table.columns).filter((column) => column.role !== 'reference');
  const exact = columns.find(
    (column) =>
      same(column.stems, parameter.stems) ||
      (plain.length > 0 && plain.length < parameter.stems.length && column.role !== 'date' && column.stems.join(' ') === plain.join(' ')),
  );
  if (exact) return exact;
  const table = tables.find((one) => one.stems.join(' ') === plain.join(' '));
  if (!table) return columns.find((column) => same([...column.table.stems, ...column.stems], parameter.stems));
  return parameter.stems.includes('nam') ? table.label[0] : (table.key ?? table.label[0]);
}
