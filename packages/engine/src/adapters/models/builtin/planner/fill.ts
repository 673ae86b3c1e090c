/** Fills the parameters of an operation from the words of a request: typed by their schemas, chosen by their names. */
import type { Json } from '@switchyard/shared';
import { schemaTypes } from '../../../../schema.ts';
import { isSameWord, wordsOf } from '../text/words.ts';
import type { Parameter } from './layer.ts';
import type { Draft, Span } from './reading/draft.ts';
import { namesAny } from './reading/mentions.ts';
import { findNames, type Name } from './reading/names.ts';
import type { Column } from './schema/model.ts';
import { placeWords } from './vocabulary.ts';

export interface Filled {
  value: Json;
  /** Indexes of the tokens of the clause that it was taken from. */
  used: number[];
}

/** What a parameter may be filled from besides the clause itself. */
export interface Surroundings {
  /** The clause's text. */
  text: string;
  /** Quotations anywhere in the request: messages to work on. */
  quotes: readonly string[];
  /** The clause before, for what "this customer" and "it" stand for. */
  before?: Draft;
  /** Text after a colon, where nothing is quoted. */
  afterColon?: string;
}

const messageNames = new Set([
  'text',
  'message',
  'content',
  'body',
  'comment',
  'review',
  'feedback',
  'note',
  'sentence',
  'passage',
  'letter',
  'mail',
  'input',
  'utterance',
  'document',
  'transcript',
]);
const requestNames = new Set(['request', 'question', 'prompt', 'task', 'instruction', 'query', 'ask', 'goal']);
const topicNames = new Set(['topic', 'subject', 'theme']);
/** Parameters that take what has been found out. */
export const factNames = new Set([
  'facts',
  'fact',
  'context',
  'data',
  'details',
  'notes',
  'findings',
  'information',
  'info',
  'results',
  'summary',
  'background',
  'evidence',
]);
const identifierNames = new Set(['id', 'identifier', 'number', 'no', 'code', 'reference', 'ref', 'sku', 'isbn', 'key', 'serial', 'plate', 'tracking']);
const nameNames = new Set([
  'name',
  'customer',
  'client',
  'person',
  'user',
  'patient',
  'member',
  'employee',
  'author',
  'title',
  'who',
  'recipient',
  'doctor',
  'company',
  'product',
  'book',
  'owner',
  'team',
  'brand',
  'account',
]);

/** A value for the parameter; undefined where the request holds none that fits. */
export function fillParameter(parameter: Parameter, draft: Draft, around: Surroundings): Filled | undefined {
  const { schema } = parameter;
  if (Array.isArray(schema.enum)) return fromEnum(schema.enum, draft);
  if ('const' in schema) return { value: schema.const as Json, used: [] };
  const types = schemaTypes(schema) ?? ['string'];
  const own = typed(parameter, types, draft, around);
  if (own) return own;
  const pointed = around.before && !isMessage(parameter) ? typed(parameter, types, around.before, { ...around, text: '' }) : undefined;
  if (pointed) return { value: pointed.value, used: [] };
  return schema.default === undefined ? undefined : { value: schema.default, used: [] };
}

function typed(parameter: Parameter, types: readonly string[], draft: Draft, around: Surroundings): Filled | undefined {
  if (types.includes('integer') || types.includes('number')) return numberFor(parameter, types, draft);
  if (types.includes('boolean')) return undefined;
  return types.includes('string') ? textFor(parameter, draft, around) : undefined;
}

function fromEnum(values: readonly Json[], draft: Draft): Filled | undefined {
  for (const value of values) {
    const words = wordsOf(String(value));
    for (let start = 0; words.length > 0 && start + words.length <= draft.tokens.length; start += 1) {
      if (words.every((word, index) => draft.tokens[start + index]?.word === word)) return { value, used: words.map((_, index) => start + index) };
    }
  }
  return undefined;
}

/** The number beside the parameter's own word, else the only number there is. */
function numberFor(parameter: Parameter, types: readonly string[], draft: Draft): Filled | undefined {
  const isYear = parameter.stems.includes('year');
  const found = draft.tokens.flatMap((token, index) => {
    const value = token.kind === 'number' ? token.value : isYear && token.date && /^\d{4}$/.test(token.text) ? Number(token.text) : undefined;
    return value === undefined || (types[0] === 'integer' && !Number.isInteger(value)) ? [] : [{ value, index }];
  });
  const beside = found.find(({ index }) => [1, 2, 3].some((back) => says(parameter, draft, index - back)) || says(parameter, draft, index + 1));
  const only = beside ?? (found.length === 1 ? found[0] : undefined);
  return only && { value: only.value, used: withNoun(parameter, draft, { start: only.index, end: only.index + 1 }) };
}

function textFor(parameter: Parameter, draft: Draft, around: Surroundings): Filled | undefined {
  const words = wordsOf(parameter.name);
  const has = (set: ReadonlySet<string>) => words.some((word) => set.has(word));
  if (parameter.schema.format === 'date' || words.some((word) => ['date', 'day', 'since', 'until', 'from', 'to'].includes(word))) {
    const dated = dateFor(parameter, draft, words);
    if (dated || parameter.schema.format === 'date') return dated;
  }
  if (parameter.schema.format === 'email' || words.includes('email')) return ofKind(draft, 'email');
  if (typeof parameter.schema.pattern === 'string') return matching(parameter.schema.pattern, draft);
  if (isMessage(parameter)) return messageFor(draft, around);
  if (has(requestNames)) return { value: around.text, used: [...draft.tokens.keys()] };
  if (has(topicNames)) return topicFor(draft);
  if (has(factNames)) return undefined;
  const noun = afterNoun(parameter, draft);
  if (noun) return noun;
  if (has(identifierNames)) return ofKind(draft, 'identifier');
  return nameFor(parameter, draft) ?? (has(nameNames) || has(placeWords) ? undefined : ofKind(draft, 'identifier'));
}

