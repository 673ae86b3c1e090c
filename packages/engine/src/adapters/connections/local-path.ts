/** Files and folders that connections and models name: a path or a file: URL on this machine, and nothing else. */
import { resolve as resolvePath } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FailureError, failure } from '@switchyard/shared';

/** `shop.db`, `file:shop.db` or `file:///data/shop.db`, made absolute. URL parameters are refused: a driver might read them as settings. */
export function localPath(text: string, { name, baseDirectory, of = `connection "${name}"` }: { name: string; baseDirectory: string; of?: string }): string {
  const refuse = (why: string) =>
    new FailureError(failure('connection-invalid', `The path of ${of} ${why}. Write it as "file:NAME" or "file:///FOLDER/NAME".`));
  if (text.includes('?') || text.includes('#')) throw refuse('has a query or a fragment, which a file may not have');
  if (text.includes('\0') || text === '' || text === ':memory:') throw refuse('names no file');
  if (text.startsWith('file://')) {
    try {
      return fileURLToPath(text);
    } catch {
      throw refuse('is no URL of a file on this machine');
    }
  }
  const path = text.startsWith('file:') ? decodePath(text.slice('file:'.length), refuse) : text;
  if (path === '' || /^[a-z][a-z0-9+.-]+:/i.test(path)) throw refuse('names no file');
  return resolvePath(baseDirectory, path);
}

function decodePath(path: string, refuse: (why: string) => FailureError): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw refuse('has a percent sign that encodes nothing');
  }
}
