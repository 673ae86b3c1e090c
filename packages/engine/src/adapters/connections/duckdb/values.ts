/** DuckDB's values as JSON. */
import {
  DuckDBArrayValue,
  DuckDBBlobValue,
  DuckDBDecimalValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBUnionValue,
  type DuckDBValue,
} from '@duckdb/node-api';
import type { Json } from '@switchyard/shared';
import { bytesToJson, decimalToJson, numberToJson, wholeToJson } from '../../sql/json-values.ts';

export function toJson(value: DuckDBValue): Json {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'bigint') return wholeToJson(value);
  if (typeof value === 'number') return numberToJson(value);
  if (value instanceof DuckDBDecimalValue) return decimalToJson(value.toString());
  if (value instanceof DuckDBBlobValue) return bytesToJson(value.bytes);
  if (value instanceof DuckDBListValue || value instanceof DuckDBArrayValue) return value.items.map(toJson);
  if (value instanceof DuckDBStructValue) return Object.fromEntries(Object.entries(value.entries).map(([name, item]) => [name, toJson(item)]));
  if (value instanceof DuckDBMapValue) return value.entries.map(({ key, value: item }) => ({ key: toJson(key), value: toJson(item) }));
  if (value instanceof DuckDBUnionValue) return toJson(value.value);
  // Moments, intervals, UUIDs: the database's own text.
  return String(value);
}
