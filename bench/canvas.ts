/** What a person feels on a large flow: how long it takes to open, and how smoothly it pans, in headless Chromium. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from '@playwright/test';
import { startApplication } from '../e2e/application.ts';
import { findBrowser } from '../e2e/find-browser.ts';
import type { Flow } from '../packages/shared/src/index.ts';
import { median, tell } from './figures.ts';

/** `count` nodes: control nodes in a chain, each granted nine data nodes of its own. */
function flowOf(count: number): Flow {
  const flow: Flow = {
    format: 'switchyard.flow',
    version: 1,
    name: `${count} nodes`,
    nodes: { ask: { kind: 'input', config: { fields: { question: { type: 'string' } } } } },
    links: [],
    grants: [],
    layout: { ask: [0, 80] },
  };
  const layout = flow.layout ?? {};
  for (let group = 0; Object.keys(flow.nodes).length < count; group += 1) {
    const boss = `boss${group}`;
    flow.nodes[boss] = { kind: 'control', config: { model: 'planner' } };
    layout[boss] = [320 + group * 2400, 80];
    flow.links.push({ from: group === 0 ? 'ask.question' : `boss${group - 1}.answer`, to: `${boss}.request` });
    for (let index = 0; index < 9 && Object.keys(flow.nodes).length < count; index += 1) {
      const data = `data${group}_${index}`;
      flow.nodes[data] = { kind: 'sql', config: { connection: 'shop' } };
      layout[data] = [index * 260 + group * 2400, 400];
      flow.grants.push({ from: boss, to: data });
    }
  }
  return flow;
}

/** Frames a second while the canvas is dragged to and fro: the median, and what nineteen of twenty frames reach. */
async function pan(page: Page): Promise<{ median: number; slow: number }> {
  await page.evaluate(() => {
    const times: number[] = [];
    (window as unknown as { frames: number[] }).frames = times;
    const tick = (now: number) => {
      times.push(now);
      if (times.length < 5000) requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  });
  const box = await page.locator('.react-flow').boundingBox();
  if (!box) throw new Error('There is no canvas');
  const before = await page.locator('.react-flow__viewport').getAttribute('style');
  const [x, y] = [box.x + box.width / 2, box.y + 40];
  await page.mouse.move(x, y);
  await page.mouse.down({ button: 'middle' });
  for (let step = 0; step < 120; step += 1) await page.mouse.move(x + Math.sin(step / 8) * 240, y + Math.cos(step / 8) * 30);
  await page.mouse.up({ button: 'middle' });
  const frames = await page.evaluate(() => (window as unknown as { frames: number[] }).frames);
  const after = await page.locator('.react-flow__viewport').getAttribute('style');
  if (after === before) throw new Error('The canvas did not move');
  const gaps = frames
    .slice(1)
    .map((time, index) => time - (frames[index] ?? time))
    .sort((one, other) => one - other);
  return { median: 1000 / median(gaps), slow: 1000 / (gaps[Math.floor(gaps.length * 0.95)] ?? Number.NaN) };
}

const folder = mkdtempSync(join(tmpdir(), 'switchyard-bench-'));
const application = await startApplication(folder);
const browser = await chromium.launch({ executablePath: findBrowser(), args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] });
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
await page.goto(application.url);
await page.locator('.react-flow__node').first().waitFor();
for (const count of [200, 1000]) {
  await application.mutate('flows.create', { flow: flowOf(count) });
  await page.reload();
  await page.getByRole('tab', { name: 'Flows' }).click();
  const entry = page.getByText(`${count} nodes`, { exact: true }).first();
  await entry.waitFor();
  const opened = await page.evaluate(async (name) => {
    const begin = performance.now();
    const button = [...document.querySelectorAll<HTMLElement>('button, [role=button], a')].find((each) => each.textContent?.includes(name));
    button?.click();
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const drawn = () => document.querySelectorAll('.react-flow__node').length;
    // The bar names the flow that is open; large flows draw only the cards in view, so what counts is that no more come.
    while (!document.querySelector('header')?.textContent?.includes(name) && performance.now() - begin < 20_000) await frame();
    for (let before = -1; before !== drawn() || before === 0; ) {
      before = drawn();
      await frame();
      await frame();
    }
    return { ms: performance.now() - begin, drawn: drawn() };
  }, `${count} nodes`);
  tell(`${count} nodes: open and drawn (${opened.drawn} cards)`, opened.ms, 'ms', count === 200 ? 'under 1000' : '');
  const frames = await pan(page);
  tell(`${count} nodes: pan, median`, frames.median, 'frames/s', count === 200 ? '50 or more' : '');
  tell(`${count} nodes: pan, 19 of 20 frames`, frames.slow, 'frames/s');
}
await browser.close();
await application.stop();
rmSync(folder, { recursive: true, force: true });
