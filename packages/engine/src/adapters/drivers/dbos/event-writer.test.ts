import { emptyFlow, type RunEvent } from '@switchyard/shared';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Plan } from '../../../plan.ts';
import { findPostgres, startPostgres, type PostgresServer } from '../../../testing/servers/postgres-server.ts';
import { openNotices } from './notices.ts';
import { PostgresRuns } from './postgres-runs.ts';

if (!findPostgres()) process.stderr.write('PostgreSQL is not installed: the tests of events on it are skipped.\n');

const log = { info: () => {}, warn: () => {} };
const usage = { modelCalls: 0, toolCalls: 0, inputTokens: 0, outputTokens: 0 };
const told = (seq: number): RunEvent => ({ type: 'call-end', key: 'k', attempt: 1, ms: 1, result: { seq }, seq, at: seq });

describe.skipIf(!findPostgres())('events on a PostgreSQL that breaks down', () => {
  let server: PostgresServer;
  let pool: pg.Pool;
  let notices: Awaited<ReturnType<typeof openNotices>>;
  let runs: PostgresRuns;

  beforeAll(async () => {
    server = await startPostgres({ isDurable: true });
    const databaseUrl = await server.createDatabase();
    const client = await server.connect(databaseUrl);
    // What nobody waits for stays in the server's memory: it is gone where the server breaks down within 10 s.
    await client.query(`ALTER SYSTEM SET wal_writer_delay = '10s'`);
    await client.end();
    // Taken up by the next start.
    await server.breakDown();
    pool = new pg.Pool({ connectionString: databaseUrl, max: 4 });
    pool.on('error', () => undefined);
    notices = await openNotices(databaseUrl, pool, log);
    runs = await PostgresRuns.open(pool, notices, log);
  });
  afterAll(async () => {
    await notices?.close();
    await pool?.end();
    await server?.stop();
  });

  const begin = (run: string) =>
    runs.create({ run, flow: emptyFlow('Flow'), plan: { flow: 'Flow' } as unknown as Plan, inputs: {}, status: 'running', startedAt: 1 });
  const seqs = async (run: string) => (await runs.events(run)).map(({ seq }) => seq);

  test('what it had not brought to the disk is written again, each event once and in order', async () => {
    const life = await begin('broken');
    for (const seq of [0, 1]) runs.appendEvent(life, told(seq));
    await runs.flush();
    runs.appendEvent(life, told(2));
    await runs.flush();
    expect(await seqs('broken')).toEqual([0, 1, 2]);
    await server.breakDown();
    await expect.poll(() => seqs('broken'), { timeout: 10_000 }).toEqual([0, 1, 2]);
    runs.appendEvent(life, told(3));
    await runs.flush();
    expect(await seqs('broken')).toEqual([0, 1, 2, 3]);
  });

  test('the end of a run stands behind what is written again', async () => {
    const life = await begin('ended');
    runs.appendEvent(life, told(0));
    await runs.flush();
    await server.breakDown();
    const end = { status: 'done' as const, outputs: {}, usage };
    expect(await runs.finish(life, { ...end, endedAt: 2 }, { type: 'run-end', ...end, seq: 1, at: 2 })).toBe(true);
    expect(await seqs('ended')).toEqual([0, 1]);
  });
});
