/** Gathers the rows of a result within the caps of a query, as the JSON text of a QueryResult. */
import type { Json } from '@switchyard/shared';
import { refusal } from './sql-refusal.ts';

export const queryCaps = Object.freeze({ rows: 1_000, bytes: 1_000_000 });

export class RowCollector {
  readonly #columns: string[];
  readonly #head: string;
  readonly #rows: string[] = [];
  #bytes: number;
  #isTruncated = false;

  /** `names` are the columns as the database calls them. */
  constructor(names: readonly string[]) {
    this.#columns = uniqueNames(names);
    this.#head = `{"columns":${JSON.stringify(this.#columns)},"rows":[`;
    this.#bytes = this.#head.length;
  }

  /** Takes one more row; false where it no longer fits, and no other will. */
  add(values: readonly Json[]): boolean {
    if (this.#isTruncated) return false;
    const row = JSON.stringify(Object.fromEntries(this.#columns.map((name, index) => [name, values[index] ?? null])));
    this.#bytes += Buffer.byteLength(row) + 1;
    this.#isTruncated = this.#rows.length >= queryCaps.rows || this.#bytes > queryCaps.bytes;
    if (!this.#isTruncated) this.#rows.push(row);
    return !this.#isTruncated;
  }

  /** There are more rows than were given. */
  cut(): void {
    this.#isTruncated = true;
  }

  /** The JSON text. Throws `sql-too-large` where not even one row fits. */
  text(affected?: number): string {
    if (this.#isTruncated && this.#rows.length === 0 && affected === undefined) throw tooLarge();
    const end = `${this.#isTruncated ? ',"truncated":true' : ''}${affected === undefined ? '' : `,"affected":${affected}`}`;
    return `${this.#head}${this.#rows.join(',')}]${end}}`;
  }
}

export function tooLarge() {
  return refusal(`its first row alone is over ${queryCaps.bytes / 1_000_000} MB. Select fewer columns, or parts of them with substr()`, 'sql-too-large');
}

/** Equal column names would collapse into one property: the second becomes `name_2`. */
function uniqueNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let unique = name;
    for (let count = 2; taken.has(unique) || (unique !== name && names.includes(unique)); count += 1) unique = `${name}_${count}`;
    taken.add(unique);
    return unique;
  });
}
