/** The same plan and recorded inputs give the same journal on every driver: the order of keys by completion, compared byte for byte without the times. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Flow, RunResult } from '@switchyard/shared';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kinds } from '../../../nodes/index.ts';
import type { Completion, RunPort } from '../../../port.ts';
import { runPlan } from '../../../run/index.ts';
import { createHandSettledHost } from '../../../testing/hand-settled-host.ts';
import { findPostgres, startPostgres, type PostgresServer } from '../../../testing/servers/postgres-server.ts';
import { planOf } from '../../../testing/test-run.ts';
import type { DriverToTest } from './driver-to-test.ts';
import { dbosDriver } from './dbos-driver.ts';
import { memoryDriver, sqliteDriver } from './embedded-drivers.ts';
import type { JournalEntry } from '../journal.ts';

/** Three model calls side by side, and one that needs all of them. */
const flow: Flow = {
  format: 'switchyard.flow',
  version: 1,
  name: 'Fan',
  nodes: {
    ask: { kind: 'input', config: { fields: { q: { type: 'string' } } } },
    one: { kind: 'llm', config: { model: 'm', prompt: 'one {{q}}' } },
    two: { kind: 'llm', config: { model: 'm', prompt: 'two {{q}}' } },
    three: { kind: 'llm', config: { model: 'm', prompt: 'three {{q}}' } },
    last: { kind: 'llm', config: { model: 'm', prompt: '{{a}} {{b}} {{c}}' } },
    reply: { kind: 'output', config: { fields: { answer: { type: 'string' } } } },
  },
  links: [
    { from: 'ask.q', to: 'one.q' },
    { from: 'ask.q', to: 'two.q' },
    { from: 'ask.q', to: 'three.q' },
    { from: 'one.text', to: 'last.a' },
    { from: 'two.text', to: 'last.b' },
    { from: 'three.text', to: 'last.c' },
    { from: 'last.text', to: 'reply.answer' },
  ],
  grants: [],
};

/** By completion, without what differs from run to run: the times. */
function journalText(entries: readonly JournalEntry[]): string {
  const ordered = entries.filter(({ completion }) => completion !== undefined).sort((a, b) => (a.completion ?? 0) - (b.completion ?? 0));
  return ordered
    .map(({ key, kind, inputHash, completion, result, failure, usage, attempt }) =>
      JSON.stringify({ key, kind, inputHash, completion, result, failure, usage, attempt }),
    )
    .join('\n');
}

/** Runs the flow with its calls answered in one order; gives what was handed over, and what is durable. */
async function runOn(driver: DriverToTest, run: string) {
  const host = createHandSettledHost();
  const opened = await driver.open(host);
  try {
    const { port, settled } = await opened.begin(run);
    const handedOver: Completion[] = [];
    const told: RunPort = {
      start: (key, call) => port.start(key, call),
      wait: (key, until) => port.wait(key, until),
      async next() {
        const batch = await port.next();
        handedOver.push(...batch);
        return batch;
      },
      cancel: (handle) => port.cancel(handle),
      now: () => port.now(),
      random: () => port.random(),
    };
    const result: Promise<RunResult> = runPlan(planOf(flow), { q: 'x' }, { run, registry: kinds, port: told, emit: () => {} });
    const calls = [await host.next(), await host.next(), await host.next()];
    for (const name of ['three', 'one', 'two']) {
      const call = calls.find(({ call: { target } }) => target.node === name);
      call?.succeed({ text: `${name}!`, toolCalls: [], finish: 'stop', served: 'scripted' }, { modelCalls: 1 });
      // One at a time: each is handed over before the next is answered.
      while (handedOver.at(-1)?.key.startsWith(name) !== true) await new Promise((resolve) => setTimeout(resolve, 1));
    }
    (await host.next()).succeed({ text: 'all', toolCalls: [], finish: 'stop', served: 'scripted' }, { modelCalls: 1 });
    const ended = await result;
    await settled();
    return { result: ended, handedOver: JSON.stringify(handedOver.map(({ at: _, ...kept }) => kept)), journal: journalText(await opened.journal(run)) };
  } finally {
    await opened.close();
  }
}

describe('the same journal on every driver', () => {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-same-'));
  let server: PostgresServer | undefined;
  let url = '';
  beforeAll(async () => {
    if (!findPostgres()) return;
    server = await startPostgres();
    url = await server.createDatabase();
  });
  afterAll(async () => {
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('sqlite hands over what memory does', async () => {
    const memory = await runOn(memoryDriver, 'same');
    const sqlite = await runOn(
      sqliteDriver(() => join(folder, 'runs.db')),
      'same',
    );
    expect(sqlite.result).toEqual(memory.result);
    expect(sqlite.result).toMatchObject({ status: 'done', outputs: { answer: 'all' } });
    expect(sqlite.handedOver).toBe(memory.handedOver);
    expect(sqlite.journal.split('\n')).toHaveLength(4);
  });

  test.skipIf(!findPostgres())('dbos hands over and keeps what sqlite does', async () => {
    const sqlite = await runOn(
      sqliteDriver(() => join(folder, 'again.db')),
      'same',
    );
    const dbos = await runOn(
      dbosDriver(() => url),
      'same',
    );
    expect(dbos.result).toEqual(sqlite.result);
    expect(dbos.handedOver).toBe(sqlite.handedOver);
    expect(dbos.journal).toBe(sqlite.journal);
  });
});
