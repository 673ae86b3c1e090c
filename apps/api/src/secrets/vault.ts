/**
 * The vault: secrets sealed with AES-256-GCM, a fresh nonce for each sealing, bound to their name and the origins they may be sent to.
 *
 * 1. Every stored secret is opened once at start; one that does not open refuses the start, and a new key is never made while any is stored.
 * 2. Nothing outside gets a secret but a run's calls, through SecretSource; no procedure reads one back.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { listSecrets, putSecret, removeSecret, type SealedSecret } from '../db/secrets.ts';
import type { Database } from '../db/schema.ts';
import { createVaultKey, readVaultKey, refused, type VaultKeySource } from './vault-key.ts';

interface OpenSecret {
  value: string;
  origins: readonly string[];
}

const tagBytes = 16;

export class Vault {
  readonly #database: Database;
  readonly #source: VaultKeySource;
  readonly #open: Map<string, OpenSecret>;
  #key: Buffer | undefined;

  private constructor(database: Database, source: VaultKeySource, key: Buffer | undefined, open: Map<string, OpenSecret>) {
    this.#database = database;
    this.#source = source;
    this.#key = key;
    this.#open = open;
  }

  /** Rejects with the FailureError `vault-refused` where the key is missing or wrong, or a row was changed. */
  static async open(database: Database, source: VaultKeySource): Promise<Vault> {
    const stored = await listSecrets(database);
    const key = readVaultKey(source);
    if (!key && stored.length > 0) throw refused(`${stored.length} secrets are stored, but neither ${source.file} nor SWITCHYARD_VAULT_KEY is there`);
    const open = new Map<string, OpenSecret>();
    for (const secret of stored) open.set(secret.name, { value: unseal(key as Buffer, secret), origins: secret.origins });
    return new Vault(database, source, key, open);
  }

  names(): string[] {
    return [...this.#open.keys()].sort();
  }

  get(name: string): string | undefined {
    return this.#open.get(name)?.value;
  }

  /** Where the secret may be sent; an empty list while nothing has used it. Undefined where the vault holds none of that name. */
  origins(name: string): readonly string[] | undefined {
    return this.#open.get(name)?.origins;
  }

  values(): string[] {
    return [...this.#open.values()].map(({ value }) => value);
  }

  /** Resolves once the secret is on disk. */
  async set(name: string, value: string, origins: readonly string[]): Promise<void> {
    this.#key ??= createVaultKey(this.#source.file);
    await putSecret(this.#database, seal(this.#key, { name, value, origins: [...origins] }));
    this.#open.set(name, { value, origins: [...origins] });
  }

  /** False where there is no such secret. */
  async remove(name: string): Promise<boolean> {
    this.#open.delete(name);
    return await removeSecret(this.#database, name);
  }
}

function seal(key: Buffer, { name, value, origins }: { name: string; value: string; origins: string[] }): SealedSecret {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(boundTo(name, origins));
  const sealed = Buffer.concat([cipher.update(value, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return { name, origins, nonce, sealed };
}

function unseal(key: Buffer, { name, origins, nonce, sealed }: SealedSecret): string {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes })
      .setAAD(boundTo(name, origins))
      .setAuthTag(sealed.subarray(-tagBytes));
    return Buffer.concat([decipher.update(sealed.subarray(0, -tagBytes)), decipher.final()]).toString('utf8');
  } catch {
    throw refused(`the secret "${name}" does not open with this key: the key is another, or the row was changed`);
  }
}

function boundTo(name: string, origins: string[]): Buffer {
  return Buffer.from(JSON.stringify(['switchyard.secret', 1, name, origins]));
}
