import { emptyFlow, type JsonObject, type RunEvent } from '@switchyard/shared';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Plan } from '../../../plan.ts';
import { findPostgres, startPostgres, type PostgresServer } from '../../../testing/servers/postgres-server.ts';
import type { Kept } from '../pruning.ts';
import { openDbos, type DbosEngine } from './open-dbos.ts';
import { PostgresPruning } from './postgres-pruning.ts';

if (!findPostgres()) process.stderr.write('PostgreSQL is not installed: the tests of pruning on it are skipped.\n');

const usage = { modelCalls: 0, toolCalls: 0, inputTokens: 0, outputTokens: 0 };
const long = (text: string): JsonObject => ({ text: text.repeat(100_000 / text.length) });

describe.skipIf(!findPostgres())('runs on PostgreSQL', () => {
  let server: PostgresServer;
  let pool: pg.Pool;
  let engine: DbosEngine;
  /** When the run is to end, and what its call gives; without, it stays open. */
  const made = new Map<string, { endedAt?: number; result: JsonObject }>();
  const ended = new Map<string, () => void>();

  beforeAll(async () => {
    server = await startPostgres();
    const databaseUrl = await server.createDatabase();
    pool = new pg.Pool({ connectionString: databaseUrl, max: 4 });
    engine = await openDbos({
      databaseUrl,
      host: { perform: () => Promise.reject(new Error('No call is made')), pool: () => ({ concurrency: 1 }) },
      redactor: () => (value) => value,
      log: { info: () => {}, warn: (text) => void process.stderr.write(`${text}\n`) },
      // As a run would: one call recorded and told, then the end.
      async execute({ runs }, run, { journal }) {
        const life = await runs.beginLife(run);
        const { endedAt, result } = made.get(run) ?? { result: {} };
        if (!life) return;
        await new Promise<void>((resolve) => {
          journal.record({ key: 'k', kind: 'fetch', inputHash: 'x', attempt: 1, startedAt: 1, completion: 0, result }, () => resolve(), true);
        });
        runs.appendEvent(life, { type: 'call-end', key: 'k', attempt: 1, ms: 1, result, seq: 0, at: 1 });
        if (endedAt === undefined) {
          await runs.flush();
          ended.get(run)?.();
          await new Promise(() => {});
        } else {
          const end = { status: 'done' as const, outputs: result, usage };
          await runs.finish(life, { ...end, endedAt }, { type: 'run-end', ...end, seq: 1, at: 2 });
          ended.get(run)?.();
        }
      },
    });
  });
  afterAll(async () => {
    await engine?.close();
    await pool?.end();
    await server?.stop();
  });

  async function make(run: string, result: JsonObject, endedAt?: number): Promise<void> {
    made.set(run, { result, ...(endedAt !== undefined && { endedAt }) });
    const end = new Promise<void>((resolve) => ended.set(run, resolve));
    await engine.runs.create({ run, flow: emptyFlow('F'), plan: { hash: 'h' } as Plan, inputs: result, status: 'running', startedAt: 1 });
    await engine.process.start(run);
    await end;
  }

  async function prune(kept: Kept): Promise<void> {
    while (await engine.pruning.slice(kept));
  }

  const count = async (table: string) => Number((await pool.query<{ count: string }>(`SELECT count(*) AS count FROM ${table}`)).rows[0]?.count);
  const runs = async () => (await engine.runs.list({})).map(({ run }) => run).toSorted();

  test('hold a long value once, whatever refers to it, and give it back whole', async () => {
    const result = long('shared ');
    await make('a', result, 10);
    await make('b', structuredClone(result), 20);
    expect(await count('switchyard.blobs')).toBe(1);
    for (const run of ['a', 'b']) {
      expect(await engine.process.journal(run)).toEqual([{ key: 'k', kind: 'fetch', inputHash: 'x', attempt: 1, startedAt: 1, completion: 0, result }]);
      expect(await engine.runs.events(run)).toEqual([
        { type: 'call-end', key: 'k', attempt: 1, ms: 1, result, seq: 0, at: 1 } satisfies RunEvent,
        { type: 'run-end', status: 'done', outputs: result, usage, seq: 1, at: 2 } satisfies RunEvent,
      ]);
      expect(await engine.runs.get(run)).toMatchObject({ inputs: result, outputs: result });
      expect((await engine.runs.summary(run))?.outputs).toEqual(result);
    }
    expect(JSON.stringify(await engine.runs.list({})).length).toBeLessThan(3000);
    const { rows } = await pool.query<{ bytes: string }>(`SELECT sum(length(output)) AS bytes FROM dbos.operation_outputs`);
    expect(Number(rows[0]?.bytes)).toBeLessThan(3000);
  });

  test('go by age and by count with everything that is theirs, and stay while they have not ended', async () => {
    await make('c', long('own '), 30);
    await make('open', { text: 'short' });
    await expect.poll(() => count(`dbos.workflow_status WHERE status = 'SUCCESS'`), { timeout: 10_000 }).toBe(3);
    await prune({ endedAfter: 20 });
    expect(await runs()).toEqual(['b', 'c', 'open']);
    expect(await count('switchyard.blobs')).toBe(2);
    expect((await engine.runs.get('b'))?.outputs).toEqual(long('shared '));
    expect([await engine.runs.get('a'), await engine.runs.events('a'), await engine.process.journal('a')]).toEqual([undefined, [], []]);
    await prune({ runs: 1 });
    expect(await runs()).toEqual(['c', 'open']);
    expect(await count('switchyard.blobs')).toBe(1);
    await prune({ endedAfter: Infinity });
    expect(await runs()).toEqual(['open']);
    expect((await engine.process.journal('open')).length).toBe(1);
    for (const [table, rows] of [
      ['switchyard.blobs', 0],
      ['switchyard.run_blobs', 0],
      ['switchyard.events', 1],
      ['dbos.workflow_status', 1],
    ] as const)
      expect([table, await count(table)]).toEqual([table, rows]);
  });

  test('more than a slice holds go one slice after the other, by one process at a time', async () => {
    for (let index = 0; index < 25; index += 1) await make(`m${index}`, { index }, 100 + index);
    await expect.poll(() => count(`dbos.workflow_status WHERE status = 'SUCCESS'`), { timeout: 10_000 }).toBe(25);
    const others = [engine.pruning, new PostgresPruning(pool, engine.process), new PostgresPruning(pool, engine.process)];
    await Promise.all(others.map((pruning) => pruning.slice({ runs: 2 })));
    await prune({ runs: 2 });
    expect(await runs()).toEqual(['m23', 'm24', 'open']);
  });
});
