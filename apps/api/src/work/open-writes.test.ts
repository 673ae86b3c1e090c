/** A write that was under way when its run was cancelled: a run that is begun from that one asks what became of it, on either engine. */
import { join } from 'node:path';
import { RunStore } from '@switchyard/engine/adapters';
import { kinds } from '@switchyard/engine/nodes';
import { createHandSettledHost, findPostgres, planOf, postingFlow, startPostgres, type HandSettledHost } from '@switchyard/engine/testing';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../testing/test-server.ts';
import { openDistributedRunner } from './distributed-runner.ts';
import type { Runner } from './runner-interface.ts';
import { createRunner } from './runner.ts';

if (!findPostgres()) process.stderr.write('PostgreSQL is not installed: the test of open writes on the distributed engine is skipped.\n');

async function cancelAndBeginAgain(runner: Runner, host: HandSettledHost): Promise<void> {
  const start = async (of?: string) =>
    (await runner.start({ flow: postingFlow, plan: planOf(postingFlow), inputs: { q: 'x' }, ...(of !== undefined && { seed: { of } }) })).run;
  const first = await start();
  expect((await host.next()).call.target.node).toBe('post');
  await runner.cancel(first);
  expect(await runner.result(first)).toMatchObject({ status: 'cancelled' });
  const second = await start(first);
  expect(await runner.result(second)).toMatchObject({ status: 'waiting' });
  expect(await runner.questions({ run: second })).toMatchObject([{ key: 'post.outcome', ask: { about: 'outcome', arguments: { path: '/orders' } } }]);
  const [question] = await runner.questions({ run: second });
  const hash = question?.ask.hash;
  expect(await runner.answer(second, 'post.outcome', { choice: 'happened', result: 'posted', ...(hash !== undefined && { hash }) })).toBe(true);
  await expect.poll(async () => await runner.get(second), { timeout: 15_000 }).toMatchObject({ status: 'done', outputs: { body: 'posted' } });
  expect(host.pending).toHaveLength(0);
}

test('on the embedded engine', async () => {
  const folder = temporaryFolder();
  const host = createHandSettledHost();
  const store = new RunStore(join(folder.path, 'runs.db'));
  const runner = createRunner({ registry: kinds, host, store, redactor: () => (value) => value, parks: 'always' });
  try {
    await cancelAndBeginAgain(runner, host);
  } finally {
    await runner.close();
    store.close();
    folder.remove();
  }
});

test.skipIf(!findPostgres())(
  'on the distributed engine',
  async () => {
    const postgres = await startPostgres();
    const host = createHandSettledHost();
    const log = { info: () => {}, warn: () => {} };
    const runner = await openDistributedRunner({
      databaseUrl: await postgres.createDatabase(),
      registry: kinds,
      host,
      redactor: () => (value) => value,
      log,
    });
    try {
      await cancelAndBeginAgain(runner, host);
    } finally {
      await runner.close();
      await postgres.stop();
    }
  },
  60_000,
);
