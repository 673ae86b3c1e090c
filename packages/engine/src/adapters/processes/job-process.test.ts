import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inProcess } from './job-process.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jobs-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const serveJob = new URL('./serve-job.ts', import.meta.url).href;
let count = 0;

/** `work` is the source of a function of the bytes. */
async function job(work: string, { bytes = new Uint8Array(), signal = new AbortController().signal, mostBytes = 200_000_000 } = {}) {
  count += 1;
  const file = join(folder, `${count}.mjs`);
  await writeFile(file, `import { serveJob } from ${JSON.stringify(serveJob)};\nserveJob(${work}, { mostBytes: ${mostBytes} });\n`);
  return inProcess({ module: pathToFileURL(file), heapMegabytes: 100 }, bytes, signal);
}

test('a job is given the bytes and gives its reply, however large, and knows nothing of ours', async () => {
  const bytes = new Uint8Array(5_000_000).fill(7);
  const reply = await job('(bytes) => ({ twice: bytes.map((byte) => byte * 2), env: Object.keys(process.env) })', { bytes });
  expect(process.env.PATH).toBeDefined();
  expect(reply).toMatchObject({ reply: { env: expect.not.arrayContaining(['PATH']) as string[] } });
  expect((reply as { reply: { twice: Uint8Array } }).reply.twice).toEqual(new Uint8Array(5_000_000).fill(14));
});

test.each([
  ['that fails', "() => { throw new Error('no such page'); }", 'its reader ended early (code 1)'],
  ['that ends itself', '() => process.exit()', 'its reader ended early (code 0)'],
  ['whose process is killed', "() => process.kill(process.pid, 'SIGKILL')", 'its reader ended early (SIGKILL)'],
  ['whose heap is full', '() => { const all = []; for (;;) all.push(new Array(1000).fill({})); }', 'it takes too much memory'],
  ['that keeps much outside the heap', '() => { const all = []; for (;;) all.push(Buffer.alloc(1_000_000, 1)); }', 'it takes too much memory'],
])('of a job %s it is told why there is no reply', async (_, work, lost) => {
  expect(await job(work)).toEqual({ lost });
});

test('a job that goes on for ever ends with its signal, and one whose signal came before does not begin', async () => {
  expect(await job('() => { for (;;); }', { signal: AbortSignal.timeout(300) })).toBe('ended');
  expect(await job('() => ({})', { signal: AbortSignal.abort() })).toBe('ended');
});