/** What stands after "about". */
function topicFor(draft: Draft): Filled | undefined {
  const about = draft.tokens.findIndex(({ word }) => /^(?:about|regarding|concerning|on)$/.test(word));
  const rest = about < 0 ? [] : draft.tokens.slice(about + 1);
  const value = rest
    .map(({ text }) => text)
    .join(' ')
    .replace(/\b(?:and|then)$/, '')
    .trim();
  return value === '' ? undefined : { value, used: rest.map((_, index) => about + 1 + index) };
}

/** Does the parameter take a text to work on? */
export function isMessage(parameter: Parameter): boolean {
  return wordsOf(parameter.name).some((word) => messageNames.has(word));
}

function messageFor(draft: Draft, around: Surroundings): Filled | undefined {
  const own = draft.tokens.findIndex(({ kind }) => kind === 'quote');
  const value = draft.tokens[own]?.text ?? around.quotes[0] ?? around.afterColon;
  return value === undefined ? undefined : { value, used: own < 0 ? [] : [own] };
}

/** "parcel P-20481", "order 6880": what stands after the parameter's own word and looks like an identifier, a number or a name. */
function afterNoun(parameter: Parameter, draft: Draft): Filled | undefined {
  for (const [index, token] of draft.tokens.entries()) {
    if (token.kind !== 'identifier' && token.kind !== 'number') continue;
    if (![1, 2].some((back) => says(parameter, draft, index - back))) continue;
    return { value: token.text, used: withNoun(parameter, draft, { start: index, end: index + 1 }) };
  }
  return undefined;
}

/** A proper name; for a place the one after "in", "at" or "from". A quotation is a name only if it is short. */
function nameFor(parameter: Parameter, draft: Draft): Filled | undefined {
  const names = findNames(draft).filter((name) => draft.tokens[name.start]?.kind !== 'quote' || name.text.length <= 60);
  const words = wordsOf(parameter.name);
  const isPlace = words.some((word) => placeWords.has(word));
  const described = typeof parameter.schema.description === 'string' ? wordsOf(parameter.schema.description) : [];
  const isName = words.some((word) => nameNames.has(word)) || described.includes('name');
  const beside = names.find((name) => says(parameter, draft, name.start - 1));
  const placed = names.filter((name) => ['in', 'at', 'from', 'near', 'to', 'for'].includes(name.before));
  const chosen =
    beside ?? (isPlace ? (placed[0] ?? names[0]) : isName ? (names.find((name) => !['in', 'at', 'near'].includes(name.before)) ?? names[0]) : undefined);
  const known = isPlace || isName ? knownValue(parameter, draft, isPlace) : undefined;
  if (!chosen) return known;
  return { value: textOf(chosen), used: withNoun(parameter, draft, { start: chosen.start, end: chosen.longerEnd }) };
}

/** A value that a catalogue knows, such as a city. */
function knownValue(parameter: Parameter, draft: Draft, isPlace: boolean): Filled | undefined {
  const fits = (column: Column) =>
    (isPlace && namesAny(column, placeWords)) || column.stems.some((stem) => parameter.stems.some((own) => isSameWord(own, stem)));
  const mention = draft.mentions.find((one) => one.values.some(({ column }) => fits(column)));
  const value = mention?.values.find(({ column }) => fits(column))?.value;
  return mention && value !== undefined ? { value, used: indexes(mention) } : undefined;
}

function textOf(name: Name): string {
  return name.longer ?? name.text;
}

function dateFor(parameter: Parameter, draft: Draft, words: readonly string[]): Filled | undefined {
  const dates = draft.tokens.flatMap((token, index) => (token.date ? [{ date: token.date, index }] : []));
  const isEnd = words.some((word) => ['to', 'until', 'end', 'before'].includes(word));
  const beside = dates.find(({ index }) => says(parameter, draft, index - 1));
  const chosen = beside ?? (isEnd ? dates.at(-1) : dates[0]);
  return chosen && { value: chosen.date.from, used: [chosen.index] };
}

function ofKind(draft: Draft, kind: 'email' | 'identifier'): Filled | undefined {
  const index = draft.tokens.findIndex((token) => token.kind === kind);
  return index < 0 ? undefined : { value: draft.tokens[index]?.text ?? '', used: [index] };
}

/** Only whole short tokens are tried, so that no pattern can run for long. */
function matching(pattern: string, draft: Draft): Filled | undefined {
  let expression: RegExp;
  try {
    expression = new RegExp(pattern, 'u');
  } catch {
    return undefined;
  }
  const index = draft.tokens.findIndex((token) => token.text.length <= 40 && expression.test(token.text));
  return index < 0 ? undefined : { value: draft.tokens[index]?.text ?? '', used: [index] };
}

function says(parameter: Parameter, draft: Draft, index: number): boolean {
  const token = draft.tokens[index];
  return token?.kind === 'word' && parameter.stems.some((stem) => isSameWord(stem, token.stem));
}

function withNoun(parameter: Parameter, draft: Draft, span: Span): number[] {
  const before = [span.start - 2, span.start - 1].filter((index) => says(parameter, draft, index));
  return [...before, ...indexes(span)];
}

function indexes(span: Span): number[] {
  return Array.from({ length: span.end - span.start }, (_, offset) => span.start + offset);
}
