/**
 * What a store of objects is to whoever reads it: a folder or a bucket, its objects named by keys with slashes.
 *
 * 1. A key is relative to where the connection begins, and nothing above that can be named.
 * 2. Objects are listed in the order of their keys: a folder's by code units, a bucket's by bytes of UTF-8. They differ beyond U+FFFF alone.
 */
import { FailureError, failure } from '@switchyard/shared';

export interface ObjectFacts {
  key: string;
  /** In bytes. */
  size: number;
  /** ISO 8601. */
  modified: string;
  /** Another text wherever the content may be another. */
  version: string;
}

export interface ObjectBytes {
  /** The first of them, at most as many as were asked for. */
  bytes: Buffer;
  /** Of the whole object. */
  size: number;
  /** As the store has it; absent where it keeps none. */
  mediaType?: string;
}

export interface Listing {
  objects: ObjectFacts[];
  /** There are more after the last. */
  isCut: boolean;
}

export interface ObjectStore {
  /** The connection's name, for messages. */
  readonly name: string;
  list(place: { prefix: string; after?: string; most: number }, signal: AbortSignal): Promise<Listing>;
  /** Rejects with `object-missing`. */
  read(key: string, most: number, signal: AbortSignal): Promise<ObjectBytes>;
  /** An address from which whoever has it can get the object for so many seconds. */
  link?(key: string, seconds: number, signal: AbortSignal): Promise<string>;
  write?(key: string, content: { bytes: Buffer; mediaType: string }, signal: AbortSignal): Promise<void>;
  remove?(key: string, signal: AbortSignal): Promise<void>;
}

const longestKey = 1024;

/** The key as it was given, where it names something below the connection's beginning; throws `key-invalid` otherwise. */
export function checkedKey(key: string): string {
  const parts = key.split('/');
  const why =
    key === '' || Buffer.byteLength(key) > longestKey
      ? `has to be a text of 1 to ${longestKey} bytes`
      : parts.some((part) => part === '' || part === '.' || part === '..')
        ? 'may not begin or end with a slash, nor have empty parts, "." or ".." between slashes'
        : /[\p{Cc}\\]/u.test(key)
          ? 'has a backslash or a control character, which is not taken'
          : undefined;
  if (why) throw new FailureError(failure('key-invalid', `The key ${JSON.stringify(key.slice(0, 200))} ${why}. Take keys as list gives them.`));
  return key;
}

/** The failure of a key that leads to nothing. */
export function objectMissing(key: string, name: string): FailureError {
  return new FailureError(
    failure('object-missing', `There is nothing at the key ${JSON.stringify(key)} in connection "${name}". Ask list for the keys that there are.`),
  );
}
