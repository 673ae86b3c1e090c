/** What every driver must keep of waits: on moments, and on outside events before, during and after their wait. */
import { expect, test } from 'vitest';
import { waitKind } from '../../../port.ts';
import { keysOf, read } from './programs.ts';
import type { Suite } from './driver-to-test.ts';

/** Within a life. */
export function waitCases({ begin, host }: Suite): void {
  test('an outside event completes the waits on it, with what came with it; a moment completes its own', async () => {
    const { port, signal } = await begin();
    port.wait('asked', { signal: 'go' });
    await signal('go', { answer: 42 });
    expect(await port.next()).toMatchObject([{ key: 'asked', result: { answer: 42 } }]);
    port.wait('timer', { time: Date.now() + 5 });
    expect(keysOf(await port.next())).toEqual(['timer']);
  });

  test('an event that comes before its wait is kept for it', async () => {
    const { port, signal } = await begin();
    await signal('early', 'kept');
    port.start('a', read('a'));
    (await host().next()).succeed('A');
    expect(keysOf(await port.next())).toEqual(['a']);
    port.wait('late', { signal: 'early' });
    expect(await port.next()).toMatchObject([{ key: 'late', result: 'kept' }]);
  });

  test('of several events under one name the first counts, and a key completes once', async () => {
    const { port, signal } = await begin();
    port.wait('asked', { signal: 'go' });
    await signal('go', 'first');
    await signal('go', 'second');
    expect(await port.next()).toMatchObject([{ key: 'asked', result: 'first' }]);
    port.wait('again', { signal: 'go' });
    expect(await port.next()).toMatchObject([{ key: 'again', result: 'first' }]);
    port.wait('timer', { time: 0 });
    expect(keysOf(await port.next())).toEqual(['timer']);
  });

  test('a wait that is cancelled never completes', async () => {
    const { port, signal } = await begin();
    const handle = port.wait('asked', { signal: 'go' });
    port.cancel(handle);
    await signal('go', 'too late');
    port.wait('timer', { time: 0 });
    expect(keysOf(await port.next())).toEqual(['timer']);
  });

  test('a run is cancelled while it waits', async () => {
    const { port, signal } = await begin();
    port.wait('run.cancel', { signal: 'cancel' });
    port.wait('asked', { signal: 'go' });
    await signal('cancel');
    expect(keysOf(await port.next())).toEqual(['run.cancel']);
  });

  test('an event that does not come in time fails its wait, and is too late afterwards', async () => {
    const { port, signal } = await begin();
    port.wait('asked', { signal: 'go', time: Date.now() + 5 });
    expect(await port.next()).toMatchObject([{ key: 'asked', failure: { code: 'wait-lapsed' } }]);
    await signal('go');
    port.wait('timer', { time: 0 });
    expect(keysOf(await port.next())).toEqual(['timer']);
  });

  test('a run that has ended is told nothing any more', async () => {
    const { signal, end } = await begin();
    await end();
    await expect(signal('go')).rejects.toMatchObject({ failure: { code: 'run-ended' } });
  });
}

/** Over a crash. */
export function waitOverCrashCases({ begin, host, opened }: Suite): void {
  test('a signal that comes after a restart reaches the wait that was there before', async () => {
    const before = await begin();
    before.port.start('a', read('a'));
    (await host().next()).succeed('A');
    await before.port.next();
    before.port.wait('approval', { signal: 'approved' });
    await before.settled();
    await before.crash();
    const after = await begin(before.run);
    after.port.start('a', read('a'));
    after.port.wait('approval', { signal: 'approved' });
    expect(keysOf(await after.port.next())).toEqual(['a']);
    await after.signal('approved', { by: 'Ada' });
    expect(await after.port.next()).toMatchObject([{ key: 'approval', result: { by: 'Ada' } }]);
  });

  test('a signal that was accepted is heard after a crash, also where its wait begins only then', async () => {
    const before = await begin();
    await before.signal('approved', 'yes');
    await before.crash();
    const after = await begin(before.run);
    after.port.wait('approval', { signal: 'approved' });
    expect(await after.port.next()).toMatchObject([{ key: 'approval', result: 'yes' }]);
  });

  test('a signal that was heard is in the journal, and comes back in its place', async () => {
    const before = await begin();
    before.port.wait('approval', { signal: 'approved' });
    before.port.start('a', read('a'));
    await before.signal('approved', 'yes');
    const [heard] = await before.port.next();
    (await host().next()).succeed('A');
    await before.port.next();
    await before.settled();
    const kept = (await opened().journal(before.run)).sort((one, other) => (one.completion ?? 0) - (other.completion ?? 0));
    expect(kept).toMatchObject([
      { key: 'approval', kind: waitKind, result: 'yes', completion: 0 },
      { key: 'a', completion: 1 },
    ]);
    await before.crash();
    const after = await begin(before.run);
    after.port.start('a', read('a'));
    after.port.wait('approval', { signal: 'approved' });
    expect(await after.port.next()).toMatchObject([{ key: 'approval', result: 'yes', at: heard?.at }, { key: 'a' }]);
  });

  test('a wait that lapsed stays lapsed, whatever comes later', async () => {
    const time = Date.now() + 5;
    const before = await begin();
    before.port.wait('asked', { signal: 'go', time });
    await before.port.next();
    await before.settled();
    await before.signal('go', 'too late');
    await before.crash();
    const after = await begin(before.run);
    after.port.wait('asked', { signal: 'go', time });
    expect(await after.port.next()).toMatchObject([{ key: 'asked', failure: { code: 'wait-lapsed' } }]);
  });

  test('a wait for something else than was recorded fails loudly', async () => {
    const before = await begin();
    before.port.wait('asked', { signal: 'go' });
    await before.signal('go', 1);
    await before.port.next();
    await before.settled();
    await before.crash();
    const after = await begin(before.run);
    after.port.wait('asked', { signal: 'stop' });
    expect(await after.port.next()).toMatchObject([{ key: 'asked', failure: { code: 'replay-diverged' } }]);
  });
}
