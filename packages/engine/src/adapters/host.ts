/** The host of this process: one performer per call kind, all on one guarded way out, one set of connections and one sandbox. */
import { FailureError, failure, type Connection, type ExampleParts, type Model, type Workspace } from '@switchyard/shared';
import { defaultPool, type Host, type Performer, type PerformScope, type PoolLimits, type SecretSource } from '../host.ts';
import { createOpenConnections } from './connections/open-connections.ts';
import { checkConnection, createConnectionPerformers, readOffer, type ReadOffer } from './connections/perform-connection.ts';
import { createEgress, type Resolve } from './egress/index.ts';
import { createSandboxPerformer } from './sandbox/perform-sandbox.ts';
import { SandboxPool } from './sandbox/sandbox-pool.ts';
import { createEmbedder, createModelPerformer, LocalModels } from './models/index.ts';

export type { ReadOffer };

export interface HostOptions {
  /** The workspace as it is now; asked at each call, so that a change counts at once. */
  workspace(): Workspace;
  /** Relative files of connections are relative to this folder. */
  baseDirectory: string;
  /** Examples keep their databases below it. */
  dataDirectory: string;
  secrets: SecretSource;
  examples: ExampleParts;
  /** Addresses of host names; the system's resolver by default. */
  resolve?: Resolve;
}

export interface ClosableHost extends Host {
  /** Models that run in processes of this host. */
  readonly local: LocalModels;
  /** Tries a connection out with one cheap read; gives what it found, as a sentence. Rejects with a FailureError that says what is wrong. */
  checkConnection(name: string, scope: PerformScope & { timeoutMs: number }): Promise<string>;
  /** What a connection offers, for a person to read and accept; undefined where nothing has to be. Rejects with a FailureError. */
  readOffer(name: string, scope: PerformScope & { timeoutMs: number }): Promise<ReadOffer | undefined>;
  /** Ends every call in flight, child process, worker and socket. */
  close(): Promise<void>;
}

const sandboxThreads = 2;

/** Makes the host. Everything starts when first used; `close` ends all of it. */
export function createHost(options: HostOptions): ClosableHost {
  const egress = createEgress({ ...(options.resolve && { resolve: options.resolve }) });
  const local = new LocalModels(options.baseDirectory);
  const models = { ...options, local, dispatcher: (permitted: readonly string[]) => egress.dispatcher(permitted) };
  const connections = createOpenConnections({ ...options, egress, embedder: (model) => createEmbedder(model, models) });
  const sandbox = new SandboxPool({ size: sandboxThreads });
  const performers: Readonly<Record<string, Performer>> = {
    model: createModelPerformer(models),
    sandbox: createSandboxPerformer(sandbox),
    ...createConnectionPerformers(connections),
  };
  return {
    perform(call, scope) {
      const performer = Object.hasOwn(performers, call.kind) ? performers[call.kind] : undefined;
      if (!performer) return Promise.reject(new FailureError(failure('call-unknown', `No call of kind "${call.kind}" can be made here.`)));
      return performer(call, scope);
    },
    local,
    checkConnection: (name, scope) => checkConnection(connections, name, scope),
    readOffer: (name, scope) => readOffer(connections, name, scope),
    pool: (name) => poolLimits(options.workspace(), name),
    async close() {
      local.close();
      await Promise.all([connections.close(), sandbox.close()]);
      await egress.close();
    },
  };
}

/** Pools are named `model:NAME`, `db:CONNECTION`, `http:CONNECTION` and `sandbox`. */
function poolLimits(workspace: Workspace, pool: string): PoolLimits {
  if (pool === 'sandbox') return { concurrency: sandboxThreads };
  const colon = pool.indexOf(':');
  const [sort, name] = [pool.slice(0, colon), pool.slice(colon + 1)];
  const entries: Record<string, Model | Connection> = sort === 'model' ? workspace.models : workspace.connections;
  const limits = colon > 0 && Object.hasOwn(entries, name) ? entries[name]?.limits : undefined;
  return { concurrency: limits?.concurrency ?? defaultPool.concurrency, ...(limits?.requestsPerMinute && { requestsPerMinute: limits.requestsPerMinute }) };
}
