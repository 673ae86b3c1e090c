/**
 * What every driver of the run port must keep, as tests: the same cases for each, at the port itself.
 *
 * A driver is opened on a host; `begin` begins a run, or its next life after `crash`. A crash lets go of a run as the death of its process does:
 * nothing in flight is recorded afterwards. Processes that are really killed are in `kill-loop.ts`.
 */
import { randomUUID } from 'node:crypto';
import { failure } from '@switchyard/shared';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Call } from '../../../port.ts';
import { createHandSettledHost, type HandSettledHost } from '../../../testing/hand-settled-host.ts';
import type { DriverToTest, DriverUnderTest, Suite } from './driver-to-test.ts';
import { keysOf, lanes, read, settleAll, write } from './programs.ts';
import { waitCases, waitOverCrashCases } from './wait-cases.ts';

/** Registers the cases for a driver. */
export function conformance(driver: DriverToTest): void {
  describe(`the ${driver.name} driver`, () => cases(driver));
}

function cases(driver: DriverToTest): void {
  let host: HandSettledHost;
  let opened: DriverUnderTest;

  const open = async (concurrency = 8) => {
    host = createHandSettledHost(concurrency);
    opened = await driver.open(host);
  };
  const fresh = () => `${driver.name}-${randomUUID()}`;
  const suite: Suite = {
    begin: async (run = fresh()) => ({ run, ...(await opened.begin(run)) }),
    host: () => host,
    opened: () => opened,
    async reopen(concurrency) {
      await opened.close();
      await open(concurrency);
    },
  };

  beforeEach(async () => {
    await open();
  });
  afterEach(async () => {
    await opened.close();
  });

  describe('within a life', () => {
    orderCases(suite);
    poolCases(suite);
    waitCases(suite);
  });
  if (!driver.isDurable) return;
  describe('over a crash', () => {
    resumeCases(suite);
    replayCases(suite);
    waitOverCrashCases(suite);
  });
}

/** What completes, and in which order. */
function orderCases({ begin, host }: Suite): void {
  test('hands completions over in the order they come, not the order they were asked', async () => {
    const { port } = await begin();
    for (const key of ['a', 'b', 'c']) port.start(key, read(key));
    const [a, b, c] = [await host().next(), await host().next(), await host().next()];
    c.succeed('C');
    expect(await port.next()).toMatchObject([{ key: 'c', result: 'C' }]);
    a.fail(failure('refused', 'refused'));
    expect((await port.next())[0]).toMatchObject({ key: 'a', failure: { code: 'refused' } });
    b.succeed('B', { inputTokens: 3 });
    expect(await port.next()).toMatchObject([{ key: 'b', result: 'B', usage: { inputTokens: 3 } }]);
  });

  test('a key names one effect of its run, and another of the next run', async () => {
    const one = await begin();
    const other = await begin();
    expect(one.port.start('a', read('1'))).toBe(one.port.start('a', read('1')));
    other.port.start('a', read('2'));
    (await host().next()).succeed(1);
    (await host().next()).succeed(2);
    expect(await one.port.next()).toMatchObject([{ key: 'a', result: 1 }]);
    expect(await other.port.next()).toMatchObject([{ key: 'a', result: 2 }]);
    expect(host().pending).toHaveLength(0);
  });

  test('a cancelled call is aborted and its completion never comes', async () => {
    const { port } = await begin();
    const handle = port.start('a', read('a'));
    port.start('b', read('b'));
    const first = await host().next();
    port.cancel(handle);
    expect(first.isAborted()).toBe(true);
    (await host().next()).succeed('B');
    expect(keysOf(await port.next())).toEqual(['b']);
  });
}

/** Limits, fairness and retries. */
function poolCases({ begin, host, reopen }: Suite): void {
  test('no more calls of a pool are under way than it allows', async () => {
    await reopen(2);
    const { port } = await begin();
    for (const key of ['a', 'b', 'c', 'd', 'e']) port.start(key, read(key));
    let most = 0;
    for (let done = 0; done < 5; done += 1) {
      const call = await host().next();
      most = Math.max(most, host().pending.length);
      call.succeed(done);
      await port.next();
    }
    expect(most).toBe(2);
  });

  test('between runs turns are taken: one large run does not starve a small one', async () => {
    await reopen(1);
    const large = await begin();
    const small = await begin();
    for (let index = 0; index < 20; index += 1) large.port.start(`l${index}`, read(`large ${index}`));
    small.port.start('s', read('small'));
    const asked: unknown[] = [];
    while (!asked.includes('small')) {
      const call = await host().next();
      asked.push(call.call.request);
      call.succeed(1);
    }
    expect(asked.length).toBeLessThanOrEqual(3);
  });

  test('a failure that may be retried is, as often as the policy says', async () => {
    const { port, events } = await begin();
    port.start('a', read('a', { retry: { attempts: 3, baseMs: 1, maxMs: 2 } }));
    for (let attempt = 1; attempt <= 3; attempt += 1) (await host().next()).fail(failure('busy', 'busy', { retry: 'policy' }));
    expect((await port.next())[0]?.failure?.code).toBe('busy');
    expect(events.filter(({ type }) => type === 'call-start')).toHaveLength(3);
  });
}

