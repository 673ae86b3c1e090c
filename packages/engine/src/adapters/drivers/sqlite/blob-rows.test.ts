import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { emptyFlow, type Abridged, type Json, type JsonObject, type RunEvent } from '@switchyard/shared';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Plan } from '../../../plan.ts';
import { blobsOf, longestInline, withLongValues, withoutLongValues } from '../long-values.ts';
import { RunStore } from './run-store.ts';

let folder: string;
let store: RunStore;
const file = () => join(folder, 'runs.db');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-blobs-'));
  store = new RunStore(file());
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true });
});

const usage = { modelCalls: 0, toolCalls: 0, inputTokens: 0, outputTokens: 0 };
const rows = (count: number, text = 'the parcel is late') => Array.from({ length: count }, (_, order) => ({ order, text }));

async function keep(run: string, result: Json, more: { inputs?: JsonObject; outputs?: JsonObject } = {}): Promise<void> {
  const { inputs = {}, outputs = {} } = more;
  await store.create({ run, flow: emptyFlow('F'), plan: { hash: 'h' } as Plan, inputs, status: 'running', startedAt: 1 });
  store.appendEvent(run, { type: 'run-start', run, flow: 'F', plan: 'h', inputs, seq: 0, at: 1 });
  store.appendEvent(run, { type: 'call-end', key: 'k', attempt: 1, ms: 1, result, seq: 1, at: 1 });
  store.journal(run).record({ key: 'k', kind: 'query', inputHash: 'x', attempt: 1, startedAt: 1, completion: 0, result }, () => undefined, true);
  store.appendEvent(run, { type: 'run-end', status: 'done', outputs, usage, seq: 2, at: 2 });
  await store.finish(run, { status: 'done', outputs, usage, endedAt: 2 });
}

function bytesOf(query: string): number {
  const other = new DatabaseSync(file(), { readOnly: true });
  const [row] = other.prepare(query).all() as { bytes: number }[];
  other.close();
  return row?.bytes ?? 0;
}

describe('long values in the store', () => {
  test('stand once, however many entries, events and runs hold them, and are read back whole', async () => {
    const result = { columns: ['order', 'text'], rows: rows(5000) };
    const more = { inputs: { rows: rows(4000) }, outputs: { rows: rows(4500) } };
    await keep('a', result, more);
    await keep('b', structuredClone(result), structuredClone(more));
    store.close();
    store = new RunStore(file());
    for (const run of ['a', 'b']) {
      expect(store.recorded(run)).toEqual([{ key: 'k', kind: 'query', inputHash: 'x', attempt: 1, startedAt: 1, completion: 0, result }]);
      expect(store.events(run)[1]).toEqual({ type: 'call-end', key: 'k', attempt: 1, ms: 1, result, seq: 1, at: 1 });
      expect(store.events(run)[2]).toMatchObject({ outputs: more.outputs });
      expect(store.get(run)).toMatchObject(more);
    }
    const blobs = bytesOf('SELECT sum(length(text)) AS bytes FROM blobs');
    expect(blobs).toBe([result, more.inputs, more.outputs].reduce((sum, value) => sum + JSON.stringify(value).length, 0));
    expect(bytesOf('SELECT sum(length(events)) AS bytes FROM batches')).toBeLessThan(10_000);
    expect(bytesOf('SELECT sum(length(entries)) AS bytes FROM batches')).toBeLessThan(1000);
  });

  test('a list tells their beginnings', async () => {
    await keep('a', 'short', { inputs: { question: 'q', rows: rows(5000) } });
    expect(store.list()[0]?.inputs).toEqual({ question: 'q', rows: expect.stringMatching(/^\[\{.{158}…$/) as string });
  });

  test('what is not longer than 64 KB stays where it is', async () => {
    await keep('a', 'x'.repeat(longestInline - 2));
    expect(bytesOf('SELECT count(*) AS bytes FROM blobs')).toBe(0);
    await keep('b', 'x'.repeat(longestInline - 1));
    expect(bytesOf('SELECT count(*) AS bytes FROM blobs')).toBe(1);
    expect(store.recorded('b')[0]?.result).toHaveLength(longestInline - 1);
  });

  test('a value that begins like a reference is what it is', async () => {
    const text = `#${'a'.repeat(64)}{}`;
    await keep('a', text, { inputs: { text }, outputs: { text } });
    expect([store.recorded('a')[0]?.result, store.get('a')?.inputs, store.list()[0]?.outputs]).toEqual([text, { text }, { text }]);
  });

  test('pages of events end where they have become long, and none is empty before the last', async () => {
    await store.create({ run: 'a', flow: emptyFlow('F'), plan: { hash: 'h' } as Plan, inputs: {}, status: 'running', startedAt: 1 });
    const result = 'x'.repeat(1_500_000);
    for (let seq = 0; seq < 20; seq += 1) store.appendEvent('a', { type: 'call-end', key: `k${seq}`, attempt: 1, ms: 1, result, seq, at: 1 });
    const sizes: number[] = [];
    let after = -1;
    for (let page = store.events('a', after); page.length > 0; page = store.events('a', after)) {
      sizes.push(page.length);
      after = page.at(-1)?.seq ?? after;
    }
    expect([after, sizes.reduce((sum, size) => sum + size, 0)]).toEqual([19, 20]);
    expect(Math.max(...sizes)).toBeLessThan(10);
  });
});

test('an event without its long values, and with them again, is the event', () => {
  const value = fc.oneof(fc.jsonValue(), fc.constantFrom<Json>('x'.repeat(70_000), rows(3000), { rows: rows(3000), 'a/b~': 1 }));
  fc.assert(
    fc.property(value, value, (result, outputs) => {
      const events = [
        { type: 'call-end', key: 'k', attempt: 1, ms: 1, result, seq: 1, at: 1 },
        { type: 'task-end', task: 't', outputs: { value: outputs }, seq: 2, at: 1 },
        { type: 'call-end', key: '"result":null', attempt: 1, ms: 1, result, outputs, seq: 3, at: 1 },
        { seq: 4, at: 1, inputs: { value: outputs }, type: 'task-start', task: 'x'.repeat(500), node: 't' },
      ] as RunEvent[];
      for (const event of events.map((one) => JSON.parse(JSON.stringify(one)) as RunEvent)) {
        const { event: short, blobs } = withoutLongValues(event, JSON.stringify(event));
        expect(JSON.stringify(short).length).toBeLessThan(longestInline + 5000);
        expect(blobsOf(short)).toEqual(blobs.map(({ hash }) => hash));
        expect(short.abridged ?? []).toEqual(blobs.map(({ hash, text }) => expect.objectContaining({ blob: hash, bytes: text.length }) as Abridged));
        for (const { text, hash } of blobs) expect(hash).toBe(createHash('sha256').update(text).digest('hex'));
        const members = Object.values(event).map((member) => JSON.stringify(member));
        for (const { text } of blobs) expect(members.includes(text)).toBe(true);
        expect(withLongValues(short, (hash) => blobs.find((blob) => blob.hash === hash)?.text ?? '')).toEqual(event);
      }
    }),
  );
});
