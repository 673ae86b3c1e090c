/** Reads one property of an output schema out of a text by its form: numbers, dates, e-mail addresses, identifiers. */
import { isJsonObject, type Json, type Schema } from '@switchyard/shared';
import { schemaTypes } from '../../../../schema.ts';
import { findDates, type DateMention } from '../text/dates.ts';
import { findEmails, findIdentifiers, findNumbers } from '../text/patterns.ts';
import { isSameWord, stem, wordsOf } from '../text/words.ts';

/** What the classifier can read out of a text, for its refusals. */
export const readable = 'numbers, dates (ISO, or such as 5 March 2026), e-mail addresses and identifiers such as P-20481';

/** A word of the text that the property's name or description has too. */
interface NamingWord {
  start: number;
  stem: string;
}

type Finder = (text: string) => { value: Json; start: number }[];

/** The values that a property's name and schema ask for, best labelled by its own words first; undefined where it asks for something that has no form. */
export function extract(name: string, schema: Schema, text: string): Json[] | undefined {
  const types = schemaTypes(schema);
  const inner = types?.includes('array') && isJsonObject(schema.items) ? schema.items : schema;
  const find = finderFor(name, inner);
  if (!find) return undefined;
  const words = namingWords(text, nameStems(name, inner));
  return find(text)
    .toSorted((a, b) => a.start - b.start)
    .map((found, index, all) => ({ ...found, ...nearness(found.start, { words, from: labelStart(text, found.start, all[index - 1]?.start) }) }))
    .toSorted((a, b) => b.labels - a.labels || compare(a.distance, b.distance) || a.start - b.start)
    .map((found) => found.value);
}

/** A label stands before its value: on the same line, and after the value before. */
function labelStart(text: string, start: number, previous = 0): number {
  return Math.max(start === 0 ? 0 : text.lastIndexOf('\n', start - 1) + 1, previous);
}

/** How many different words of the property label a value, and how far the nearest stands from it. */
function nearness(start: number, { words, from }: { words: readonly NamingWord[]; from: number }): { labels: number; distance: number } {
  return {
    labels: new Set(words.filter((word) => word.start >= from && word.start < start).map((word) => word.stem)).size,
    distance: words.reduce((nearest, word) => Math.min(nearest, Math.abs(word.start - start)), Number.POSITIVE_INFINITY),
  };
}

/** Infinity less Infinity is no number, so distances are compared, not subtracted. */
function compare(first: number, second: number): number {
  return first === second ? 0 : first < second ? -1 : 1;
}

function finderFor(name: string, schema: Schema): Finder | undefined {
  const types = schemaTypes(schema) ?? ['string'];
  const says = (...words: string[]) => wordsOf(name).some((word) => words.includes(word));
  if (types.includes('integer')) return (text) => findNumbers(text, true).filter(({ value }) => Number.isInteger(value));
  if (types.includes('number')) return (text) => findNumbers(text, true);
  if (!types.includes('string')) return undefined;
  if (schema.format === 'email' || says('email', 'mail')) return (text) => findEmails(text).map((found) => ({ value: found.text, start: found.start }));
  if (schema.format === 'date' || schema.format === 'date-time' || says('date', 'day', 'when'))
    return (text) =>
      findDates(text)
        .filter(isDay)
        .map((found) => ({ value: found.from, start: found.start }));
  if (typeof schema.pattern === 'string') return matching(schema.pattern);
  if (says('id', 'identifier', 'number', 'no', 'code', 'reference', 'ref', 'parcel', 'sku', 'isbn', 'key')) return identifiers;
  return undefined;
}

function isDay(date: DateMention): boolean {
  return Date.parse(date.to) - Date.parse(date.from) === 86_400_000;
}

function identifiers(text: string): { value: Json; start: number }[] {
  const plain = findNumbers(text, true).filter(({ value }) => Number.isInteger(value) && value > 0);
  return [...findIdentifiers(text), ...plain].map((found) => ({ value: found.text, start: found.start }));
}

/** Whole words of at most 100 characters are tried, so that no pattern of a flow can run for long. */
function matching(pattern: string): Finder | undefined {
  let expression: RegExp;
  try {
    expression = new RegExp(`^(?:${pattern})$`, 'u');
  } catch {
    return undefined;
  }
  return (text) =>
    [...text.slice(0, 20_000).matchAll(/[^\s,;:!?"()]{1,100}/g)]
      .map((match) => ({ value: match[0].replace(/\.$/, ''), start: match.index }))
      .filter(({ value }) => value.length <= 40 && expression.test(value));
}

function nameStems(name: string, schema: Schema): string[] {
  const described =
    typeof schema.description === 'string'
      ? wordsOf(schema.description).filter((word) => word.length > 1 && !/^(?:the|of|an|in|its|for|and|or|to|as|by|is|at|on)$/.test(word))
      : [];
  return [...wordsOf(name), ...described].map(stem);
}

function namingWords(text: string, stems: readonly string[]): NamingWord[] {
  return [...text.matchAll(/[\p{L}]+/gu)]
    .map((match) => ({ start: match.index, stem: stem(match[0].toLowerCase()) }))
    .filter((word) => stems.some((one) => isSameWord(word.stem, one)));
}
