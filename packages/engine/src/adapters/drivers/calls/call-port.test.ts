import { failure, FailureError, type RunEventBody } from '@switchyard/shared';
import { describe, expect, test } from 'vitest';
import type { Call, Completion } from '../../../port.ts';
import { createHandSettledHost, type HandSettledHost } from '../../../testing/hand-settled-host.ts';
import { createRedactor } from '../../redact.ts';
import { createCallPort, type CallPort } from './call-port.ts';
import type { Journal, JournalEntry } from '../journal.ts';
import { Pools } from './pools.ts';

const call = (request: string, more: Partial<Call> = {}): Call => ({
  kind: 'fetch',
  pool: 'http:api',
  request,
  effect: 'read',
  timeoutMs: 5000,
  retry: { attempts: 3, baseMs: 1, maxMs: 2 },
  task: 't',
  target: { node: 'api' },
  ...more,
});

interface Made {
  port: CallPort;
  host: HandSettledHost;
  events: RunEventBody[];
}

function makePort(journal?: Journal, recorded?: JournalEntry[]): Made {
  const host = createHandSettledHost();
  const events: RunEventBody[] = [];
  const port = createCallPort({
    run: 'r',
    startedAt: 1000,
    host,
    pools: new Pools(host.pool),
    redact: (value) => value,
    emit: (event) => events.push(event),
    ...(journal && { journal }),
    ...(recorded && { recorded }),
  });
  return { port, host, events };
}

const listJournal = () => {
  const entries: JournalEntry[] = [];
  const journal: Journal = {
    record: (entry, whenDurable) => {
      entries.push(entry);
      whenDurable();
    },
  };
  return { entries, journal };
};

/** One that settles what it was given when it is told to. */
const heldJournal = () => {
  const settles: ((error?: FailureError) => void)[] = [];
  const held = {
    hastened: 0,
    settle(error?: FailureError) {
      for (const settle of settles.splice(0)) settle(error);
    },
  };
  const journal: Journal = {
    record: (_, whenDurable) => void settles.push(whenDurable),
    hasten: () => {
      held.hastened += 1;
    },
  };
  return { held, journal };
};

const keys = (completions: Completion[]) => completions.map(({ key }) => key);

