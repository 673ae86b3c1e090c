/** A catalogue as the planner reads it: what each column is for, how tables hang together, and by what a row is called. */
import { isJsonObject, type Catalogue, type CatalogueColumn, type CatalogueTable, type Json, type SqlDialect } from '@switchyard/shared';
import { tablePath } from '../../../../sql/table-name.ts';
import { stem, wordsOf } from '../../text/words.ts';
import { readType, type Storage } from './column-type.ts';
import { readDialect } from './dialects/index.ts';

export type Role = 'key' | 'reference' | 'number' | 'date' | 'flag' | 'text';

export interface Column {
  table: Table;
  name: string;
  /** As the database declares it. */
  type: string;
  storage: Storage;
  role: Role;
  /** Stems of the name's words, without those that say nothing, such as `at`. */
  stems: readonly string[];
  isText: boolean;
  isNullable: boolean;
  /** A number column without fractions. */
  isWhole: boolean;
  /** A number column that holds moments as seconds or milliseconds since 1970. */
  isEpoch: boolean;
  /** A number column that holds years. */
  isYear: boolean;
  /** Where it points to another row of its own table: that row's key. */
  self?: Column;
  values: readonly Json[];
  /** The known values are all there are. Samples are not among them: they show how values are written, and no more. */
  isComplete: boolean;
}

/** A foreign key: `column` of the child points to `target` of the parent. */
export interface Reference {
  column: Column;
  target: Column;
}

export interface Table {
  dialect: SqlDialect;
  /** What it is called, without its schema. */
  name: string;
  /** The names by which SQL reaches it: its schema's, where it has one, and its own. */
  path: readonly string[];
  stems: readonly string[];
  /** With those of its schema. */
  pathStems: readonly string[];
  columns: Column[];
  key: Column | undefined;
  /** The columns by which a person calls a row: its name or title, or first and last name. */
  label: Column[];
  parents: Reference[];
  children: Reference[];
}

export interface SchemaModel {
  tables: Table[];
}

/** Known values are listed up to this many; a list that is full may have been cut. */
const fullList = 12;
const dateWords = new Set([
  'date',
  'day',
  'at',
  'on',
  'since',
  'until',
  'time',
  'born',
  'birthday',
  'birthdate',
  'timestamp',
  'deadline',
  'due',
  'when',
  'dob',
]);
const silentWords = new Set(['at', 'on', 'id', 'is', 'has', 'in', 'of', 'the']);

/** The model of a catalogue; parts that do not have a catalogue's shape are left out. */
export function readSchema(catalogue: unknown): SchemaModel {
  const { dialect, tables: source } = isJsonObject(catalogue) && Array.isArray(catalogue.tables) ? (catalogue as unknown as Catalogue) : { tables: [] };
  const read = source
    .filter((table) => isJsonObject(table) && typeof table.name === 'string' && Array.isArray(table.columns))
    .map((described) => ({ described, table: readTable(described, readDialect(dialect)) }))
    .filter(({ table }) => table.columns.length > 0);
  const byName = new Map(read.map(({ described, table }) => [described.name.toLowerCase(), table]));
  for (const { described, table } of read)
    for (const column of table.columns) linkColumn(column, described.columns.find(({ name }) => name === column.name)?.references, byName);
  for (const { table } of read) table.label = labelOf(table);
  return { tables: read.map(({ table }) => table) };
}

function readTable(source: CatalogueTable, dialect: SqlDialect): Table {
  const path = tablePath(source.name, dialect);
  const name = path.at(-1) ?? source.name;
  const table: Table = {
    dialect,
    name,
    path,
    stems: wordsOf(name).map(stem),
    pathStems: path.flatMap(wordsOf).map(stem),
    columns: [],
    key: undefined,
    label: [],
    parents: [],
    children: [],
  };
  table.columns = source.columns.filter((column) => isJsonObject(column) && typeof column.name === 'string').map((column) => readColumn(column, table));
  const keys = source.columns.filter((column) => column.primaryKey === true);
  // A key of several columns names no row by one of them.
  table.key =
    keys.length === 1
      ? table.columns.find(({ name }) => name === keys[0]?.name)
      : keys.length === 0
        ? table.columns.find(({ name }) => /^id$/i.test(name))
        : undefined;
  return table;
}

