/** For tests: the model performer on real connections to scripted models, with one workspace model `main` and its key. */
import { FailureError, type Failure, type Model, type ModelRequest, type ModelResult, type Usage, type Workspace } from '@switchyard/shared';
import type { Call } from '../../../port.ts';
import { startScriptedModel, type ScriptedModel, type ScriptedModelOptions, type Script } from '../../../testing/servers/scripted-model-server.ts';
import { createEgress, type Egress } from '../../egress/index.ts';
import { createModelPerformer } from '../model-performer.ts';

/** The key that scripted models want; the secret SCRIPTED_KEY holds it. */
export const testKey = 'sk-test-0123456789';

export interface TestPerformer {
  /** Asks `main`: "Hello?" unless told otherwise. */
  ask(request?: Partial<ModelRequest>, signal?: AbortSignal): Promise<{ result: ModelResult; usage: Partial<Usage> | undefined }>;
  /** The failure of a request that must fail, checked not to hold the key. */
  fails(request?: Partial<ModelRequest>, signal?: AbortSignal): Promise<Failure>;
  /** Text as it streamed. */
  deltas: string[];
}

/** Everything that one test starts; `close` ends it. */
export class ModelBench {
  readonly egress: Egress = createEgress();
  readonly #servers: ScriptedModel[] = [];

  /** A scripted model and a performer whose model `main` it is. */
  async start(script: Script, model: Partial<Model> = {}, options: ScriptedModelOptions = {}): Promise<TestPerformer & { server: ScriptedModel }> {
    const server = await startScriptedModel(script, { apiKey: testKey, ...options });
    this.#servers.push(server);
    return { server, ...this.performer({ ...server.model, apiKey: { secret: 'SCRIPTED_KEY' }, ...model }) };
  }

  performer(model: Model, idleMs?: number): TestPerformer {
    const workspace: Workspace = { format: 'switchyard.workspace', version: 1, models: { main: model }, connections: {} };
    const secrets = { get: (name: string) => (name === 'SCRIPTED_KEY' ? testKey : undefined), values: () => [testKey] };
    const perform = createModelPerformer({ workspace: () => workspace, secrets, dispatcher: this.egress.dispatcher, ...(idleMs && { idleMs }) });
    const deltas: string[] = [];
    const ask = async (request: Partial<ModelRequest> = {}, signal = new AbortController().signal) => {
      const call: Call = {
        kind: 'model',
        pool: 'model:main',
        request: { model: 'main', messages: [{ role: 'user', text: 'Hello?' }], ...request },
        effect: 'read',
        timeoutMs: 10_000,
        retry: { attempts: 1, baseMs: 0, maxMs: 0 },
        task: 't',
        target: { node: 't' },
      };
      const { result, usage } = await perform(call, { signal, onDelta: (text) => deltas.push(text) });
      return { result: result as unknown as ModelResult, usage };
    };
    const fails = async (request: Partial<ModelRequest> = {}, signal?: AbortSignal) => {
      const error = await ask(request, signal).then(
        () => undefined,
        (caught: unknown) => caught,
      );
      if (!(error instanceof FailureError)) throw new Error(`A FailureError was expected, but there was ${String(error ?? 'a result')}`);
      if (JSON.stringify(error.failure).includes(testKey) || error.stack?.includes(testKey)) throw new Error('The failure holds the key');
      return error.failure;
    };
    return { ask, fails, deltas };
  }

  /** Ends the scripted models started so far. */
  async closeServers(): Promise<void> {
    await Promise.all(this.#servers.splice(0).map((server) => server.close()));
  }

  async close(): Promise<void> {
    await this.closeServers();
    await this.egress.close();
  }
}
