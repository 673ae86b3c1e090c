/** The handbook answers with passages that are there, and the sources of its answer are looked up. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { JsonObject } from '@switchyard/shared';
import { expect, test } from 'vitest';

const execute = promisify(execFile);

test('answers from the passages that fit, and gives those that it cites', async () => {
  const data = mkdtempSync(join(tmpdir(), 'handbook-'));
  try {
    const main = join(import.meta.dirname, '../../apps/api/bin/switchyard.mjs');
    const flow = join(import.meta.dirname, 'flow.json');
    const question = 'question=What does the handbook say about hotels?';
    const { stdout } = await execute(process.execPath, [main, 'run', flow, '--data', data, '--input', question, '--json']);
    const { status, outputs } = JSON.parse(stdout) as { status: string; outputs: { answer: string; sources: JsonObject[] } };
    expect(status).toBe('done');
    expect(outputs.answer).toContain('120 euros');
    expect(outputs.sources).toContainEqual(expect.objectContaining({ source: 'expenses.md', heading: 'Travel and expenses › Hotels' }));
    for (const { cite } of outputs.sources) expect(outputs.answer).toContain(cite);
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
});
