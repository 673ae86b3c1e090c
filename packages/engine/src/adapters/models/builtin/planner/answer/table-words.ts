/** The result of a composed query in sentences: its question says how its columns are to be read. */
import type { Json, JsonObject } from '@switchyard/shared';
import { rowNoun } from '../../text/words.ts';
import type { Outcome } from '../outcome.ts';
import type { Composed, ResultColumn } from '../question/compose-sql.ts';
import type { Question } from '../question/question.ts';
import { questionWords } from './question-words.ts';
import { capitalised, fieldName, figureText, valueText } from './values.ts';

const mostRows = 12;

/** One sentence, or one line for each row. */
export function tableSentence(query: { question: Question; composed: Composed }, { rows, isCut }: Extract<Outcome, { kind: 'table' }>): string {
  const { question, composed } = query;
  const what = capitalised(questionWords(rows.length === 1 ? ofOne(question) : question));
  const [first] = rows;
  if (!first) return `${what}: nothing was found.`;
  const line = (row: JsonObject) => rowWords(row, composed.columns, question);
  const isOne = question.goal.kind === 'figure' ? question.goal.groups.length === 0 || question.goal.limit === 1 : rows.length === 1;
  if (isOne) return `${what}: ${line(first) || 'it is there'}.`;
  const shown = rows.slice(0, mostRows).map((row, index) => `${index + 1}. ${line(row)}`);
  const rest = rows.length - shown.length;
  const isFull = question.goal.kind === 'rows' ? rows.length >= question.goal.limit && question.goal.order === undefined : rows.length >= 50;
  const number = question.goal.limit === rows.length && !isFull ? '' : ` (${isFull || isCut ? `the first ${rows.length}` : rows.length})`;
  return `${what}${number}:\n${shown.join('\n')}${rest > 0 ? `\n… and ${rest} more` : ''}`;
}

/** The question in the singular, for the one row that was found. */
function ofOne(question: Question): Question {
  return question.goal.kind === 'rows' ? { ...question, goal: { ...question.goal, limit: 1 } } : question;
}

function rowWords(row: JsonObject, columns: readonly ResultColumn[], question: Question): string {
  if (question.goal.kind === 'figure') return figureRow(row, columns);
  const [identity, ...rest] = identityOf(row, columns, question);
  const fields = columns
    .filter(({ alias }) => !rest.includes(alias))
    .map(({ alias }) => ({ alias, value: row[alias] }))
    .filter(({ value }) => value !== null && value !== undefined && value !== '');
  const told = fields
    .map(
      ({ alias, value }) =>
        `${fieldName(alias)} ${fieldText(
          value,
          columns.find((column) => column.alias === alias),
        )}`,
    )
    .join(', ');
  return identity === undefined || identity === '' ? told : told === '' ? identity : `${identity}: ${told}`;
}

function figureRow(row: JsonObject, columns: readonly ResultColumn[]): string {
  const groups = columns.filter(({ role }) => role === 'group').map(({ alias }) => valueText(row[alias]));
  const figure = columns
    .filter(({ role }) => role === 'figure')
    .map((column) => numberWords(row, column))
    .join(', ');
  return groups.length > 0 ? `${groups.join(', ')}: ${figure}` : figure;
}

function numberWords(row: JsonObject, { alias, column }: ResultColumn): string {
  const value = row[alias] ?? null;
  return value === null ? 'no value (nothing matches)' : figureText(value, column?.role === 'number' && !column.isWhole);
}

/** A yes-or-no column may be stored as 0 and 1, a moment as seconds or milliseconds; neither is told so. */
function fieldText(value: Json | undefined, found: ResultColumn | undefined): string {
  const column = found?.column;
  if (column?.role === 'flag' && (value === 0 || value === 1)) return valueText(value === 1);
  if (column?.isEpoch && typeof value === 'number') return momentText(value);
  return valueText(value, column?.role === 'number' && column.isWhole ? '' : found?.alias);
}

function momentText(value: number): string {
  const time = new Date(Math.abs(value) > 100_000_000_000 ? value : value * 1_000);
  return Number.isNaN(time.getTime()) ? String(value) : valueText(time.toISOString());
}

/** What a row is called, and the columns that this has told already. */
function identityOf(row: JsonObject, columns: readonly ResultColumn[], question: Question): [string | undefined, ...string[]] {
  const { base } = question;
  const key = columns.find(({ column }) => column !== undefined && column === base.key);
  const label = columns.find(({ role, column }) => role === 'label' && (column?.table === base || (column === undefined && base.label.length > 1)));
  const noun = rowNoun(base.name);
  const keyWords = key && `${/^id$/i.test(key.column?.name ?? '') ? noun : fieldName(key.alias)} ${valueText(row[key.alias])}`;
  // What the question names already need not be said again.
  const isAsked = key && question.filters.some((filter) => filter.kind === 'values' && filter.column === base.key && filter.values.length === 1);
  if (isAsked) return label ? [valueText(row[label.alias]), label.alias, key.alias] : ['', key.alias];
  if (label && keyWords) return [`${valueText(row[label.alias])} (${keyWords})`, label.alias, key.alias];
  if (label) return [valueText(row[label.alias]), label.alias];
  return keyWords ? [keyWords, key.alias] : [undefined];
}
