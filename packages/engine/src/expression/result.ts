/** What an expression gives, as JSON of its own: never an alias of its inputs, never a value that JSON lacks. */
import { Duration, UnsignedInt } from '@marcbachmann/cel-js/evaluator';
import type { Json, JsonObject } from '@switchyard/shared';
import { spend } from './meter.ts';

/** A value that JSON cannot carry; the message says which. */
class ResultError extends Error {}

/** A structured copy as JSON; timestamps and durations become their text. */
export function toJson(value: unknown): Json {
  switch (typeof value) {
    case 'string':
      spend(1 + (value.length >> 4));
      return value;
    case 'boolean':
      return value;
    case 'number':
      if (!Number.isFinite(value)) throw new ResultError('the result is not a finite number, as after a division by zero');
      return value;
    case 'bigint':
      return fromWholeNumber(value);
    case 'object':
      return value === null ? null : fromObject(value);
    default:
      throw new ResultError(`the result is ${typeof value}, which is no JSON value`);
  }
}

function fromWholeNumber(value: bigint): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new ResultError(`the whole number ${value} is too large to be exact`);
  return number;
}

function fromObject(value: object): Json {
  spend(1);
  if (Array.isArray(value)) return value.map(toJson);
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Duration) return value.toString();
  if (value instanceof UnsignedInt) return fromWholeNumber(value.valueOf());
  const prototype = Object.getPrototypeOf(value) as unknown;
  if (prototype !== Object.prototype && prototype !== null) throw new ResultError('the result is a type or bytes, which are no JSON values');
  const copy: JsonObject = {};
  for (const key of Object.keys(value)) {
    const item = toJson((value as JsonObject)[key]);
    if (key === '__proto__') Object.defineProperty(copy, key, { value: item, enumerable: true, configurable: true, writable: true });
    else copy[key] = item;
  }
  return copy;
}
