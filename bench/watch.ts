/** How late the end of a long run is to whoever watches it, over HTTP and in the page, and what the server and the page spend on that meanwhile. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from '@playwright/test';
import { readEventStream } from '../apps/api/src/testing/event-stream.ts';
import { startApplication, type Application } from '../e2e/application.ts';
import { findBrowser } from '../e2e/find-browser.ts';
import type { Flow, RunEvent } from '../packages/shared/src/index.ts';
import { median, tell } from './figures.ts';

const count = 10_000;

/** Text after text through the same two nodes: `count` items of some nine events each, one of the nodes being a call where `isCalling`. */
function flowOf(isCalling: boolean): Flow {
  const output = { type: 'object', properties: { mood: { enum: ['calm', 'upset'] } }, required: ['mood'] };
  const examples = [
    { text: 'Thank you', result: { mood: 'calm' } },
    { text: 'I have had enough', result: { mood: 'upset' } },
  ];
  const work = isCalling
    ? { kind: 'slm', config: { model: 'classifier', purpose: 'Mood', examples, output } }
    : { kind: 'template', config: { template: 'said: {{text}}' } };
  return {
    format: 'switchyard.flow',
    version: 1,
    name: isCalling ? 'Calls' : 'Templates',
    nodes: {
      ask: { kind: 'input', config: { fields: { count: { type: 'string' } } } },
      list: {
        kind: 'code',
        config: {
          code: 'return Array.from({ length: Number(count) }, (_, at) => "parcel " + at + " is late");',
          inputs: { count: { type: 'string' } },
          output: { type: 'array' },
        },
      },
      each: { kind: 'map', config: { flow: 'one', concurrency: 64 } },
      tell: { kind: 'template', config: { template: '{{ size(results) }} items' } },
      reply: { kind: 'output', config: { fields: { answer: {} } } },
    },
    links: [
      { from: 'ask.count', to: 'list.count' },
      { from: 'list.result', to: 'each.items' },
      { from: 'each.results', to: 'tell.results' },
      { from: 'tell.text', to: 'reply.answer' },
    ],
    grants: [],
    limits: { modelCalls: 1_000_000, toolCalls: 1_000_000, tokens: 1_000_000_000 },
    flows: {
      one: {
        nodes: {
          in: { kind: 'input', config: { fields: { item: {} } } },
          trim: { kind: 'template', config: { template: '{{item}}!' } },
          work,
          out: { kind: 'output', config: { fields: { told: {} } } },
        },
        links: [
          { from: 'in.item', to: 'trim.item' },
          { from: 'trim.text', to: 'work.text' },
          { from: isCalling ? 'work.result' : 'work.text', to: 'out.told' },
        ],
        grants: [],
      },
    },
  };
}

