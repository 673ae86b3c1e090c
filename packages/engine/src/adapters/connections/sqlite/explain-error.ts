/** Turns what SQLite says into what to do: which code, and for a wrong name the nearest real ones. */
import { DatabaseError } from './database-protocol.ts';
import { listSchema } from './list-schema.ts';
import type { OpenDatabase } from './open-database.ts';

/** SQLite's primary result codes that mean something else than wrong SQL. */
const meanings: Readonly<Record<number, (said: string) => DatabaseError>> = {
  5: (said) => new DatabaseError('connection-busy', `the database is locked by a writer (${said}). Try again`, true),
  6: (said) => new DatabaseError('connection-busy', `a table is locked by a writer (${said}). Try again`, true),
  7: () => new DatabaseError('sql-too-large', 'it needs more memory than a query may use. Filter or aggregate more'),
  10: (said) => new DatabaseError('connection-unreachable', `the file cannot be read (${said})`, true),
  11: (said) => new DatabaseError('connection-unreachable', `the file is damaged (${said})`),
  13: () => new DatabaseError('sql-too-large', 'it needs more space than a query may use. Filter or aggregate more'),
  14: (said) => new DatabaseError('connection-unreachable', `the file cannot be opened (${said}). Check its permissions, and those of its folder`),
  18: () => new DatabaseError('sql-too-large', 'a value in it is over 1 MB. Select parts of it with substr()'),
  26: () => new DatabaseError('connection-unreachable', 'the file is no SQLite database. Check the URL of the connection'),
};
const authorization = 23;
const readOnly = 8;

export function explainError(error: unknown, database: OpenDatabase | undefined): DatabaseError {
  if (error instanceof DatabaseError) return error;
  const { errcode, message } = error as { errcode?: number; message?: string };
  const said = message ?? String(error);
  const refusal = database?.guard.takeRefusal();
  const code = (errcode ?? 0) & 0xff;
  if (refusal !== undefined || code === authorization || code === readOnly)
    return new DatabaseError('sql-refused', `it uses ${refusal ?? 'what is not allowed'}. Only SELECT is allowed here`);
  return meanings[code]?.(said) ?? new DatabaseError('sql-invalid', `${said}${hint(said, database)}`);
}

function hint(said: string, database: OpenDatabase | undefined): string {
  const missing = /^no such (table|column): (.+)$/.exec(said);
  if (!missing || !database) return '';
  const wanted = (missing[2] as string).split('.').at(-1) as string;
  const schema = listSchema(database.plain);
  const names = missing[1] === 'table' ? schema.map(({ name }) => name) : [...new Set(schema.flatMap(({ columns }) => columns.map(({ name }) => name)))];
  const near = nearest(wanted, names);
  if (missing[1] === 'table') return near.length > 0 ? `. There is ${near.join(', ')}` : '';
  const places = near.map(
    (name) =>
      `${name} (in ${schema
        .filter(({ columns }) => columns.some((column) => column.name === name))
        .map((table) => table.name)
        .slice(0, 4)
        .join(', ')})`,
  );
  return places.length > 0 ? `. There is ${places.join(', ')}` : '';
}

/** Up to five names, the most alike first: those that contain one another, then by edit distance. */
function nearest(wanted: string, names: readonly string[]): string[] {
  const plain = wanted.toLowerCase().slice(0, 64);
  const scored = names.map((name) => {
    const other = name.toLowerCase().slice(0, 64);
    return { name, distance: other.includes(plain) || plain.includes(other) ? 1 : editDistance(plain, other) };
  });
  const far = Math.max(2, Math.ceil(plain.length / 2));
  const close = scored
    .filter(({ distance }) => distance <= far)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 5);
  // With nothing alike, a short list of what there is helps more than none.
  return (close.length > 0 ? close : names.length <= 12 ? scored : []).map(({ name }) => name);
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (previous[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(change, (previous[j] as number) + 1, (row[j - 1] as number) + 1));
    }
    previous = row;
  }
  return previous[b.length] as number;
}
