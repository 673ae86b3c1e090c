/** The host of this process: one performer per call kind, all on one guarded way out, one set of connections and one sandbox. */
import { FailureError, failure, type Connection, type ExampleParts, type Model, type Workspace } from '@switchyard/shared';
import { defaultPool, type Host, type Performer, type PoolLimits, type SecretSource } from '../host.ts';
import { createConnections } from './connections/connection.ts';
import { createFetchPerformer } from './connections/http/perform-fetch.ts';
import { createDatabasePool } from './connections/sqlite/database-pool.ts';
import { createCataloguePerformer, createQueryPerformer } from './connections/sqlite/perform-query.ts';
import { createEgress, type Resolve } from './egress/index.ts';
import { createSandboxPerformer } from './sandbox/perform-sandbox.ts';
import { SandboxPool } from './sandbox/sandbox-pool.ts';
import { createModelPerformer } from './models/index.ts';

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
  /** Ends every call in flight, child process, worker and socket. */
  close(): Promise<void>;
}

const sandboxThreads = 2;

/** Makes the host. Everything starts when first used; `close` ends all of it. */
export function createHost(options: HostOptions): ClosableHost {
  const egress = createEgress({ ...(options.resolve && { resolve: options.resolve }) });
  const connections = createConnections(options);
  const databases = createDatabasePool();
  const sandbox = new SandboxPool({ size: sandboxThreads });
  const performers: Readonly<Record<string, Performer>> = {
    model: createModelPerformer({ ...options, dispatcher: (permitted) => egress.dispatcher(permitted) }),
    fetch: createFetchPerformer({ egress, connections }),
    query: createQueryPerformer({ connections, databases }),
    sandbox: createSandboxPerformer(sandbox),
    catalogue: createCataloguePerformer({ connections, databases }),
  };
  return {
    perform(call, scope) {
      const performer = Object.hasOwn(performers, call.kind) ? performers[call.kind] : undefined;
      if (!performer) return Promise.reject(new FailureError(failure('call-unknown', `No call of kind "${call.kind}" can be made here.`)));
      return performer(call, scope);
    },
    pool: (name) => poolLimits(options.workspace(), name),
    async close() {
      await Promise.all([connections.close(), databases.close(), sandbox.close(), egress.close()]);
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