/** What a run finds again. */
function resumeCases({ begin, host, opened }: Suite): void {
  test('what a call follows from is in the journal before it is made', async () => {
    const { run, port } = await begin();
    port.start('a', read('a'));
    (await host().next()).succeed('A');
    await port.next();
    port.start('b', read('b'));
    await host().next();
    expect(await opened().journal(run)).toMatchObject([{ key: 'a', result: 'A', completion: 0 }]);
  });

  test('what nobody waits for is in the journal soon after', async () => {
    const { run, port } = await begin();
    port.start('a', read('a'));
    (await host().next()).succeed('A');
    await port.next();
    await expect.poll(() => opened().journal(run), { timeout: 5000 }).toMatchObject([{ key: 'a', result: 'A', completion: 0 }]);
  });

  test('the positional hazard: branches that go on in another order than before repeat nothing and lose nothing', async () => {
    const before = await begin();
    const done = lanes(before.port, { width: 3, depth: 3 });
    done.catch(() => undefined);
    const [a, b, c] = [await host().next(), await host().next(), await host().next()];
    // The last lane runs ahead, then the first; the middle one is still under way at the crash.
    c.succeed('c0');
    (await host().next()).succeed('c1');
    a.succeed('a0');
    const inFlight = [await host().next(), await host().next()];
    expect(inFlight.map(({ call }) => call.request).sort()).toEqual(['lane0.1 after a0', 'lane2.2 after c1']);
    await before.crash();
    expect(b.isAborted()).toBe(true);
    const kept = await opened().journal(before.run);

    const after = await begin(before.run);
    const asked: string[] = [];
    const again = lanes(after.port, { width: 3, depth: 3 });
    // What was in flight is asked again, and ends in the opposite order.
    await settleAll(host(), { until: again, newestFirst: true, onCall: (call: Call) => asked.push(String(call.request)) });
    expect((await again).join()).toBe('lane0.2 done,lane1.2 done,lane2.2 done');
    expect(asked.sort()).toEqual([
      'lane0.1 after a0',
      'lane0.2 after lane0.1 done',
      'lane1.0',
      'lane1.1 after lane1.0 done',
      'lane1.2 after lane1.1 done',
      'lane2.2 after c1',
    ]);
    await after.settled();
    const journal = (await opened().journal(before.run)).sort((one, other) => (one.completion ?? 0) - (other.completion ?? 0));
    expect(journal.map(({ key }) => key).slice(0, 3)).toEqual(['lane2.0', 'lane2.1', 'lane0.0']);
    expect(journal.slice(0, 3)).toEqual(kept.sort((one, other) => (one.completion ?? 0) - (other.completion ?? 0)));
    expect(journal.map(({ completion }) => completion)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });

  test('time and chance are the same in every life of a run', async () => {
    const before = await begin();
    const drawn = [before.port.random(), before.port.random()];
    before.port.start('a', read('a'));
    (await host().next()).succeed(1);
    await before.port.next();
    const now = before.port.now();
    await before.settled();
    await before.crash();
    const after = await begin(before.run);
    expect([after.port.random(), after.port.random()]).toEqual(drawn);
    after.port.start('a', read('a'));
    await after.port.next();
    expect(after.port.now()).toBe(now);
  });
}

/** What must not be taken for what was recorded. */
function replayCases({ begin, host, opened }: Suite): void {
  test('a key that asks for something else than was recorded fails loudly', async () => {
    const before = await begin();
    before.port.start('a', read('old'));
    (await host().next()).succeed(1);
    await before.port.next();
    await before.settled();
    await before.crash();
    const after = await begin(before.run);
    after.port.start('a', read('new'));
    expect((await after.port.next())[0]?.failure?.code).toBe('replay-diverged');
  });

  test('a recorded call that is not asked for again fails loudly', async () => {
    const before = await begin();
    before.port.start('a', read('a'));
    (await host().next()).succeed(1);
    await before.port.next();
    await before.settled();
    await before.crash();
    const after = await begin(before.run);
    after.port.start('b', read('b'));
    await expect(after.port.next()).rejects.toMatchObject({ failure: { code: 'replay-diverged' } });
  });

  test('a write is journaled before it is made; with an unknown outcome it is not repeated, an idempotent one is', async () => {
    const before = await begin();
    before.port.start('plain', write('p'));
    before.port.start('keyed', write('k', `${before.run}/keyed`));
    const next = before.port.next();
    next.catch(() => undefined);
    await host().next();
    await host().next();
    expect((await opened().journal(before.run)).map(({ key, completion }) => [key, completion]).sort()).toEqual([
      ['keyed', undefined],
      ['plain', undefined],
    ]);
    await before.crash();
    const after = await begin(before.run);
    after.port.start('plain', write('p'));
    after.port.start('keyed', write('k', `${before.run}/keyed`));
    expect((await after.port.next())[0]).toMatchObject({ key: 'plain', failure: { code: 'outcome-unknown' } });
    const repeated = await host().next();
    expect(repeated.call).toMatchObject({ request: 'k', idempotencyKey: `${before.run}/keyed` });
    repeated.succeed('K');
    expect((await after.port.next())[0]).toMatchObject({ key: 'keyed', result: 'K' });
    expect(host().pending).toHaveLength(0);
  });
}
