/** Which secrets an entry of the workspace names, and which origin they would be sent to. */
import type { Connection, Model } from '@switchyard/shared';
import type { StoredEntry } from '../db/entries.ts';

/** Where each provider is reached without a `baseUrl`; undefined where there is no address. */
const providerOrigins: Readonly<Record<Model['provider'], string | undefined>> = {
  builtin: undefined,
  'openai-compatible': undefined,
  openai: 'https://api.openai.com',
  anthropic: 'https://api.anthropic.com',
  google: 'https://generativelanguage.googleapis.com',
  ollama: 'http://127.0.0.1:11434',
};

/** The key each hosted vendor's models use where they name none. */
export const vendorKeyNames: Readonly<Partial<Record<Model['provider'], string>>> = {
  openai: 'OPENAI_API_KEY',
  anthropic: 'ANTHROPIC_API_KEY',
  google: 'GOOGLE_GENERATIVE_AI_API_KEY',
};

export interface SecretUse {
  secrets: string[];
  /** Undefined where the entry has no address. */
  origin: string | undefined;
}

export function secretUse(entry: Pick<StoredEntry, 'sort' | 'value'>): SecretUse {
  return entry.sort === 'model' ? modelUse(entry.value as Model) : connectionUse(entry.value as Connection);
}

function modelUse(model: Model): SecretUse {
  return {
    secrets: model.apiKey ? [model.apiKey.secret] : [],
    origin: model.baseUrl === undefined ? providerOrigins[model.provider] : new URL(model.baseUrl).origin,
  };
}

function connectionUse(connection: Connection): SecretUse {
  if (connection.type !== 'http') return { secrets: [], origin: undefined };
  const secrets = Object.values(connection.headers ?? {}).flatMap((header) => (typeof header === 'string' ? [] : [header.secret]));
  return { secrets, origin: new URL(connection.baseUrl).origin };
}