describe('the run port', () => {
  test('hands completions over in the order they come, not the order they were asked', async () => {
    const { port, host } = makePort();
    port.start('a', call('1'));
    port.start('b', call('2'));
    const first = await host.next();
    const second = await host.next();
    second.succeed('two');
    expect(await port.next()).toMatchObject([{ key: 'b', result: 'two' }]);
    first.succeed('one');
    expect(await port.next()).toMatchObject([{ key: 'a', result: 'one' }]);
  });

  test('after close nothing begins, though the run was just handed a completion and goes on from it', async () => {
    const { port, host } = makePort();
    port.start('a', call('1'));
    (await host.next()).succeed('one');
    await port.next();
    port.close();
    port.start('b', call('2'));
    expect(host.pending).toEqual([]);
  });

  test('a key names one effect: starting it again makes no second call', async () => {
    const { port, host } = makePort();
    expect(port.start('a', call('1'))).toBe(port.start('a', call('1')));
    (await host.next()).succeed(1);
    expect(keys(await port.next())).toEqual(['a']);
    expect(host.pending).toHaveLength(0);
  });

  test('retries what may be retried, and no more often than the policy says', async () => {
    const { port, host, events } = makePort();
    port.start('a', call('1'));
    for (let attempt = 1; attempt <= 3; attempt += 1) (await host.next()).fail(failure('busy', 'busy', { retry: 'policy' }));
    const [completion] = await port.next();
    expect(completion?.failure?.code).toBe('busy');
    expect(events.filter(({ type }) => type === 'call-start')).toHaveLength(3);
  });

  test('with a list of codes, exactly those are tried again', async () => {
    const { port, host } = makePort();
    const retry = { attempts: 3, baseMs: 1, maxMs: 2, on: ['odd'] };
    port.start('a', call('1', { retry }));
    (await host.next()).fail(failure('odd', 'said never, but the list says so'));
    (await host.next()).fail(failure('busy', 'not in the list', { retry: 'policy' }));
    expect((await port.next())[0]?.failure?.code).toBe('busy');
    expect(host.pending).toHaveLength(0);
  });

  test('does not retry what never helps', async () => {
    const { port, host } = makePort();
    port.start('a', call('1'));
    (await host.next()).fail(failure('refused', 'refused'));
    expect((await port.next())[0]?.failure?.code).toBe('refused');
    expect(host.pending).toHaveLength(0);
  });

  test('a call that gets no answer in time fails with `timeout` and is aborted', async () => {
    const { port, host } = makePort();
    port.start('a', call('1', { timeoutMs: 5, retry: { attempts: 1, baseMs: 0, maxMs: 0 } }));
    const pending = await host.next();
    expect((await port.next())[0]?.failure?.code).toBe('timeout');
    expect(pending.isAborted()).toBe(true);
  });

  test('streamed text is told at once, then in batches, before the end of its call', async () => {
    const { port, host, events } = makePort();
    port.start('a', call('1'));
    const pending = await host.next();
    for (const text of ['one', ' two', ' three']) pending.say(text);
    pending.succeed('x');
    await port.next();
    expect(events.map((event) => (event.type === 'call-delta' ? event.text : event.type))).toEqual(['call-start', 'one', ' two three', 'call-end']);
  });

  test('a secret that is streamed in pieces is masked', async () => {
    const host = createHandSettledHost();
    const events: RunEventBody[] = [];
    const port = createCallPort({
      run: 'r',
      startedAt: 0,
      host,
      pools: new Pools(host.pool),
      redact: createRedactor(['sk-very-secret']),
      emit: (event) => void events.push(event),
    });
    port.start('a', call('1'));
    const pending = await host.next();
    for (const text of ['the key is sk-ve', 'ry-sec', 'ret, keep it']) pending.say(text);
    pending.succeed('done');
    await port.next();
    expect(events.map((event) => (event.type === 'call-delta' ? event.text : '')).join('')).toBe('the key is [secret], keep it');
  });

  test('a time limit that the performer explains is told in its words, and not retried where it says so', async () => {
    const { port, host, events } = makePort();
    port.start('a', call('1', { timeoutMs: 5 }));
    const pending = await host.next();
    pending.onAbort(() => pending.fail(failure('timeout', 'the query was killed')));
    expect((await port.next())[0]?.failure?.message).toBe('the query was killed');
    expect(events.filter(({ type }) => type === 'call-start')).toHaveLength(1);
  });

  test('cancel aborts the effect and its completion never comes', async () => {
    const { port, host } = makePort();
    const handle = port.start('a', call('1'));
    port.start('b', call('2'));
    const first = await host.next();
    port.cancel(handle);
    expect(first.isAborted()).toBe(true);
    (await host.next()).succeed(2);
    expect(keys(await port.next())).toEqual(['b']);
  });

  test('an outside event completes the waits on it', async () => {
    const { port } = makePort();
    port.wait('w', { signal: 'cancel' });
    port.signal('cancel');
    expect(keys(await port.next())).toEqual(['w']);
  });
});

