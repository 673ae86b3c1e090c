/** Abridged events: what stays, what is said of the rest, and how the whole is put back. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { abridge, abridgeEvent, beginnings, emptyRun, foldRun, valueAt, withValueAt, type Json, type RunEvent } from './index.ts';

const long = 'x'.repeat(500);
const end = (result: Json, more: Partial<RunEvent> = {}): RunEvent =>
  ({ type: 'call-end', key: 'k', attempt: 1, result, ms: 1, seq: 7, at: 1, ...more }) as RunEvent;

describe('an abridged event', () => {
  it('keeps what is short, the type of what is long, and says where the whole is', () => {
    const event = abridgeEvent(end({ status: 200, note: long, rows: [1, 2], deep: { a: 1 } }), 256);
    expect(event).toMatchObject({ type: 'call-end', key: 'k', result: { status: 200, note: `${'x'.repeat(160)}…` } });
    expect(event).not.toHaveProperty('result.rows');
    expect(event.abridged).toEqual([{ path: '/result', bytes: JSON.stringify({ status: 200, note: long, rows: [1, 2], deep: { a: 1 } }).length }]);
  });

  it('is the event itself where nothing is long, or where the run starts or ends', () => {
    const short = end({ status: 200 });
    expect(abridgeEvent(short, 256)).toBe(short);
    const start: RunEvent = { type: 'run-start', run: 'r', flow: 'f', plan: 'p', inputs: { long }, seq: 0, at: 0 };
    expect(abridgeEvent(start, 256)).toBe(start);
  });

  it('counts what is kept apart already, and names one place for all of it', () => {
    const event = abridgeEvent(end({ status: 200, rows: [] }, { abridged: [{ path: '/result/rows', bytes: 90_000, blob: 'h' }] }), 1000);
    expect(event.abridged).toEqual([{ path: '/result', bytes: 90_000 + JSON.stringify({ status: 200, rows: [] }).length }]);
  });

  it('leaves its places in the view, by seq', () => {
    const start: RunEvent = { type: 'task-start', task: 't', node: 't', inputs: { long }, seq: 0, at: 0 };
    const view = foldRun(emptyRun(), abridgeEvent(start, 256));
    foldRun(view, abridgeEvent({ type: 'task-end', task: 't', outputs: { long, more: long }, seq: 1, at: 1 }, 256));
    expect(view.tasks.get('t')?.abridged?.map(({ path, seq }) => [path, seq])).toEqual([
      ['/inputs', 0],
      ['/outputs', 1],
    ]);
  });
});

describe('pointers', () => {
  it('lead to every part of a value, and put it back', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ maxLength: 5 }), fc.jsonValue({ maxDepth: 2 })), (value) => {
        for (const [key, member] of Object.entries(value as { [key: string]: Json })) {
          const path = `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
          expect(valueAt(value as Json, path)).toEqual(member);
          expect(withValueAt(withValueAt(value as Json, path, null), path, member)).toEqual(value);
        }
      }),
    );
  });

  it('that lead nowhere give nothing and change nothing', () => {
    expect(valueAt({ a: [1] }, '/a/7/b')).toBeUndefined();
    expect(withValueAt({ a: [1] }, '/b/c', 2)).toEqual({ a: [1] });
    expect(withValueAt([1, { a: 2 }], '/1/a', 3)).toEqual([1, { a: 3 }]);
  });

  it('of the beginning of a list is none of it', () => expect(abridge([1, 2])).toEqual([]));

  it('of inputs, in a list of runs, leave nothing out', () => {
    const numbers = Array.from({ length: 100_000 }, (_, place) => place);
    expect(beginnings({ few: [1, 'a'], many: numbers, order: { id: 7, lines: [1] }, text: 'x', none: null })).toEqual({
      few: '[1,"a"]',
      many: `${JSON.stringify(numbers).slice(0, 160)}…`,
      order: '{"id":7}',
      text: 'x',
      none: null,
    });
  });
});