function readColumn(source: CatalogueColumn, table: Table): Column {
  const words = wordsOf(source.name);
  const type = typeof source.type === 'string' ? source.type : '';
  const declared = readType(type, table.dialect);
  const isNumeric = declared.storage === 'number';
  const isDated = declared.isDated || (declared.mayBeDated && dateWords.has(words.at(-1) ?? ''));
  const telling = words.filter((word) => !silentWords.has(word));
  const values = Array.isArray(source.values) ? source.values : [];
  return {
    table,
    name: source.name,
    type,
    storage: declared.storage,
    role: roleOf(source, { isNumeric, isDated, isFlag: declared.storage === 'boolean' || (isNumeric && isYesOrNo(source.name, values)) }),
    stems: (telling.length > 0 ? telling : words).map(stem),
    isText: declared.isText,
    isNullable: source.nullable !== false && source.primaryKey !== true,
    isWhole: declared.isWhole,
    isEpoch: isNumeric && isDated,
    isYear: isNumeric && words.at(-1) === 'year',
    values,
    isComplete: values.length > 0 && values.length < fullList && source.moreValues !== true,
  };
}

/** A number column such as `is_active` that holds 0 and 1 alone. */
function isYesOrNo(name: string, values: readonly Json[]): boolean {
  return /^(?:is|has|can|was|are)(?:_|[A-Z])/.test(name) && values.every((value) => value === 0 || value === 1);
}

function roleOf(source: CatalogueColumn, form: { isNumeric: boolean; isDated: boolean; isFlag: boolean }): Role {
  if (source.references) return 'reference';
  if (source.primaryKey === true || /^id$|_id$|[a-z]Id$|uuid$/.test(source.name)) return 'key';
  if (form.isDated) return 'date';
  if (form.isFlag) return 'flag';
  return form.isNumeric ? 'number' : 'text';
}

/** Declared references; else `customer_id` points to the key of `customers`, where there is such a table. */
function linkColumn(column: Column, declared: unknown, byName: ReadonlyMap<string, Table>): void {
  const target = typeof declared === 'string' ? declaredTarget(declared, byName) : guessedTarget(column, byName);
  if (target?.table === column.table && target !== column) {
    column.role = 'reference';
    column.self = target;
  }
  if (!target || target.table === column.table) return;
  const reference = { column, target };
  column.role = 'reference';
  column.table.parents.push(reference);
  target.table.children.push(reference);
}

function declaredTarget(declared: string, byName: ReadonlyMap<string, Table>): Column | undefined {
  const dot = declared.lastIndexOf('.');
  const table = byName.get((dot < 0 ? declared : declared.slice(0, dot)).toLowerCase());
  return dot < 0 ? table?.key : table?.columns.find(({ name }) => name.toLowerCase() === declared.slice(dot + 1).toLowerCase());
}

function guessedTarget(column: Column, byName: ReadonlyMap<string, Table>): Column | undefined {
  const base = /^(.+?)(?:_id|Id)$/.exec(column.name)?.[1];
  if (base === undefined || column === column.table.key) return undefined;
  const wanted = wordsOf(base).map(stem).join(' ');
  const named = [...byName.values()].filter((table) => table !== column.table && table.stems.join(' ') === wanted);
  const schemaOf = ({ path }: Table) => path.slice(0, -1).join('.');
  return (named.find((table) => schemaOf(table) === schemaOf(column.table)) ?? named[0])?.key;
}

function labelOf(table: Table): Column[] {
  const text = table.columns.filter((column) => column.role === 'text' && column.isText);
  const named = (...names: string[]) => text.find((column) => names.includes(wordsOf(column.name).join(' ')));
  const whole = named('name', 'full name', 'title', 'label', 'display name', 'fullname') ?? named(...nameForms(table));
  if (whole) return [whole];
  const first = named('first name', 'firstname', 'given name', 'forename');
  const last = named('last name', 'lastname', 'family name', 'surname');
  if (first && last) return [first, last];
  const ending = text.find((column) => /(?:name|title)$/i.test(column.name));
  return ending ? [ending] : [];
}

/** `book_title`, `product name` and the like. */
function nameForms(table: Table): string[] {
  const words = wordsOf(table.name).join(' ');
  const single = words.replace(/s$/, '');
  return [single, words].flatMap((name) => [name, `${name} name`, `${name} title`]);
}
