/** A table's name in a catalogue, as a query writes it, in its parts. */
import type { SqlDialect } from '@switchyard/shared';

/** `sales.orders` is the table `orders` of the schema `sales`; a part in quotes may hold points itself. SQLite's catalogue names tables of one schema only. */
export function pathOf(name: string, dialect: SqlDialect): string[] {
  if (dialect === 'sqlite') return [name];
  const parts = [...name.matchAll(/(["`])((?:(?!\1)[\s\S]|\1\1)*)\1(?=\.|$)|[^.]+/g)];
  const path = parts.map(([whole, quote, inner]) => (quote === undefined ? whole : (inner ?? '').replaceAll(quote + quote, quote)));
  return path.length > 0 ? path : [name];
}