describe('the run port on a journal', () => {
  test('goes on from a completion at once, and begins nothing before it is durable', async () => {
    const { held, journal } = heldJournal();
    const { port, host } = makePort(journal);
    port.start('a', call('1'));
    (await host.next()).succeed(1);
    expect(keys(await port.next())).toEqual(['a']);
    expect(held.hastened).toBe(0);
    port.start('b', call('2'));
    port.start('c', call('3'));
    port.cancel(port.start('d', call('4')));
    await new Promise((resolve) => setImmediate(resolve));
    expect(host.pending).toHaveLength(0);
    expect(held.hastened).toBe(1);
    held.settle();
    expect(host.pending.map((pending) => pending.call.request)).toEqual(['2', '3']);
  });

  test('where an entry cannot be written nothing begins any more, and the run is told', async () => {
    const { held, journal } = heldJournal();
    const { port, host } = makePort(journal);
    port.start('a', call('1'));
    (await host.next()).succeed(1);
    await port.next();
    port.start('b', call('2'));
    const next = port.next();
    held.settle(new FailureError(failure('store-failed', 'The disk is full')));
    await expect(next).rejects.toMatchObject({ failure: { code: 'store-failed' } });
    expect(host.pending).toHaveLength(0);
  });

  test('after a crash hands over what was recorded in its order, calls only what was in flight, and tells the old times', async () => {
    const { entries, journal } = listJournal();
    const before = makePort(journal);
    for (const name of ['a', 'b', 'c']) before.port.start(name, call(name));
    const [a, b] = [await before.host.next(), await before.host.next()];
    b?.succeed('B');
    await before.port.next();
    a?.succeed('A');
    await before.port.next();
    before.port.close();

    const after = makePort(
      journal,
      entries.map((entry) => ({ ...entry })),
    );
    for (const name of ['a', 'b', 'c']) after.port.start(name, call(name));
    expect(after.host.pending.map(({ call: { request } }) => request)).toEqual([]);
    expect(await after.port.next()).toMatchObject([
      { key: 'b', result: 'B' },
      { key: 'a', result: 'A' },
    ]);
    const last = after.port.next();
    const again = await after.host.next();
    expect(again.call.request).toBe('c');
    again.succeed('C');
    expect(await last).toMatchObject([{ key: 'c', result: 'C' }]);
    expect(after.events.filter((event) => event.type === 'call-end' && event.replayed)).toHaveLength(2);
  });

  test('a key that asks for something else than was recorded fails loudly', async () => {
    const { entries, journal } = listJournal();
    const before = makePort(journal);
    before.port.start('a', call('old'));
    (await before.host.next()).succeed(1);
    await before.port.next();
    const after = makePort(journal, entries);
    after.port.start('a', call('new'));
    await expect(after.port.next().then(([completion]) => completion?.failure?.code)).resolves.toBe('replay-diverged');
  });

  test('a write whose outcome is unknown is not made again, an idempotent one is', async () => {
    const { entries, journal } = listJournal();
    const before = makePort(journal);
    before.port.start('plain', call('p', { effect: 'write' }));
    before.port.start('keyed', call('k', { effect: 'write', idempotencyKey: 'r/keyed' }));
    await before.host.next();
    await before.host.next();
    before.port.close();
    const after = makePort(journal, [...entries]);
    after.port.start('plain', call('p', { effect: 'write' }));
    after.port.start('keyed', call('k', { effect: 'write', idempotencyKey: 'r/keyed' }));
    expect((await after.port.next())[0]).toMatchObject({ key: 'plain', failure: { code: 'outcome-unknown' } });
    expect((await after.host.next()).call.request).toBe('k');
  });

  test('a wait that ended is not waited for again; one under way waits for the same moment', async () => {
    const { entries, journal } = listJournal();
    const before = makePort(journal);
    const moment = Date.now() + 5;
    before.port.wait('short', { time: moment });
    before.port.wait('long', { time: moment + 60_000 });
    expect(keys(await before.port.next())).toEqual(['short']);
    before.port.close();
    expect(entries.map(({ key, kind }) => [key, kind])).toEqual([['short', 'wait']]);

    const after = makePort(journal, [...entries]);
    after.port.wait('short', { time: moment });
    after.port.wait('long', { time: Date.now() + 5 });
    expect(await after.port.next()).toMatchObject([{ key: 'short', at: entries[0]?.endedAt }]);
    expect(keys(await after.port.next())).toEqual(['long']);
  });

  test('what the run has given up by the end of the replay is not made again', async () => {
    const { entries, journal } = listJournal();
    const before = makePort(journal);
    before.port.start('fast', call('f'));
    const slow = before.port.start('slow', call('s'));
    (await before.host.next()).succeed('F');
    await before.port.next();
    before.port.cancel(slow);
    before.port.close();

    const after = makePort(journal, [...entries]);
    after.port.start('fast', call('f'));
    const again = after.port.start('slow', call('s'));
    await after.port.next();
    after.port.cancel(again);
    after.port.start('next', call('n'));
    const rest = after.port.next();
    const made = await after.host.next();
    expect(made.call.request).toBe('n');
    expect(after.host.pending).toHaveLength(1);
    made.succeed(1);
    expect(keys(await rest)).toEqual(['next']);
  });
});

test('the end of a wait is hashed for a journal alone', async () => {
  let written = 0;
  // Whoever hashes what is waited for writes it as text first.
  const signal = {
    toJSON() {
      written += 1;
      return 'go';
    },
  };
  const { journal, entries } = listJournal();
  for (const [kept, hashes] of [
    [undefined, 0],
    [journal, 1],
  ] as const) {
    written = 0;
    const { port } = makePort(kept);
    port.wait('w', { signal: signal as unknown as string });
    port.signal(signal as unknown as string, 'told');
    expect(await port.next()).toMatchObject([{ key: 'w', result: 'told' }]);
    expect(written).toBe(hashes);
  }
  expect(entries).toMatchObject([{ key: 'w', kind: 'wait', result: 'told' }]);
});
