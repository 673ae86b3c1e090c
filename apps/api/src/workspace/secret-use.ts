/** Which secrets an entry of the workspace names, and which origin they would be sent to. */
import { modelKeyName, modelOrigin } from '@switchyard/engine/adapters';
import type { Connection, Model } from '@switchyard/shared';
import type { StoredEntry } from '../db/entries.ts';

export interface SecretUse {
  secrets: string[];
  /** Undefined where the entry has no address. */
  origin: string | undefined;
}

export function secretUse(entry: Pick<StoredEntry, 'sort' | 'value'>): SecretUse {
  return entry.sort === 'model' ? modelUse(entry.value as Model) : connectionUse(entry.value as Connection);
}

function modelUse(model: Model): SecretUse {
  const key = modelKeyName(model);
  return { secrets: key === undefined ? [] : [key], origin: modelOrigin(model) };
}

function connectionUse(connection: Connection): SecretUse {
  if (connection.type !== 'http') return { secrets: [], origin: undefined };
  const secrets = Object.values(connection.headers ?? {}).flatMap((header) => (typeof header === 'string' ? [] : [header.secret]));
  return { secrets, origin: new URL(connection.baseUrl).origin };
}
