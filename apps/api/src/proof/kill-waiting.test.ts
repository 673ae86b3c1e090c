/**
 * A real server with runs that wait for a person, killed with SIGKILL again and again at moments that a seed decides: also just after a run was
 * accepted, and just after an answer was. No run and no answer is lost, and no question is asked of nobody.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { drawnFrom, seed, tries } from '@switchyard/engine/testing';
import type { Answer, OpenWait } from '@switchyard/shared';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { askedHash, askingFlow } from '../testing/asking-flow.ts';
import { temporaryFolder } from '../testing/test-server.ts';

const kills = tries(5, 60);
const runsPerLife = 3;
const program = join(import.meta.dirname, '../testing/asking-server-child.ts');

let folder: ReturnType<typeof temporaryFolder>;
let child: ChildProcess | undefined;
let url = '';

beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(async () => {
  await kill();
  folder.remove();
});

const data = () => join(folder.path, 'data');

async function start(): Promise<void> {
  const started = spawn(process.execPath, [program, data()], { stdio: ['ignore', 'pipe', 'inherit'] });
  child = started;
  let out = '';
  for await (const text of started.stdout.setEncoding('utf8') as AsyncIterable<string>) {
    out += text;
    const address = /^(http:\/\/\S+)\/#\S+\n/.exec(out)?.[1];
    if (address === undefined) continue;
    url = address;
    return;
  }
  throw new Error(`The server ended before it answered: ${out}`);
}

async function kill(): Promise<void> {
  if (!child) return;
  const ended = once(child, 'close');
  child.kill('SIGKILL');
  await ended;
  child = undefined;
}

async function call<Result>(procedure: string, body: { query: object } | { change: object }): Promise<Result> {
  const headers = { authorization: `Bearer ${readFileSync(join(data(), 'token'), 'utf8').trim()}`, 'x-switchyard': '1', 'content-type': 'application/json' };
  const response =
    'query' in body
      ? await fetch(`${url}/trpc/${procedure}?input=${encodeURIComponent(JSON.stringify(body.query))}`, { headers })
      : await fetch(`${url}/trpc/${procedure}`, { method: 'POST', headers, body: JSON.stringify(body.change) });
  const answer = (await response.json()) as { result?: { data: Result }; error?: { message: string } };
  if (!answer.result) throw new Error(answer.error?.message);
  return answer.result.data;
}

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
