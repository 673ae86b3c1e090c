/** Finds models that this machine can use without any setting up: API keys in the environment, and a running Ollama. */
import { get } from 'node:http';
import { json } from 'node:stream/consumers';
import { isJsonObject, type JsonObject, type Model, type ModelCard } from '@switchyard/shared';
import { remoteProviders, type RemoteProvider } from './providers.ts';

export interface DiscoveredModel {
  model: Model;
  /** Where it was found, for the person who reads the list. */
  note: string;
}

/** Gets a URL's JSON; rejects or gives anything else where nothing of use answers there. */
export type Probe = (url: string) => Promise<unknown>;

/** The model named for each key. Any other of the vendor's models may be set in its place. */
const vendorModels: readonly [RemoteProvider, string][] = [
  ['openai', 'gpt-5.6'],
  ['anthropic', 'claude-sonnet-5-5'],
  ['google', 'gemini-flash-latest'],
];

const ollamaTags = 'http://127.0.0.1:11434/api/tags';
const probeMs = 300;
const mostLocalModels = 50;

/** Models found, by the name they get in the workspace: `openai`, `anthropic`, `google`, `ollama-qwen3-0.6b`. Never rejects. */
export async function discoverModels(env: Readonly<Record<string, string | undefined>>, probe: Probe = probeJson): Promise<Record<string, DiscoveredModel>> {
  const found: Record<string, DiscoveredModel> = {};
  for (const [provider, model] of vendorModels) {
    const { keyName } = remoteProviders[provider];
    if (keyName === undefined || !env[keyName]) continue;
    found[provider] = { model: { provider, model, apiKey: { secret: keyName } }, note: `From ${keyName} in the environment; its model name can be changed.` };
  }
  for (const entry of await ollamaModels(probe)) {
    const name = `ollama-${String(entry.name)
      .replace(/:latest$/, '')
      .replaceAll(/[^a-zA-Z0-9_.-]+/g, '-')}`.slice(0, 64);
    const card = cardOf(entry);
    found[name] = { model: { provider: 'ollama', model: String(entry.name), ...(card && { card }) }, note: 'From the Ollama that runs on this machine.' };
  }
  return found;
}

/** Gets JSON from a loopback address, within 300 ms. By node:http, since the global fetch costs a starting server 16 MB and 40 ms. */
export function probeJson(url: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const request = get(url, { signal: AbortSignal.timeout(probeMs), agent: false }, (response) => {
      json(response).then(resolve, reject);
    });
    request.on('error', reject);
  });
}

async function ollamaModels(probe: Probe): Promise<JsonObject[]> {
  let answer: unknown;
  try {
    answer = await probe(ollamaTags);
  } catch {
    return [];
  }
  if (!isJsonObject(answer) || !Array.isArray(answer.models)) return [];
  return answer.models.filter((entry) => isJsonObject(entry) && typeof entry.name === 'string' && canChat(entry)).slice(0, mostLocalModels) as JsonObject[];
}

/** Models that only embed text answer no request. */
function canChat(entry: JsonObject): boolean {
  const family = isJsonObject(entry.details) ? String(entry.details.family ?? '') : '';
  return !/bert/.test(family) && !/embed/.test(String(entry.name));
}

/** Size from Ollama's own words: `parameter_size` such as "751.63M" or "8B", `quantization_level` such as "Q4_K_M" or "F16". */
function cardOf(entry: JsonObject): ModelCard | undefined {
  const details = isJsonObject(entry.details) ? entry.details : {};
  const size = /^([\d.]+)\s*([MBT])$/i.exec(String(details.parameter_size ?? ''));
  const level = /(?:Q|F|BF|FP)(\d{1,2})/i.exec(String(details.quantization_level ?? ''));
  const unit = { M: 0.001, B: 1, T: 1000 }[size?.[2]?.toUpperCase() ?? ''];
  const parametersB = size && unit !== undefined ? Number((Number(size[1]) * unit).toPrecision(6)) : undefined;
  const bitsPerWeight = level ? Number(level[1]) : undefined;
  if (!parametersB && !bitsPerWeight) return undefined;
  return { ...(parametersB && { parametersB }), ...(bitsPerWeight && { bitsPerWeight }) };
}
