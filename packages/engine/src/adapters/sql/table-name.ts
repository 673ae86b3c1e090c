/** Names of tables in a catalogue: as a query writes them, with their schema before them where a query needs it. */
import type { SqlDialect } from '@switchyard/shared';

/** The name of these parts. One that would be taken for two, such as that of a file `visits.2026.csv`, stands in quotes. */
export function tableName(path: readonly string[], quote: (name: string) => string): string {
  return path.map((part) => (/[."`]/.test(part) ? quote(part) : part)).join('.');
}

/** The parts of a name. SQLite's catalogue names tables of one schema only, as they are. */
export function tablePath(name: string, dialect: SqlDialect): string[] {
  if (dialect === 'sqlite') return [name];
  const parts = [...name.matchAll(/(["`])((?:(?!\1)[\s\S]|\1\1)*)\1(?=\.|$)|[^.]+/g)];
  const path = parts.map(([whole, quote, inner]) => (quote === undefined ? whole : (inner ?? '').replaceAll(quote + quote, quote)));
  return path.length > 0 ? path : [name];
}
