/** Secrets as they are stored: sealed by the vault, which alone can open them. */
import type { Database } from './schema.ts';

export interface SealedSecret {
  name: string;
  /** Origins it may be sent to; empty until it is first used. */
  origins: string[];
  nonce: Uint8Array;
  /** Ciphertext and tag. */
  sealed: Uint8Array;
}

export async function listSecrets(database: Database): Promise<SealedSecret[]> {
  const rows = await database.selectFrom('secrets').select(['name', 'origins', 'nonce', 'sealed']).orderBy('name').execute();
  return rows.map((row) => ({ ...row, origins: JSON.parse(row.origins) as string[] }));
}

/** Stores the secret, in place of one of that name. */
export async function putSecret(database: Database, { name, origins, nonce, sealed }: SealedSecret): Promise<void> {
  const row = { origins: JSON.stringify(origins), nonce, sealed, updated_at: Date.now() };
  await database
    .insertInto('secrets')
    .values({ name, ...row })
    .onConflict((conflict) => conflict.column('name').doUpdateSet(row))
    .execute();
}

/** False where there is no such secret. */
export async function removeSecret(database: Database, name: string): Promise<boolean> {
  const outcome = await database.deleteFrom('secrets').where('name', '=', name).executeTakeFirst();
  return outcome.numDeletedRows === 1n;
}
