/** Performs calls of kind `model`: finds the model in the workspace, resolves its address and key, and hands over to its provider's client. */
import { FailureError, failure, isLocalProvider, type LocalProvider, type Model, type ModelRequest, type Workspace } from '@switchyard/shared';
import type { Dispatcher } from 'undici';
import type { Performed, Performer, PerformScope, SecretSource } from '../../host.ts';
import { addressOf, type ModelClient, type ModelEndpoint } from './model-endpoint.ts';
import { withProtocol } from './protocols/with-protocol.ts';
import type { LocalModels } from './local/local-models.ts';
import { remoteProviderOf, remoteProviders } from './providers.ts';

export interface ModelPerformerOptions {
  /** The workspace as it is now: read at every call, so that an edit takes effect at once. */
  workspace(): Workspace;
  secrets: SecretSource;
  /** A dispatcher that reaches these origins and no other: `createEgress` has it. */
  dispatcher(permitted: readonly string[]): Dispatcher;
  /** Models that run within Switchyard; without it there are none. */
  local?: LocalModels;
  /** An answer that pauses for so long has failed; default 120,000. */
  idleMs?: number;
  /** Models are asked in exactly the way that they say, or not at all. */
  isExact?: true;
}

const defaultIdleMs = 120_000;

/** The performer of call kind `model`. */
export function createModelPerformer(options: ModelPerformerOptions): Performer {
  const ask = createModelCaller(options);
  return (call, scope) => {
    const request = call.request as unknown as ModelRequest;
    const model = findModel(options.workspace(), request.model);
    return model ? ask(model, request, scope) : Promise.reject(modelMissing(request.model));
  };
}

export function findModel({ models }: Workspace, name: string): Model | undefined {
  return Object.hasOwn(models, name) ? models[name] : undefined;
}

export function modelMissing(name: string): FailureError {
  return new FailureError(failure('model-missing', `The workspace defines no model "${name}". Add it there, or choose another model.`));
}

/** Asks a model that need not be in the workspace; `request.model` is what messages call it. */
export function createModelCaller(
  options: Omit<ModelPerformerOptions, 'workspace'>,
): (model: Model, request: ModelRequest, scope: PerformScope) => Promise<Performed> {
  const clients = new Map<Exclude<Model['provider'], 'builtin'>, ModelClient>();
  return async (model, request, scope) => {
    if (model.provider === 'builtin') {
      const { builtinModel } = await import('./builtin/index.ts');
      return builtinModel(model.model)(request, scope);
    }
    const { provider } = model;
    let client = clients.get(provider);
    if (!client) {
      client = withProtocol(isLocalProvider(provider) ? localClient(provider, options) : remoteProviders[provider].createClient());
      clients.set(provider, client);
    }
    return client(request, resolveEndpoint(request.model, model, options), scope);
  };
}

/** Name of the secret that the model's key comes from: its own, or its provider's; undefined where it needs none. */
export function modelKeyName(model: Model): string | undefined {
  return model.apiKey?.secret ?? remoteProviderOf(model)?.keyName;
}

/** Origin that the model's key is sent to; undefined where it has no address. */
export function modelOrigin(model: Model): string | undefined {
  const address = model.baseUrl ?? remoteProviderOf(model)?.baseUrl;
  return address === undefined ? undefined : new URL(address).origin;
}

/** Where and how the model is asked. Throws `model-incomplete` or `secret-missing`. */
export function resolveEndpoint(name: string, model: Model, options: Omit<ModelPerformerOptions, 'workspace'>): ModelEndpoint {
  const provider = remoteProviderOf(model);
  if (!provider) return localEndpoint(name, model, options);
  const address = model.baseUrl ?? provider.baseUrl;
  if (address === undefined)
    throw new FailureError(
      failure('model-incomplete', `Model "${name}" has no base URL. Set it in the workspace, to something like http://127.0.0.1:8000/v1.`),
    );
  const { origin, path: written } = addressOf(address);
  const path = written === '' ? (provider.defaultPath ?? '') : written;
  const keyName = modelKeyName(model);
  const apiKey = keyName === undefined ? undefined : options.secrets.get(keyName);
  if (keyName !== undefined && !apiKey) {
    throw new FailureError(
      failure('secret-missing', `Model "${name}" needs the secret "${keyName}", which neither the vault nor the environment holds. Set it in the workspace.`),
    );
  }
  const { protocol, schemaField } = reachOf(model);
  return {
    name,
    model: schemaField === model.schemaField ? model : { ...model, ...(schemaField && { schemaField }) },
    baseUrl: origin + path,
    apiKey,
    keyName,
    dispatcher: options.dispatcher([origin]),
    idleMs: options.idleMs ?? defaultIdleMs,
    protocol,
    ...(options.isExact && { isExact: true }),
  };
}

function localClient(provider: LocalProvider, { local }: Pick<ModelPerformerOptions, 'local'>): ModelClient {
  if (local) return local.client(provider);
  throw new FailureError(failure('provider-unavailable', `Models of provider "${provider}" do not run in this process. Choose another provider.`));
}

/** A model that runs here reaches nothing. */
function localEndpoint(name: string, model: Model, options: Omit<ModelPerformerOptions, 'workspace'>): ModelEndpoint {
  const baseUrl = `file:${options.local?.placeOf(name, model.model) ?? model.model}`;
  const { protocol } = reachOf(model);
  return { name, model, baseUrl, apiKey: undefined, keyName: undefined, dispatcher: options.dispatcher([]), idleMs: defaultIdleMs, protocol };
}

/** What the workspace says of the model counts, else what its latest test found. */
function reachOf({ protocol, schemaField, tested }: Model): Record<'protocol', Model['protocol']> & Record<'schemaField', Model['schemaField']> {
  return { protocol: protocol ?? tested?.protocol, schemaField: schemaField ?? tested?.schemaField };
}
