/** Which secrets an entry of the workspace names, and which origins they would be sent to. */
import { modelKeyName, modelOrigin } from '@switchyard/engine/adapters';
import { connectionSecrets, connectionTypeOf, type Connection, type Model } from '@switchyard/shared';
import type { StoredEntry } from '../db/entries.ts';

export interface SecretUse {
  secrets: string[];
  /** None where the entry has no address. */
  origins: string[];
}

export function secretUse(entry: Pick<StoredEntry, 'sort' | 'value'>): SecretUse {
  return entry.sort === 'model' ? modelUse(entry.value as Model) : connectionUse(entry.value as Connection);
}

function modelUse(model: Model): SecretUse {
  const key = modelKeyName(model);
  const origin = modelOrigin(model);
  return { secrets: key === undefined ? [] : [key], origins: origin === undefined ? [] : [origin] };
}

function connectionUse(connection: Connection): SecretUse {
  return { secrets: connectionSecrets(connection), origins: connectionTypeOf(connection).origins(connection) };
}
