/** The processes that hold database files: started when needed, ended when killed, idle, or without a parent. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { withDeadline } from '../../deadline.ts';
import { HostBench } from '../../testing/host-bench.ts';
import { createDatabasePool, type DatabasePool, type DatabasePoolOptions } from '../../sql/database-pool.ts';
import { sqliteProgram } from './sqlite-program.ts';

let bench = new HostBench();
const pools: DatabasePool[] = [];
const parents: ChildProcess[] = [];

afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
  for (const parent of parents.splice(0)) parent.kill('SIGKILL');
  await bench.close();
  bench = new HostBench();
});

const runaway = 'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c';

async function poolOn(options: Omit<DatabasePoolOptions, 'program'> = {}) {
  const pool = createDatabasePool({ program: sqliteProgram, ...options });
  pools.push(pool);
  const file = await bench.database('shop', 'CREATE TABLE t (a); INSERT INTO t VALUES (1)');
  const ask = (sql: string, timeoutMs = 5_000) =>
    withDeadline({ timeoutMs }, { signal: new AbortController().signal, onDelta: () => {} }, (deadline) =>
      pool.ask(file, { task: 'query', sql, parameters: {}, access: 'read' }, { deadline, what: 'The query' }),
    );
  return { pool, file, ask };
}

test('requests of a file are answered each with its own', async () => {
  const { ask } = await poolOn();
  const answers = await Promise.all(Array.from({ length: 50 }, (_, index) => ask(`SELECT ${index} AS n`)));
  expect(answers.map((text) => (JSON.parse(text) as { rows: { n: number }[] }).rows[0]?.n)).toEqual(Array.from({ length: 50 }, (_, index) => index));
});

test('with one process, what waits behind a runaway query is answered when that is killed', async () => {
  const { ask } = await poolOn({ perFile: 1 });
  const slow = ask(runaway, 400).catch((error: Error) => error.message);
  const waiting = [ask('SELECT 1 AS n'), ask('SELECT 2 AS n')];
  expect(await slow).toContain('did not end within');
  expect((await Promise.all(waiting)).map((text) => text.includes('"n"'))).toEqual([true, true]);
});

test('an idle process ends, and the next request gets a new one', async () => {
  const { ask } = await poolOn({ idleMs: 1 });
  for (let round = 0; round < 5; round += 1) expect(await ask('SELECT 1 AS n')).toContain('"n":1');
});

test('a closed pool answers nothing, and what ran is given up', async () => {
  const { pool, ask } = await poolOn();
  await ask('SELECT 1');
  const running = ask(runaway).catch((error: Error) => error.message);
  await pool.close();
  expect(await running).toContain('The query failed');
  await expect(ask('SELECT 1')).rejects.toThrow('the host is closed');
});

test('a process that is inside SQLite ends when its parent is killed', async () => {
  const { file } = await poolOn();
  const program = fileURLToPath(new URL('./database-process.ts', import.meta.url));
  // A parent that starts a database process, lets it run away, and tells its pid.
  const script = join(await bench.directory(), 'parent.mjs');
  await writeFile(
    script,
    `import { fork } from 'node:child_process';
     const child = fork(${JSON.stringify(program)}, [${JSON.stringify(file)}], { env: {}, execArgv: [], stdio: ['ignore', 'ignore', 'ignore', 'ipc'], serialization: 'advanced' });
     child.on('message', () => { child.send({ task: 'query', sql: ${JSON.stringify(runaway)}, parameters: {} }); process.send(child.pid); });
     child.send({ task: 'query', sql: 'SELECT 1', parameters: {} });
     setInterval(() => {}, 1000);`,
  );
  const parent = fork(script, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: [] });
  parents.push(parent);
  const [pid] = (await once(parent, 'message')) as [number];
  expect(isAlive(pid)).toBe(true);
  parent.kill('SIGKILL');
  await expect.poll(() => isAlive(pid), { timeout: 5_000 }).toBe(false);
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
