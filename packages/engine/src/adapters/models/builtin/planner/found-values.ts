/** Takes from earlier results what a parameter asks for: a column or a field of its name. Only values are taken, never instructions. */
import { isJsonObject, type Json, type JsonObject } from '@switchyard/shared';
import { schemaTypes } from '../../../../schema.ts';
import { isSameWord, stem, wordsOf } from '../text/words.ts';
import type { Parameter } from './layer.ts';
import type { Outcome } from './outcome.ts';

const mostValues = 5;
const deepest = 4;
const longestText = 2_000;

/** Different values for the parameter in these results, at most five; empty where none has a column or field of its name. */
export function findValues(outcomes: readonly Outcome[], parameter: Parameter): Json[] {
  const found: Json[] = [];
  for (const outcome of outcomes) {
    if (outcome.kind === 'failure') continue;
    const objects = outcome.kind === 'table' ? outcome.rows : objectsIn(outcome.value, 0);
    const key = bestKey(objects, parameter);
    for (const object of key === undefined ? [] : objects) {
      const value = fitting(object[key as string] ?? null, parameter);
      if (value !== undefined && !found.includes(value)) found.push(value);
    }
  }
  return found.slice(0, mostValues);
}

/** The key of the very name, else of the same words, else of those that tell; `id` alone only where nothing else is. */
function bestKey(objects: readonly JsonObject[], parameter: Parameter): string | undefined {
  const keys = [...new Set(objects.flatMap((object) => Object.keys(object)))];
  const plain = telling(parameter.stems);
  const same = (first: readonly string[], second: readonly string[]) =>
    first.length > 0 && first.length === second.length && first.every((word, index) => isSameWord(word, second[index] ?? ''));
  const stemsOf = (key: string) => wordsOf(key).map(stem);
  return (
    keys.find((key) => key.toLowerCase() === parameter.name.toLowerCase()) ??
    keys.find((key) => same(stemsOf(key), parameter.stems)) ??
    keys.find((key) => same(telling(stemsOf(key)), plain)) ??
    (parameter.stems.includes('id') ? keys.find((key) => key.toLowerCase() === 'id') : undefined)
  );
}

function telling(stems: readonly string[]): string[] {
  return stems.filter((one) => !['id', 'number', 'numb', 'no', 'cod', 'code', 'key', 'nam'].includes(one));
}

function fitting(value: Json, parameter: Parameter): Json | undefined {
  const types = schemaTypes(parameter.schema) ?? ['string'];
  if (value === null || typeof value === 'object') return undefined;
  if (types.includes(typeof value) || (types.includes('integer') && Number.isInteger(value)))
    return typeof value === 'string' ? value.slice(0, longestText) : value;
  if (types.includes('string')) return String(value);
  const number = Number(value);
  return (types.includes('number') || types.includes('integer')) && typeof value === 'string' && value.trim() !== '' && Number.isFinite(number)
    ? number
    : undefined;
}

function objectsIn(value: Json, depth: number): JsonObject[] {
  if (depth > deepest) return [];
  if (Array.isArray(value)) return value.slice(0, mostValues).flatMap((item) => objectsIn(item, depth + 1));
  if (!isJsonObject(value)) return [];
  return [value, ...Object.values(value).flatMap((inner) => objectsIn(inner, depth + 1))];
}
