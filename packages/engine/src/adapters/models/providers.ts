/** Every provider a model of the workspace can have: its address, where its key comes from, and its client. */
import { isLocalProvider, type LocalProvider, type Model } from '@switchyard/shared';
import { createChatClient } from './chat-client.ts';
import type { ModelClient } from './model-endpoint.ts';
import { anthropic, google, openai } from './vendors/index.ts';
import { createVendorClient } from './vendors/vendor-client.ts';

export interface Provider {
  /** Used where the model gives no base URL; undefined where it must. */
  baseUrl?: string;
  /** Path that a base URL without one gets. */
  defaultPath?: string;
  /** Name of the secret that holds the key where the model names none; such a provider cannot be asked without a key. */
  keyName?: string;
  /** Its endpoint has the `/embeddings` of OpenAI's protocol. */
  embeds?: true;
  createClient(): ModelClient;
}

/** Providers that are reached over HTTP. */
export type RemoteProvider = Exclude<Model['provider'], 'builtin' | LocalProvider>;

export const remoteProviders: Readonly<Record<RemoteProvider, Provider>> = {
  'openai-compatible': { embeds: true, createClient: createChatClient },
  ollama: { baseUrl: 'http://127.0.0.1:11434/v1', defaultPath: '/v1', embeds: true, createClient: createChatClient },
  openai: { baseUrl: 'https://api.openai.com/v1', keyName: 'OPENAI_API_KEY', embeds: true, createClient: () => createVendorClient(openai) },
  anthropic: { baseUrl: 'https://api.anthropic.com/v1', keyName: 'ANTHROPIC_API_KEY', createClient: () => createVendorClient(anthropic) },
  google: {
    baseUrl: 'https://generativelanguage.googleapis.com/v1beta',
    keyName: 'GOOGLE_GENERATIVE_AI_API_KEY',
    createClient: () => createVendorClient(google),
  },
};

/** The provider of a model that is reached over HTTP; undefined for any other. */
export function remoteProviderOf({ provider }: Model): Provider | undefined {
  return provider === 'builtin' || isLocalProvider(provider) ? undefined : remoteProviders[provider];
}
