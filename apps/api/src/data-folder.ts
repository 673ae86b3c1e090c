/**
 * The data folder: where it is, that only its owner reads it, and that one process at a time holds it.
 * The lock is an exclusive transaction on lock.db, which the operating system releases when the process dies, however it dies.
 */
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, networkInterfaces } from 'node:os';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { FailureError, failure } from '@switchyard/shared';

export interface DataFolder {
  path: string;
  file(name: string): string;
  /** Lets another process have it. */
  release(): void;
}

/** `$XDG_DATA_HOME/switchyard`, or `~/.local/share/switchyard`. */
export function defaultDataFolder(environment: Readonly<Record<string, string | undefined>>): string {
  const base = environment.XDG_DATA_HOME;
  return join(base && resolve(base) === base ? base : join(homedir(), '.local', 'share'), 'switchyard');
}

/** Notes where the server that holds the folder answers; the returned function forgets it. */
export function noteAddress({ file }: DataFolder, url: string): () => void {
  writeFileSync(file('address'), `${url}\n`, { mode: 0o600 });
  return () => rmSync(file('address'), { force: true });
}

/** The server that noted its address in the folder, and the token that it takes. It may be gone. Undefined where the address is none of this machine: no token is sent away. */
export function serverOf(folder: string, environment: Readonly<Record<string, string | undefined>>): { url: string; token: string } | undefined {
  const [address, tokenFile] = [join(folder, 'address'), join(folder, 'token')];
  const token = environment.SWITCHYARD_TOKEN ?? (existsSync(tokenFile) ? readFileSync(tokenFile, 'utf8') : undefined);
  if (token === undefined || !existsSync(address)) return undefined;
  const url = readFileSync(address, 'utf8').trim();
  return isOfThisMachine(url) ? { url, token: token.trim() } : undefined;
}

function isOfThisMachine(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname, pathname } = new URL(url);
  const own = ['localhost', '127.0.0.1', '::1', ...Object.values(networkInterfaces()).flatMap((each) => (each ?? []).map((one) => one.address))];
  return protocol === 'http:' && pathname === '/' && own.includes(hostname.replace(/^\[(.*)\]$/, '$1'));
}

/** Makes the folder where it is missing and takes its lock. Throws the FailureError `data-folder-locked` or `data-folder-unusable`. */
export function openDataFolder(path: string): DataFolder {
  // A variable that was never set, which would make a data folder of wherever one stands.
  if (path.trim() === '') throw new FailureError(failure('data-folder-unusable', 'The data folder is an empty text. Name a folder with --data.'));
  const folder = resolve(path);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const held = readdirSync(folder);
    // A folder that holds something else, such as /tmp, keeps its rights; the files made in it are private all the same.
    if (held.length === 0 || held.includes('lock.db')) chmodSync(folder, 0o700);
  } catch (error) {
    throw unusable(folder, error);
  }
  const release = lock(folder);
  return { path: folder, file: (name) => join(folder, name), release };
}

/** A handle that nobody holds is closed by the garbage collector, and its lock with it. */
const locks = new Set<DatabaseSync>();

function lock(folder: string): () => void {
  const holder = join(folder, 'lock.pid');
  let sqlite: DatabaseSync | undefined;
  try {
    sqlite = new DatabaseSync(join(folder, 'lock.db'), { timeout: 0 });
    sqlite.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    sqlite?.close();
    const { errcode } = error as { errcode?: number };
    // SQLITE_BUSY: another process holds the transaction.
    if (errcode !== undefined && (errcode & 0xff) === 5) throw locked(folder, holder);
    throw unusable(folder, error);
  }
  writeFileSync(holder, `${process.pid}\n`, { mode: 0o600 });
  // Of a server that was killed.
  rmSync(join(folder, 'address'), { force: true });
  const held = sqlite;
  locks.add(held);
  return () => {
    if (!locks.delete(held)) return;
    rmSync(holder, { force: true });
    held.close();
  };
}

function locked(folder: string, holder: string): FailureError {
  const [number, address] = [holder, join(folder, 'address')].map(noted);
  const one = number === undefined ? 'another process' : `process ${number}`;
  const by = address === undefined ? one : `the server at ${address} (${one})`;
  return new FailureError(
    failure('data-folder-locked', `The data folder ${folder} is in use by ${by}. Stop that one first, or choose another folder with --data.`),
  );
}

/** What the holder has noted in the file; undefined where it has not, or not yet. */
function noted(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}

function unusable(folder: string, error: unknown): FailureError {
  return new FailureError(
    failure('data-folder-unusable', `The data folder ${folder} cannot be used: ${(error as Error).message}. Choose another with --data.`),
  );
}
