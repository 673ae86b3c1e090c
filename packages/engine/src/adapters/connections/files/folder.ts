/**
 * A folder of this machine as a store of objects.
 *
 * 1. Nothing outside the folder is read: a key has no `..`, and what is opened is what stands at the key with no link on the way.
 * 2. Hidden files and folders, links, and what is no regular file are not there.
 * 3. A listing looks at so many entries at most; one that would need more says that it is cut.
 */
import { constants } from 'node:fs';
import { lstat, open, readdir, realpath, stat, type FileHandle } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { FailureError, failure } from '@switchyard/shared';
import { checkedKey, objectMissing, type Listing, type ObjectBytes, type ObjectFacts, type ObjectStore } from '../../objects/object-store.ts';

const mostLooked = 50_000;
const deepest = 32;

export function openFolder(path: string, name: string): ObjectStore {
  return {
    name,
    async list({ prefix, after = '', most }, signal): Promise<Listing> {
      const objects: ObjectFacts[] = [];
      for await (const object of walk({ root: await rootOf(path, name), prefix, after, signal })) {
        if (object === 'cut' || objects.length === most) return { objects, isCut: true };
        objects.push(object);
      }
      return { objects, isCut: false };
    },
    async read(key, most, signal): Promise<ObjectBytes> {
      const handle = await openFile(await rootOf(path, name), key, name);
      try {
        signal.throwIfAborted();
        const { size } = await handle.stat();
        const bytes = Buffer.alloc(Math.min(size, most));
        const { bytesRead } = await handle.read(bytes, 0, bytes.length, 0);
        return { bytes: bytes.subarray(0, bytesRead), size };
      } finally {
        await handle.close();
      }
    },
  };
}

/** The folder itself may be reached by a link: whoever made the connection named it. */
async function rootOf(path: string, name: string): Promise<string> {
  try {
    const root = await realpath(path);
    if ((await stat(root)).isDirectory()) return root;
  } catch {
    // Told below.
  }
  throw new FailureError(
    failure('connection-unreachable', `The folder of connection "${name}" is not there, is no folder, or may not be read: ${path}. Check its path.`, {
      retry: 'policy',
    }),
  );
}

async function openFile(root: string, key: string, name: string): Promise<FileHandle> {
  if (checkedKey(key).split('/').some(isHidden)) throw objectMissing(key, name);
  const path = join(root, ...key.split('/'));
  let handle: FileHandle | undefined;
  try {
    // A pipe would wait for a writer, and a link lead elsewhere.
    handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const opened = await handle.stat();
    // Looked at after it was opened: what the path leads to now must be what was opened, with no link on the way.
    const found = await lstat(path);
    const isIt = found.ino === opened.ino && found.dev === opened.dev && (await realpath(path)) === path && path.startsWith(root + sep);
    if (opened.isFile() && isIt) return handle;
  } catch {
    // It is not there, or is nothing that may be read: one answer for all, which tells nothing of what is there.
  }
  await handle?.close();
  throw objectMissing(key, name);
}

interface Walk {
  root: string;
  prefix: string;
  after: string;
  signal: AbortSignal;
  /** Entries looked at so far. */
  looked: number;
}

/** The files in the order of their keys; ends with `cut` where there are too many entries. */
function walk(from: Omit<Walk, 'looked'>): AsyncGenerator<ObjectFacts | 'cut'> {
  return inside({ ...from, looked: 0 }, '', 0);
}

async function* inside(walk: Walk, parent: string, depth: number): AsyncGenerator<ObjectFacts | 'cut'> {
  const { root, prefix, after, signal } = walk;
  signal.throwIfAborted();
  const entries = await readdir(join(root, parent), { withFileTypes: true }).catch(() => []);
  walk.looked += entries.length;
  if (walk.looked > mostLooked || depth > deepest) {
    yield 'cut';
    return;
  }
  const keys = entries
    .filter((entry) => !isHidden(entry.name) && (entry.isDirectory() || entry.isFile()))
    // A folder sorts as its keys do, with the slash.
    .map((entry) => parent + entry.name + (entry.isDirectory() ? '/' : ''))
    .sort();
  for (const key of keys) {
    if (key.endsWith('/')) {
      const mayHold = (key.startsWith(prefix) || prefix.startsWith(key)) && (key > after || after.startsWith(key));
      if (mayHold) yield* inside(walk, key, depth + 1);
    } else if (key.startsWith(prefix) && key > after) {
      const facts = await factsOf(root, key);
      if (facts) yield facts;
    }
  }
}

async function factsOf(root: string, key: string): Promise<ObjectFacts | undefined> {
  try {
    const { size, mtime, mtimeMs, ino } = await lstat(join(root, key));
    return { key, size, modified: mtime.toISOString(), version: `${size}-${mtimeMs}-${ino}` };
  } catch {
    // It went while it was looked for.
    return undefined;
  }
}

function isHidden(name: string): boolean {
  return name.startsWith('.') || name.includes('\\');
}
