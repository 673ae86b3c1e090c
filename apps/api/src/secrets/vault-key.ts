/** The vault's key: 32 bytes from the environment, or from the 0600 file vault.key, which is made when the first secret is set and never again. */
import { randomBytes } from 'node:crypto';
import { chmodSync, closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { FailureError, failure } from '@switchyard/shared';

const keyBytes = 32;

export interface VaultKeySource {
  file: string;
  /** Text of SWITCHYARD_VAULT_KEY, hex or base64 of 32 bytes; wins over the file. */
  fromEnvironment?: string;
}

/** The key there is, or undefined where none was made yet. Throws the FailureError `vault-refused` where it is not a key. */
export function readVaultKey(source: VaultKeySource): Buffer | undefined {
  if (source.fromEnvironment !== undefined) return parseKey(source.fromEnvironment, 'SWITCHYARD_VAULT_KEY');
  let text: string;
  try {
    text = readFileSync(source.file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw refused(`the key file ${source.file} cannot be read (${(error as Error).message})`);
  }
  chmodSync(source.file, 0o600);
  return parseKey(text, source.file);
}

/** Makes a new key file; throws where there is one. The key is on disk before anything is sealed with it. */
export function createVaultKey(file: string): Buffer {
  const key = randomBytes(keyBytes);
  const handle = openSync(file, 'wx', 0o600);
  writeSync(handle, `${key.toString('base64')}\n`);
  fsyncSync(handle);
  closeSync(handle);
  return key;
}

function parseKey(text: string, place: string): Buffer {
  const trimmed = text.trim();
  const key = /^[0-9a-fA-F]{64}$/.test(trimmed) ? Buffer.from(trimmed, 'hex') : Buffer.from(trimmed, 'base64');
  if (key.length !== keyBytes) throw refused(`${place} holds no key: 32 bytes in base64 or hex are expected`);
  return key;
}

/** Why the vault does not open, and that nothing was made anew. */
export function refused(why: string): FailureError {
  return new FailureError(
    failure(
      'vault-refused',
      `The vault is not opened: ${why}. No new key was made, since it could not open what is stored. Put the right key back, or remove the secrets' rows to start over.`,
    ),
  );
}
