/** What a person feels on a long run: how soon its trace is there, how it scrolls, and what the page holds in memory, in headless Chromium. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type CDPSession, type Page } from '@playwright/test';
import { startApplication, type Application } from '../e2e/application.ts';
import { findBrowser } from '../e2e/find-browser.ts';
import { RunStore } from '../packages/engine/src/adapters/index.ts';
import type { Plan } from '../packages/engine/src/index.ts';
import type { Flow, RunEventBody } from '../packages/shared/src/index.ts';
import { median, tell } from './figures.ts';

const usage = { modelCalls: 0, toolCalls: 0, inputTokens: 0, outputTokens: 0 };
const rows = Array.from({ length: 40 }, (_, order) => ({ order, customer: `customer ${order}`, note: 'the parcel is late and the customer asks where it is' }));

/** A run of `count` events: tasks of one query each, with a statement and rows of some kilobytes. */
function* script(run: string, count: number): Generator<RunEventBody> {
  yield { type: 'run-start', run, flow: 'Long', plan: 'plan', inputs: { question: `${count} events` } };
  for (let index = 0; index < (count - 2) / 4; index += 1) {
    const task = `orders${index}`;
    const key = `${task}.query`;
    const request = { connection: 'shop', sql: `SELECT * FROM orders WHERE id = ${index}`, parameters: {}, access: 'read' };
    yield { type: 'task-start', task, node: 'orders', inputs: { id: index } };
    yield { type: 'call-start', key, task, kind: 'query', pool: 'db:shop', request, attempt: 1, target: { node: 'orders', operation: 'query' } };
    yield { type: 'call-end', key, attempt: 1, result: { columns: ['order', 'customer', 'note'], rows, truncated: false }, ms: 3 };
    yield { type: 'task-end', task, outputs: { rows } };
  }
  yield { type: 'run-end', status: 'done', outputs: { answer: 'So many.' }, usage };
}

/** Written as the engine writes them, beside the server that has the file open. */
function keepRun(file: string, { flow, flowId, count }: { flow: Flow; flowId: string; count: number }): string {
  const store = new RunStore(file);
  const run = `run-${count}`;
  store.create({ run, flowId, flow, plan: { hash: 'plan' } as Plan, inputs: { question: `${count} events` }, status: 'running', startedAt: Date.now() });
  let seq = 0;
  for (const body of script(run, count)) {
    store.appendEvent(run, { ...body, seq, at: Date.now() + seq });
    seq += 1;
    if (seq % 1000 === 0) store.flush();
  }
  store.finish(run, { status: 'done', outputs: { answer: 'So many.' }, usage, endedAt: Date.now() + seq });
  store.close();
  return run;
}

async function heapMb(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage');
  return ((await session.send('Runtime.getHeapUsage')) as { usedSize: number }).usedSize / 1e6;
}

/** Frames a second while the trace is scrolled from end to end: the median, and what nineteen of twenty reach. */
async function scroll(page: Page): Promise<{ median: number; slow: number; longest: number }> {
  const gaps = await page.evaluate(async () => {
    const grid = document.querySelector('[role=treegrid]') as HTMLElement;
    const times: number[] = [];
    const frame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));
    for (let step = 0; step <= 180; step += 1) {
      grid.scrollTop = ((grid.scrollHeight - grid.clientHeight) * step) / 180;
      times.push(await frame());
    }
    return times.slice(1).map((time, index) => time - (times[index] as number));
  });
  const sorted = gaps.sort((a, b) => a - b);
  return { median: 1000 / median(sorted), slow: 1000 / (sorted[Math.floor(sorted.length * 0.95)] as number), longest: sorted.at(-1) as number };
}

async function measure(application: Application, page: Page, { count, file }: { count: number; file: string }): Promise<void> {
  const [flow] = (await application.query('flows.list')) as { id: string }[];
  const flowId = flow?.id as string;
  const saved = (await application.query('flows.get', { id: flowId })) as { flow: Flow };
  keepRun(file, { flow: saved.flow, flowId, count });
  const session = await page.context().newCDPSession(page);
  await page.reload();
  await page.getByRole('tab', { name: /^Run/ }).first().click();
  await page.getByRole('button', { name: `${count} events` }).waitFor();
  const before = await heapMb(session);
  const times = await page.evaluate(
    async ({ expected, entry }) => {
      const begin = performance.now();
      const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
      const named = (role: string, text: string) => [...document.querySelectorAll<HTMLElement>(role)].find((each) => each.textContent?.includes(text));
      named('button', entry)?.click();
      const tab = named('[role=tab]', 'Trace');
      tab?.dispatchEvent(new MouseEvent('mousedown', { bubbles: true, button: 0 }));
      tab?.click();
      const rowCount = () => Number(document.querySelector('[role=treegrid]')?.getAttribute('aria-rowcount') ?? 0);
      while (rowCount() < 2) await frame();
      const first = performance.now() - begin;
      let longest = 0;
      for (let at = performance.now(); rowCount() < expected; ) {
        await frame();
        longest = Math.max(longest, performance.now() - at);
        at = performance.now();
      }
      return { first, all: performance.now() - begin, longest };
    },
    { expected: 1 + Math.ceil((count - 2) / 4) * 2, entry: `${count} events` },
  );
  tell(`${count} events: first rows`, times.first, 'ms', 'under 500');
  tell(`${count} events: every row`, times.all, 'ms');
  tell(`${count} events: longest frame meanwhile`, times.longest, 'ms');
  const frames = await scroll(page);
  tell(`${count} events: scroll, median`, frames.median, 'frames/s', '50 or more');
  tell(`${count} events: scroll, 19 of 20 frames`, frames.slow, 'frames/s');
  tell(`${count} events: memory of the run in the page`, (await heapMb(session)) - before, 'MB');
  const opened = await page.evaluate(async () => {
    const begin = performance.now();
    (document.querySelectorAll('[role=treegrid] [role=row]')[3] as HTMLElement).click();
    while (!document.querySelector('section[aria-label^="Details of"] table, section[aria-label^="Details of"] pre'))
      await new Promise((resolve) => requestAnimationFrame(resolve));
    return performance.now() - begin;
  });
  tell(`${count} events: a row opened, its values read`, opened, 'ms');
}

const folder = mkdtempSync(join(tmpdir(), 'switchyard-bench-'));
const application = await startApplication(folder);
const browser = await chromium.launch({ executablePath: findBrowser(), args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] });
try {
  const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
  page.setDefaultTimeout(20_000);
  await page.goto(application.url);
  await page.locator('.react-flow__node').first().waitFor();
  for (const count of [10_000, 100_000]) await measure(application, page, { count, file: join(folder, 'runs.db') });
} finally {
  await browser.close();
  await application.stop();
  rmSync(folder, { recursive: true, force: true });
}