/** CPU seconds of a process, where the system tells them. */
function cpuSeconds(process: number): number {
  try {
    const fields = readFileSync(`/proc/${process}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return Number.NaN;
  }
}

/** How late the server answers while `work` goes on, in ms. */
async function answering(application: Application, work: () => Promise<void>): Promise<{ p50: number; longest: number }> {
  const late: number[] = [];
  let isOver = false;
  const looking = (async () => {
    while (!isOver) {
      const begin = performance.now();
      await (await fetch(`${application.origin}/health`)).text();
      late.push(performance.now() - begin);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  })();
  await work();
  isOver = true;
  await looking;
  return { p50: median(late), longest: Math.max(...late) };
}

async function endedAt(application: Application, run: string): Promise<number> {
  for (let looks = 0; looks < 1200; looks += 1) {
    const { endedAt: at } = (await application.query('runs.get', { run })) as { endedAt?: number };
    if (at !== undefined) return at;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`The run ${run} has not ended within two minutes: a benchmark of its end cannot go on. Look for what holds it in the trace.`);
}

async function start(application: Application, flow: Flow): Promise<{ run: string }> {
  return (await application.mutate('runs.start', { flow, inputs: { count: String(count) } })) as { run: string };
}

async function watch(application: Application, folder: string, run: string): Promise<{ events: number; messages: number; first: number; last: number }> {
  const token = readFileSync(join(folder, 'token'), 'utf8').trim();
  const input = encodeURIComponent(JSON.stringify({ run, outline: true }));
  const response = await fetch(`${application.origin}/trpc/runs.watchBatches?input=${input}`, {
    headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream' },
  });
  const seen = { events: 0, messages: 0, first: 0, last: 0 };
  for await (const { event, data } of readEventStream(response)) {
    if (event !== 'message') continue;
    const told = JSON.parse(data) as RunEvent[];
    seen.messages += 1;
    seen.events += told.length;
    seen.first ||= Date.now();
    seen.last = Date.now();
  }
  return seen;
}

async function measureProgram(application: Application, folder: string, flow: Flow): Promise<void> {
  const child = application.process.pid as number;
  const alone = { cpu: cpuSeconds(child), at: Date.now() };
  const unwatched = await start(application, flow);
  const took = (await endedAt(application, unwatched.run)) - alone.at;
  const cpuAlone = cpuSeconds(child) - alone.cpu;
  let cpu = cpuSeconds(child);
  const begin = Date.now();
  const { run } = await start(application, flow);
  let live = { events: 0, messages: 0, first: 0, last: 0 };
  const delays = await answering(application, async () => {
    live = await watch(application, folder, run);
  });
  const end = await endedAt(application, run);
  const name = flow.name;
  tell(`${name}: not watched, start to end`, took, 'ms');
  tell(`${name}: not watched, CPU of the server`, cpuAlone, 's');
  tell(`${name}: events watched live`, live.events, '');
  tell(`${name}: messages`, live.messages, '');
  tell(`${name}: start to end, watched`, end - begin, 'ms');
  tell(`${name}: first event after start`, live.first - begin, 'ms');
  tell(`${name}: end told after it ended`, live.last - end, 'ms');
  tell(`${name}: CPU of the server`, cpuSeconds(child) - cpu, 's');
  tell(`${name}: /health meanwhile, median`, delays.p50, 'ms');
  tell(`${name}: /health meanwhile, longest`, delays.longest, 'ms');
  cpu = cpuSeconds(child);
  const again = performance.now();
  const past = await watch(application, folder, run);
  tell(`${name}: read again from the store, ${past.messages} messages`, performance.now() - again, 'ms');
  tell(`${name}: CPU of the server for that`, cpuSeconds(child) - cpu, 's');
}

/** Notes in the page how long its frames take, and when Stop has become Run again. */
async function followFrames(page: Page): Promise<void> {
  await page.evaluate(() => {
    const state = { longest: 0, over50: 0, told: 0 };
    Object.assign(window, { watched: state });
    let last = performance.now();
    const tick = () => {
      const now = performance.now();
      state.longest = Math.max(state.longest, now - last);
      if (now - last > 50) state.over50 += 1;
      last = now;
      const stop = [...document.querySelectorAll('header button')].some((button) => button.textContent?.startsWith('Stop'));
      if (stop) state.told = -1;
      else if (state.told === -1) state.told = Date.now();
      if (state.told <= 0) requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  });
}

async function open(application: Application, page: Page, flow: Flow): Promise<void> {
  await application.mutate('flows.create', { flow });
  await page.goto(application.origin);
  await page.locator('.react-flow__node').first().waitFor();
  await page
    .getByRole('tab', { name: /^Flows/ })
    .first()
    .click();
  await page
    .getByRole('tabpanel', { name: 'Flows' })
    .getByRole('button', { name: new RegExp(`^${flow.name}`) })
    .first()
    .click();
  await page.getByRole('tab', { name: /^Run/ }).first().click();
  await page.getByRole('form', { name: 'Inputs of the next run' }).getByRole('textbox').first().fill(String(count));
}

async function measurePage(application: Application, page: Page, { flow, tab }: { flow: Flow; tab: 'Run' | 'Trace' }): Promise<void> {
  await open(application, page, flow);
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const busy = async () => ((await session.send('Performance.getMetrics')) as { metrics: { name: string; value: number }[] }).metrics;
  const of = (metrics: { name: string; value: number }[], name: string) => metrics.find((metric) => metric.name === name)?.value ?? 0;
  const before = await busy();
  const begin = Date.now();
  await followFrames(page);
  await page.getByRole('banner').getByRole('button', { name: /^Run/ }).click();
  if (tab === 'Trace')
    await page
      .getByRole('tab', { name: /^Trace/ })
      .first()
      .click();
  await page.waitForFunction(() => (window as unknown as { watched: { told: number } }).watched.told > 0, undefined, { timeout: 120_000 });
  const after = await busy();
  const seen = await page.evaluate(() => (window as unknown as { watched: { longest: number; over50: number; told: number } }).watched);
  const [latest] = (await application.query('runs.list', { limit: 1 })) as { run: string }[];
  const end = await endedAt(application, latest?.run as string);
  tell(`${flow.name}, page with ${tab}: start to end`, end - begin, 'ms');
  tell(`${flow.name}, page with ${tab}: end seen after it ended`, seen.told - end, 'ms');
  tell(`${flow.name}, page with ${tab}: busy`, of(after, 'TaskDuration') - of(before, 'TaskDuration'), 's');
  tell(`${flow.name}, page with ${tab}: of that, scripts`, of(after, 'ScriptDuration') - of(before, 'ScriptDuration'), 's');
  tell(`${flow.name}, page with ${tab}: longest frame`, seen.longest, 'ms');
  tell(`${flow.name}, page with ${tab}: frames over 50 ms`, seen.over50, '');
}

const folder = mkdtempSync(join(tmpdir(), 'switchyard-bench-'));
const application = await startApplication(folder);
try {
  for (const isCalling of [true, false]) await measureProgram(application, folder, flowOf(isCalling));
  const browser = await chromium.launch({ executablePath: findBrowser(), args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] });
  try {
    const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
    page.setDefaultTimeout(20_000);
    await page.goto(application.url);
    await page.locator('.react-flow__node').first().waitFor();
    for (const tab of ['Run', 'Trace'] as const) for (const isCalling of [true, false]) await measurePage(application, page, { flow: flowOf(isCalling), tab });
  } finally {
    await browser.close();
  }
} finally {
  await application.stop();
  rmSync(folder, { recursive: true, force: true });
}
