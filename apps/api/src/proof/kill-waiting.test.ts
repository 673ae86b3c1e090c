/**
 * A real server with runs that wait for a person, killed with SIGKILL again and again at moments that a seed decides: also just after a run was
 * accepted, and just after an answer was. No run and no answer is lost, and no question is asked of nobody.
 */
import { join } from 'node:path';
import { drawnFrom, seed, tries } from '@switchyard/engine/testing';
import type { Answer, OpenWait } from '@switchyard/shared';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { askedHash, askingFlow } from '../testing/asking-flow.ts';
import { startAskingServer, type AskingServer } from '../testing/asking-server.ts';
import { temporaryFolder } from '../testing/test-server.ts';

const kills = tries(5, 60);
const runsPerLife = 3;

let folder: ReturnType<typeof temporaryFolder>;
let server: AskingServer | undefined;

beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(async () => {
  await kill();
  folder.remove();
});

const kill = async () => {
  const killed = server;
  server = undefined;
  await killed?.kill();
};
const start = async () => {
  server = await startAskingServer(join(folder.path, 'data'));
};
const call = async <Result>(procedure: string, body: { query: object } | { change: object }): Promise<Result> => {
  if (!server) throw new Error('No server is alive');
  return await server.call<Result>(procedure, body);
};

const questions = () => call<OpenWait[]>('runs.questions', { query: {} });
const rejection = (reason: string): Answer => ({ choice: 'reject', hash: askedHash('A1'), reason });

test(`a server that is killed ${kills} times loses no run that waits, and no answer that it accepted`, async () => {
  const random = drawnFrom(seed);
  const runs = new Set<string>();
  /** The reasons that may have been heard, by run: of an answer that was on its way when the server died, nothing is known. */
  const told = new Map<string, { accepted: string[]; sent: string[] }>();
  const answer = async (run: string, reason: string) => {
    const of = told.get(run) ?? { accepted: [], sent: [] };
    told.set(run, of);
    of.sent.push(reason);
    const { accepted } = await call<{ accepted: boolean }>('runs.answer', { change: { run, key: 'ask', answer: rejection(reason) } });
    if (accepted) of.accepted.push(reason);
  };
  for (let life = 0; life < kills; life += 1) {
    await start();
    const doomed = new Promise((resolve) => setTimeout(resolve, random() * 250)).then(kill);
    const work = async () => {
      for (let number = 0; number < runsPerLife; number += 1)
        runs.add((await call<{ run: string }>('runs.start', { change: { flow: askingFlow(), inputs: { value: 'A1' } } })).run);
      for (const { run } of (await questions()).slice(0, 2)) await answer(run, `life ${life}`);
    };
    await Promise.all([work().catch(() => undefined), doomed]);
  }
  await start();
  const status = async (run: string) => (await call<{ status: string }>('runs.get', { query: { run } })).status;
  for (const run of runs) await expect.poll(() => status(run), { timeout: 10_000, interval: 50 }).toMatch(/waiting|done/);
  const left = await questions();
  for (const { run } of left) await answer(run, 'last');
  for (const run of runs) {
    await expect.poll(() => status(run), { timeout: 10_000, interval: 50 }).toBe('done');
    const { outputs } = await call<{ outputs: { ask: { reason: string } } }>('runs.get', { query: { run } });
    const { accepted = [], sent = [] } = told.get(run) ?? {};
    expect(accepted.length).toBeLessThanOrEqual(1);
    if (accepted.length > 0) expect(outputs.ask.reason).toBe(accepted[0]);
    else expect(sent).toContain(outputs.ask.reason);
  }
  expect(await questions()).toEqual([]);
  // Were none accepted, nothing would have been tried.
  expect(runs.size).toBeGreaterThan(kills / 2);
}, 600_000);
