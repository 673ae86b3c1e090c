/** PostgreSQL's values as JSON, from the text that the server sends; and JSON as values that it takes. */
import type { Json } from '@switchyard/shared';
import type { CustomTypesConfig } from 'pg';
import { bytesToJson, decimalToJson, numberToJson, wholeToJson } from '../../sql/json-values.ts';

type Read = (text: string) => Json;

const readFloat: Read = (text) => numberToJson(Number(text));
const readJson: Read = (text) => JSON.parse(text) as Json;
const readText: Read = (text) => text;

/** By the type's number, which never changes: [the type, its array]. */
const readers: readonly [type: number, array: number, Read][] = [
  [16, 1000, (text) => text === 't'],
  [17, 1001, (text) => bytesToJson(Buffer.from(text.slice(2), 'hex'))],
  [20, 1016, wholeToJson],
  [21, 1005, Number],
  [23, 1007, Number],
  [26, 1028, Number],
  [700, 1021, readFloat],
  [701, 1022, readFloat],
  [1700, 1231, decimalToJson],
  [114, 199, readJson],
  [3802, 3807, readJson],
  [25, 1009, readText],
  [1043, 1015, readText],
  [1042, 1014, readText],
  [19, 1003, readText],
  [2950, 2951, readText],
  [1082, 1182, readText],
  [1083, 1183, readText],
  [1114, 1115, readText],
  [1184, 1185, readText],
  [1186, 1187, readText],
];

const byType = new Map<number, Read>(readers.map(([type, , read]) => [type, read]));
const byArray = new Map<number, Read>(readers.map(([, array, read]) => [array, read]));

/** The driver's own makes dates of dates and loses digits. */
export function typesOf(arrayParser: unknown): CustomTypesConfig {
  // Its types tell of another form than it has.
  const { create } = arrayParser as { create(text: string, read: Read): { parse(): Json[] } };
  const getTypeParser = (type: number): Read => {
    const ofArray = byArray.get(type);
    return ofArray ? (text) => create(text, ofArray).parse() : (byType.get(type) ?? readText);
  };
  return { getTypeParser } as CustomTypesConfig;
}

/** A value to bind. Lists of plain values become arrays, for `= ANY(:list)`; other lists and objects become their JSON. */
export function bindable(value: Json): unknown {
  if (value === null || typeof value !== 'object') return value;
  return Array.isArray(value) && value.every((item) => item === null || typeof item !== 'object') ? value : JSON.stringify(value);
}
