/** Finds the words of a clause that mention a table, a column or a known value of the catalogue. */
import type { Json } from '@switchyard/shared';
import { distance } from '../schema/join-path.ts';
import type { Column, SchemaModel, Table } from '../schema/model.ts';
import type { Token } from '../tokens.ts';
import { isSynonym, singular, stem, wordsOf } from '../../text/words.ts';
import { fillers, functionWords, negations, personWords, questionWords } from '../vocabulary.ts';

/** Tokens from `start` to before `end`, and all that they may mean, best first. Strength 1 is the very name. */
export interface Mention {
  start: number;
  end: number;
  tables: { table: Table; strength: number }[];
  columns: { column: Column; strength: number }[];
  values: { column: Column; value: Json }[];
}

const longest = 4;
const partStrength = 0.75;
const anyPartStrength = 0.5;
const synonymStrength = 0.6;

/** All mentions, in order, none overlapping; longer ones win. */
export function findMentions(tokens: readonly Token[], schema: SchemaModel): Mention[] {
  const values = valueIndex(schema);
  const found: Mention[] = [];
  for (let length = longest; length >= 1; length -= 1) {
    for (let start = 0; start + length <= tokens.length; start += 1) {
      const end = start + length;
      if (found.some((other) => start < other.end && end > other.start)) continue;
      const mention = mentionAt(tokens.slice(start, end), schema, values);
      if (mention) found.push({ start, end, ...mention });
    }
  }
  return found.sort((a, b) => a.start - b.start).map((mention) => ({ ...mention, tables: nearestFirst(mention, found) }));
}

/** Of tables that are called the same in several schemas, the one is meant that hangs together with what else is mentioned. */
function nearestFirst({ tables }: Mention, all: readonly Mention[]): Mention['tables'] {
  const others = all.map((mention) => mention.tables).filter((other) => other !== tables);
  const links = ({ table }: Mention['tables'][number]) => others.filter((other) => other.some((one) => Number.isFinite(distance(table, one.table)))).length;
  const [first] = tables;
  if (!first || first.table.path.length + (tables[1]?.table.path.length ?? 0) < 3) return tables;
  const same = tables.filter((one) => one.strength === first.strength && one.table.name === first.table.name);
  return [...same.toSorted((a, b) => links(b) - links(a)), ...tables.filter((one) => !same.includes(one))];
}

type ValueIndex = ReadonlyMap<string, { column: Column; value: Json }[]>;

function mentionAt(window: readonly Token[], schema: SchemaModel, index: ValueIndex): Omit<Mention, 'start' | 'end'> | undefined {
  if (window.some((token) => token.kind !== 'word')) return undefined;
  if (isSilent(window[0]) || isSilent(window.at(-1))) return undefined;
  const stems = window.map((token) => token.stem);
  // "List the entries": a plain word is a mention only where it is a very name.
  const least = window.some((token) => fillers.has(token.word)) && window.length === 1 ? 1 : 0.01;
  const columns = schema.tables.flatMap((table) => table.columns);
  const tables = strongest(
    schema.tables.map((table) => ({ table, strength: tableStrength(stems, table) })),
    least,
  );
  const named = strongest(
    columns.map((column) => ({ column, strength: nameStrength(stems, column.stems, false) })),
    least,
  );
  const words = window.flatMap((token) => wordsOf(token.text));
  const values = least === 1 ? [] : (index.get(words.join(' ')) ?? index.get(singular(words.join(' '))) ?? []);
  return tables.length + named.length + values.length > 0 ? { tables, columns: named, values } : undefined;
}

function isSilent(token: Token | undefined): boolean {
  return token === undefined || functionWords.has(token.word) || questionWords.has(token.word) || negations.has(token.word);
}

/** "People" are the rows of a table whose rows have names and an e-mail address, a birthday or the like. */
function isPeople(stems: readonly string[], table: Table): boolean {
  return stems.length === 1 && stems[0] === 'person' && table.label.length > 0 && table.columns.some((column) => namesAny(column, personWords));
}

/** A table is named without its schema, or with it. */
function tableStrength(stems: readonly string[], table: Table): number {
  const named = [table.stems, table.pathStems].map((own) => nameStrength(stems, own, true));
  return Math.max(...named, isPeople(stems, table) ? synonymStrength : 0);
}

/** Are the two of one root, as "assigned" and "assignment" are? */
function isOfOneRoot(first: string, second: string): boolean {
  const [short, long] = first.length < second.length ? [first, second] : [second, first];
  return short.length >= 4 && long.startsWith(short) && /^(?:e?ment|ion|ation|er|or|al|ance)$/.test(long.slice(short.length));
}

/** How well words name something of these stems: the very name, its last word, one of its words, or a synonym. */
function nameStrength(words: readonly string[], stems: readonly string[], isTable: boolean): number {
  const said = words.length === 3 && words[1] === 'of' ? [words[2] as string, words[0] as string] : words;
  if (said.length === stems.length && said.every((word, index) => word === stems[index])) return 1;
  if (said.length > 1 && !isTable) return 0;
  const [only] = said;
  if (said.length !== 1 || only === undefined) return 0;
  if (stems.length > 1 && stems.at(-1) === only) return partStrength;
  // "lines" is no mention of `order_lines` by its first word: that word belongs to what it hangs on.
  if (!isTable && stems.includes(only)) return anyPartStrength;
  if (stems.length === 1 && (isSynonym(only, stems[0] as string) || (isTable && isOfOneRoot(only, stems[0] as string)))) return synonymStrength;
  return !isTable && stems.some((one) => isSynonym(only, one)) ? synonymStrength * anyPartStrength : 0;
}

function strongest<T extends { strength: number }>(found: readonly T[], least: number): T[] {
  return found.filter(({ strength }) => strength >= least).sort((a, b) => b.strength - a.strength);
}

/** Known texts by their words. Numbers and dates are read by their form, not by being known. */
function valueIndex(schema: SchemaModel): ValueIndex {
  const index = new Map<string, { column: Column; value: Json }[]>();
  for (const column of schema.tables.flatMap((table) => table.columns)) {
    if (column.role === 'date' || column.role === 'reference') continue;
    for (const value of column.values) {
      const words = typeof value === 'string' ? wordsOf(value).join(' ') : '';
      if (words === '' || words.length > 80) continue;
      for (const key of new Set([words, singular(words)])) index.set(key, [...(index.get(key) ?? []), { column, value }]);
    }
  }
  return index;
}

/** Does the mention name a table, better than it names a column? */
export function tableOf(mention: Mention | undefined): Table | undefined {
  const [first] = mention?.tables ?? [];
  return first && first.strength >= (mention?.columns[0]?.strength ?? 0) ? first.table : undefined;
}

/** Is some word of the name this stem? */
export function namesAny(column: Column, words: ReadonlySet<string>): boolean {
  return wordsOf(column.name).some((word) => words.has(word) || words.has(stem(word)));
}
