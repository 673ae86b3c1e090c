/** A model as it is being written, and as the workspace takes it. Pure. */
import { modelSchema, nameSchema, type Model, type ModelCard, type ModelProtocol, type SchemaField } from '@switchyard/shared';
import type { ModelPreset } from './model-presets.ts';

export interface ModelDraft {
  name: string;
  provider: Model['provider'];
  model: string;
  baseUrl: string;
  /** The key's text; goes to the vault. Empty leaves the key as it is. */
  apiKey: string;
  card: ModelCard;
  concurrency: number | undefined;
  requestsPerMinute: number | undefined;
  /** How it is given tools; undefined leaves that to its latest test. */
  protocol: ModelProtocol | undefined;
  schemaField: SchemaField | undefined;
  /** The model that is changed; undefined for a new one. */
  before: Model | undefined;
}

/** A draft from a preset. */
export function presetDraft(preset: ModelPreset): ModelDraft {
  return {
    name: '',
    provider: preset.provider,
    model: '',
    baseUrl: preset.baseUrl ?? '',
    apiKey: '',
    card: {},
    concurrency: undefined,
    requestsPerMinute: undefined,
    protocol: undefined,
    schemaField: undefined,
    before: undefined,
  };
}

/** A draft of a model that is there already. */
export function modelDraft(name: string, model: Model): ModelDraft {
  return {
    name,
    provider: model.provider,
    model: model.model,
    baseUrl: model.baseUrl ?? '',
    apiKey: '',
    card: model.card ?? {},
    concurrency: model.limits?.concurrency,
    requestsPerMinute: model.limits?.requestsPerMinute,
    protocol: model.protocol,
    schemaField: model.schemaField,
    before: model,
  };
}

/** A name for the workspace from the model's own, such as `qwen3-32b` from `Qwen/Qwen3-32B`. */
export function suggestedName(model: string): string {
  const last =
    model
      .replace(/\.gguf$|\/$/i, '')
      .split('/')
      .at(-1) ?? '';
  return last
    .toLowerCase()
    .replaceAll(/[^a-z0-9_.-]+/g, '-')
    .replaceAll(/^[^a-z0-9]+|-+$/g, '')
    .slice(0, 64);
}

/** What the model's own name tells of its size: `qwen3-32b` has 32 billion parameters, `qwen3:0.6b` has 0.6. */
export function parametersIn(model: string): number | undefined {
  const match = /(?:^|[^a-z0-9.])(\d+(?:\.\d+)?)\s*b(?![a-z0-9])/i.exec(model);
  return match ? Number(match[1]) : undefined;
}

/** The model as saved, or what is wrong with it, by field. A new one takes no name that is `taken`: it would stand in the place of the other. */
export function readModel(draft: ModelDraft, taken: readonly string[] = []): { name: string; model: Model } | { mistakes: Record<string, string> } {
  const mistakes: Record<string, string> = {};
  const name = draft.name.trim() || suggestedName(draft.model);
  const named = nameSchema.safeParse(name);
  // Where no model is said yet, its name follows from it.
  if (!named.success && (name !== '' || draft.model.trim() !== '')) mistakes.name = name === '' ? 'Give it a name.' : sentence(named.error.issues[0]?.message);
  else if (taken.includes(name)) mistakes.name = 'There is a model of that name already. Take another name, or change that one.';
  const { concurrency, requestsPerMinute, before, card, baseUrl } = draft;
  const limits = { ...(concurrency !== undefined && { concurrency }), ...(requestsPerMinute !== undefined && { requestsPerMinute }) };
  const read = modelSchema.safeParse({
    provider: draft.provider,
    model: draft.model.trim(),
    ...(baseUrl.trim() !== '' && { baseUrl: baseUrl.trim() }),
    ...(before?.apiKey && { apiKey: before.apiKey }),
    ...(draft.protocol && { protocol: draft.protocol }),
    ...(draft.protocol === 'json-schema' && draft.schemaField && { schemaField: draft.schemaField }),
    ...(Object.keys(card).length > 0 && { card }),
    ...(Object.keys(limits).length > 0 && { limits }),
  });
  if (draft.provider === 'openai-compatible' && baseUrl.trim() === '') mistakes.baseUrl = 'Say where the endpoint is.';
  for (const issue of read.error?.issues ?? []) mistakes[String(issue.path.at(-1) ?? 'model')] ??= fieldMistake(String(issue.path.at(-1)), issue.message);
  return read.success && Object.keys(mistakes).length === 0 ? { name, model: read.data } : { mistakes };
}

function fieldMistake(field: string, message: string): string {
  if (field === 'model') return 'Say which model the endpoint is to use.';
  if (field === 'baseUrl') return 'An address such as http://127.0.0.1:8000/v1.';
  return sentence(message);
}

function sentence(text = 'This does not fit'): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
