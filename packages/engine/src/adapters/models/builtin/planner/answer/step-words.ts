/** What each step of a plan found, in sentences, and what it is called in the plan and among the sources. */
import { isJsonObject, type Json, type JsonObject } from '@switchyard/shared';
import { wordsOf } from '../../text/words.ts';
import type { Operation } from '../layer.ts';
import { isEmpty, type Outcome } from '../outcome.ts';
import type { MadeCall, StepState } from '../progress.ts';
import type { Attempt, Step } from '../step.ts';
import { planWords } from './question-words.ts';
import { tableSentence } from './table-words.ts';
import { capitalised, clip, fieldName, fieldsText, valueText } from './values.ts';

const longestQuote = 120;
const asking = new Set(['ask', 'run', 'call', 'get', 'fetch', 'read']);

/** "Shop orders (query)"; a node with one thing to ask is its title alone. */
export function sourceName({ title, name }: Operation): string {
  return asking.has(name) ? title : `${title} (${fieldName(name)})`;
}

/** One line of the plan. */
export function planLine(step: Step, all: readonly Step[]): string {
  const [attempt] = step.attempts;
  if (!attempt) return '';
  const { operation, query } = attempt;
  if (query) return `${planWords(query.question)} [${sourceName(operation)}]`;
  const what = firstSentence(operation.description) || capitalised(fieldName(operation.name));
  return `${capitalised(what)} [${sourceName(operation)}${bindingsText(attempt, all)}]`;
}

function bindingsText(attempt: Attempt, all: readonly Step[]): string {
  const parts = [...attempt.bindings].map(([name, binding]) => {
    if (binding.kind === 'value') return `${fieldName(name)}: ${clip(valueText(binding.value), longestQuote)}`;
    return binding.kind === 'all' ? `${fieldName(name)}: what was found` : `${fieldName(name)}: from step ${all.indexOf(binding.step) + 1}`;
  });
  return parts.length > 0 ? `; ${parts.join(', ')}` : '';
}

function firstSentence(text: string): string {
  return clip((/^[^\n]*?(?=[.:](?:\s|$)|\n|$)/.exec(text.trim())?.[0] ?? '').trim(), 100);
}

/** What a step that is done or cannot go on has to say; empty for one that is not there yet. */
export function stepSentences(state: StepState | undefined): string[] {
  if (!state) return [];
  if (state.kind === 'blocked') return [`${sourceName(state.attempt.operation)} was not asked: ${state.why}.`];
  return state.kind === 'done' ? state.calls.map((call) => callSentence(state.attempt, call)) : [];
}

function callSentence(attempt: Attempt, { args, outcome }: MadeCall): string {
  const { operation, query } = attempt;
  if (outcome.kind === 'failure') return `${sourceName(operation)} failed${argumentsText(attempt, args)}: ${endStopped(clip(outcome.message))}`;
  if (query && outcome.kind === 'table') return tableSentence(query, outcome);
  const subject = subjectOf(operation, args);
  if (isEmpty(outcome)) return `${subject}: nothing was found.`;
  return outcome.kind === 'table' ? rowsSentence(subject, outcome, args) : valueSentence(subject, outcome.value, { operation, args });
}

function argumentsText({ query }: Attempt, args: JsonObject): string {
  const text = fieldsText(args);
  return query || text === '' ? '' : ` for ${clip(text, longestQuote)}`;
}

/** "Last order, customer Ada Smith"; an operation that is only a verb is named by what it is asked for: "Parcel P-20481". */
function subjectOf(operation: Operation, args: JsonObject): string {
  const values = Object.entries(args).filter(([, value]) => typeof value !== 'object');
  const [only] = values.length === 1 ? values : [];
  if (only && typeof only[1] === 'string' && (only[1].length > 40 || asking.has(operation.name)))
    return `${operation.title} of '${clip(only[1], longestQuote)}'`;
  const isVerb = wordsOf(operation.name).length === 1;
  const told = clip(values.map(([name, value]) => `${fieldName(name)} ${valueText(value)}`).join(', '), longestQuote);
  if (only && isVerb) return capitalised(told);
  return capitalised(fieldName(isVerb ? operation.title : operation.name)) + (told === '' ? '' : ` (${told})`);
}

function rowsSentence(subject: string, { rows, isCut }: Extract<Outcome, { kind: 'table' }>, args: JsonObject): string {
  const known = Object.keys(args);
  const [first] = rows;
  if (rows.length === 1 && first) return `${subject}: ${fieldsText(first, known)}.`;
  const shown = rows.slice(0, 10).map((row, index) => `${index + 1}. ${fieldsText(row, known)}`);
  const more = rows.length > shown.length || isCut ? `\n… and ${isCut ? 'more' : `${rows.length - shown.length} more`}` : '';
  return `${subject}:\n${shown.join('\n')}${more}`;
}

function valueSentence(subject: string, value: Json, { operation, args }: { operation: Operation; args: JsonObject }): string {
  if (typeof value === 'string') return value.includes('\n') ? `${operation.title}:\n\n${value}\n` : `${subject}: ${endStopped(clip(value, 2_000))}`;
  if (!isJsonObject(value)) return `${subject}: ${endStopped(valueText(value))}`;
  const label = labelled(value);
  return `${subject}: ${label ?? fieldsText(value, Object.keys(args))}.`;
}

/** A judgement, such as { mood: "upset", confidence: 0.9 }. */
function labelled(value: JsonObject): string | undefined {
  const entries = Object.entries(value);
  const sureness = entries.find(([key, inner]) => typeof inner === 'number' && /confidence|score|probability|certainty/i.test(key));
  const [judged, ...others] = entries.filter((entry) => entry !== sureness);
  if (!judged || others.length > 0 || typeof judged[1] === 'object') return undefined;
  return sureness ? `${valueText(judged[1])} (${fieldName(sureness[0])} ${valueText(sureness[1])})` : valueText(judged[1]);
}

function endStopped(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
