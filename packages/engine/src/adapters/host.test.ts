/** The host as a whole: its pools, and what it does with what it does not know. */
import { emptyWorkspace, type Workspace } from '@switchyard/shared';
import { afterEach, expect, test } from 'vitest';
import { ask, failureOf, HostBench } from './testing/host-bench.ts';

let bench = new HostBench();
afterEach(async () => {
  await bench.close();
  bench = new HostBench();
});

test('pools are as wide as the workspace says, 8 where it says nothing, and follow its changes', async () => {
  let workspace: Workspace = emptyWorkspace();
  const host = await bench.host({ workspace: () => workspace });
  expect(host.pool('model:planner')).toEqual({ concurrency: 8 });
  workspace = {
    ...workspace,
    models: { planner: { provider: 'builtin', model: 'planner', limits: { concurrency: 2, requestsPerMinute: 60 } } },
    connections: { shop: { type: 'sqlite', url: 'file:a.db', limits: { concurrency: 3 } } },
  };
  expect(host.pool('model:planner')).toEqual({ concurrency: 2, requestsPerMinute: 60 });
  expect(host.pool('db:shop')).toEqual({ concurrency: 3 });
  expect(host.pool('http:shop')).toEqual({ concurrency: 3 });
  expect(host.pool('db:constructor')).toEqual({ concurrency: 8 });
  expect(host.pool('sandbox')).toEqual({ concurrency: 2 });
  expect(host.pool('unheard-of')).toEqual({ concurrency: 8 });
});

test('a call of an unknown kind fails and says so', async () => {
  const host = await bench.host();
  for (const kind of ['unheard-of', 'constructor', '__proto__']) expect((await failureOf(ask(host, kind, {}))).code).toBe('call-unknown');
});

test('a host that was never used closes at once, and closes twice', async () => {
  const host = await bench.host();
  await host.close();
  await host.close();
});
