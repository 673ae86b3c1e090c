/**
 * Opens a DuckDB file for reading, or files of data as views of a database in memory, and then shuts the door: what foreign SQL is run on reaches
 * those files and no other, no network, and cannot change a setting.
 */
import { readdirSync, statSync, type Stats } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { DatabaseError } from '../../sql/database-protocol.ts';

const mostFiles = 100;

const readers: Readonly<Record<string, string>> = {
  '.csv': 'read_csv',
  '.tsv': 'read_csv',
  '.json': 'read_json',
  '.jsonl': 'read_json',
  '.ndjson': 'read_json',
  '.parquet': 'read_parquet',
};

const settings = {
  threads: '2',
  memory_limit: '256MB',
  // What does not fit into memory fails; nothing is written beside the data.
  max_temp_directory_size: '0B',
  autoinstall_known_extensions: 'false',
  autoload_known_extensions: 'false',
  allow_community_extensions: 'false',
  allow_unsigned_extensions: 'false',
};

interface Source {
  /** Of what is there: another one means that it is to be opened anew. */
  identity: string;
  /** Views to make; undefined for a database file. */
  views?: { name: string; path: string; reader: string }[];
}

/** Gives the open database, opened when first asked for and when what it holds was replaced. Throws where there is none: it never makes one. */
export function databaseOpener(path: string): () => Promise<DuckDBConnection> {
  let open: { identity: string; connection: DuckDBConnection; instance: DuckDBInstance } | undefined;
  return async () => {
    const source = sourceOf(path);
    if (open?.identity === source.identity) return open.connection;
    open?.connection.closeSync();
    open?.instance.closeSync();
    open = undefined;
    const instance = await DuckDBInstance.create(source.views ? ':memory:' : path, { ...settings, ...(!source.views && { access_mode: 'READ_ONLY' }) });
    const connection = await instance.connect();
    for (const view of source.views ?? []) {
      await connection.run(`CREATE VIEW ${quote(view.name)} AS SELECT * FROM ${view.reader}(${literal(view.path)})`).catch((error: unknown) => {
        throw new DatabaseError('connection-invalid', `the file ${basename(view.path)} cannot be read as a table (${(error as Error).message.slice(0, 300)})`);
      });
    }
    await connection.run(`SET allowed_paths = [${(source.views ?? []).map((view) => literal(view.path)).join(', ')}]`);
    await connection.run('SET enable_external_access = false');
    await connection.run('SET lock_configuration = true');
    open = { identity: source.identity, connection, instance };
    return connection;
  };
}

function sourceOf(path: string): Source {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats)
    throw new DatabaseError('connection-unreachable', `there is no file or folder ${path}. Check the path of the connection; a missing database is never made`);
  if (stats.isDirectory()) return folderSource(path);
  if (!stats.isFile()) throw new DatabaseError('connection-unreachable', `${path} is neither a file nor a folder. Check the path of the connection`);
  const reader = readers[extname(path).toLowerCase()];
  return { identity: identityOf(stats), ...(reader !== undefined && { views: viewsOf([path]) }) };
}

/** Files right in the folder; links would lead out of it. */
function folderSource(path: string): Source {
  const files = readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.') && Object.hasOwn(readers, extname(entry.name).toLowerCase()))
    .map(({ name }) => join(path, name))
    .sort();
  if (files.length === 0) throw new DatabaseError('connection-invalid', `there is no CSV, JSON or Parquet file in ${path}`);
  if (files.length > mostFiles) throw new DatabaseError('connection-invalid', `there are over ${mostFiles} files of data in ${path}. Name a folder with fewer`);
  return { identity: files.map((file) => `${file}:${identityOf(statSync(file))}`).join('\n'), views: viewsOf(files) };
}

function identityOf({ dev, ino, mtimeMs, size }: Stats): string {
  return `${dev}:${ino}:${mtimeMs}:${size}`;
}

/** A table has its file's name; of `a.csv` and `a.json` the second is `a_json`. */
function viewsOf(files: readonly string[]): NonNullable<Source['views']> {
  const taken = new Set<string>();
  return files.map((path) => {
    const extension = extname(path);
    const plain = basename(path, extension);
    let name = taken.has(plain.toLowerCase()) ? `${plain}_${extension.slice(1)}` : plain;
    while (taken.has(name.toLowerCase())) name += '_';
    taken.add(name.toLowerCase());
    return { name, path, reader: readers[extension.toLowerCase()] as string };
  });
}

export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
