/** The token that programs come in with: from the environment, or a random one in the 0600 file `token` of the data folder. */
import { randomBytes } from 'node:crypto';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { FailureError, failure } from '@switchyard/shared';

const shortest = 32;

export interface TokenSource {
  file: string;
  /** Text of SWITCHYARD_TOKEN; wins over the file. */
  fromEnvironment?: string;
  /** Whether others than this machine can reach the server: then the token must have been there before. */
  isExposed: boolean;
}

/** Throws the FailureError `token-missing` or `token-weak`. */
export function readAccessToken({ file, fromEnvironment, isExposed }: TokenSource): string {
  if (fromEnvironment !== undefined) return checked(fromEnvironment, 'SWITCHYARD_TOKEN');
  let text: string | undefined;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  if (text !== undefined) {
    chmodSync(file, 0o600);
    return checked(text, file);
  }
  if (isExposed) {
    throw new FailureError(
      failure(
        'token-missing',
        `Switchyard does not listen on an address that other machines reach before a token is configured. Set SWITCHYARD_TOKEN to ${shortest} random characters or more, or start once without --host, which writes ${file}.`,
      ),
    );
  }
  const token = randomBytes(32).toString('base64url');
  writeFileSync(file, `${token}\n`, { mode: 0o600, flag: 'wx', flush: true });
  return token;
}

function checked(text: string, place: string): string {
  const token = text.trim();
  if (token.length >= shortest && /^[\x21-\x7e]+$/.test(token)) return token;
  throw new FailureError(
    failure('token-weak', `The token in ${place} is too weak: ${shortest} or more printable characters without spaces are needed, from a random source.`),
  );
}
