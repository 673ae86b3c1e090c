/** Rooms that wait for several things, or for time. */
import { failure, type Flow, type JsonObject } from '@switchyard/shared';
import { describe, expect, test } from 'vitest';
import { createHandSettledHost } from '../testing/hand-settled-host.ts';
import { drawBody, drawFlow, entry, exit, fetching } from '../testing/subflow.ts';
import { testRun } from '../testing/test-run.ts';

const ok = (body: string) => ({ status: 200, headers: {}, body });

function merging(config: JsonObject): Flow {
  return drawFlow(
    drawBody(
      { a: fetching('/a', { onFailure: 'continue' }), b: fetching('/b'), c: fetching('/c'), join: ['merge', config], reply: exit('values', 'sources') },
      ['a.body>join.values', 'b.body>join.values', 'c.body>join.values', 'join.values>reply.values', 'join.sources>reply.sources'],
    ),
  );
}

async function begin(config: JsonObject) {
  const host = createHandSettledHost();
  const running = testRun(merging(config), { host });
  return { running, a: await host.next(), b: await host.next(), c: await host.next() };
}

describe('merge', () => {
  test('of all gives the values in the order in which they came, with their sources', async () => {
    const { running, a, b, c } = await begin({});
    c.succeed(ok('C'));
    a.succeed(ok('A'));
    b.succeed(ok('B'));
    expect((await running).result.outputs).toEqual({ values: ['C', 'A', 'B'], sources: ['c.body', 'a.body', 'b.body'] });
  });

  test('of all does not wait for what gives nothing', async () => {
    const { running, a, b, c } = await begin({});
    a.fail(failure('http-status', 'no'));
    b.succeed(ok('B'));
    c.succeed(ok('C'));
    expect((await running).result.outputs).toEqual({ values: ['B', 'C'], sources: ['b.body', 'c.body'] });
  });

  test('of any goes on with the first, and passes over what comes later', async () => {
    const { running, a, b, c } = await begin({ mode: 'any' });
    b.succeed(ok('B'));
    a.succeed(ok('A'));
    c.succeed(ok('C'));
    const { result, events } = await running;
    expect(result.outputs).toEqual({ values: ['B'], sources: ['b.body'] });
    const order = events.flatMap((event) => (event.type === 'task-end' ? [event.task] : []));
    expect(order.indexOf('reply')).toBeLessThan(order.indexOf('a'));
  });

  test('of the first two waits for two', async () => {
    const { running, a, b, c } = await begin({ mode: 'first', count: 2 });
    c.succeed(ok('C'));
    a.succeed(ok('A'));
    b.succeed(ok('B'));
    expect((await running).result.outputs).toEqual({ values: ['C', 'A'], sources: ['c.body', 'a.body'] });
  });

  test('gives what has come when its time is up', async () => {
    const { running, a, b, c } = await begin({ seconds: 0.01 });
    b.succeed(ok('B'));
    await new Promise((resolve) => setTimeout(resolve, 40));
    a.succeed(ok('A'));
    c.succeed(ok('C'));
    const { result, view } = await running;
    expect(result.outputs).toEqual({ values: ['B'], sources: ['b.body'] });
    expect(view.waits.size).toBe(0);
  });

  test('to which nothing comes is skipped', async () => {
    const flow = drawFlow(
      drawBody(
        {
          ask: entry('q'),
          way: [
            'branch',
            {
              cases: [
                { port: 'yes', when: 'value == 1' },
                { port: 'no', when: 'value == 2' },
              ],
            },
          ],
          join: ['merge', { seconds: 60 }],
          reply: exit('values'),
        },
        ['ask.q>way.value', 'way.yes>join.values', 'way.no>join.values', 'join.values>reply.values'],
      ),
    );
    const { result, view } = await testRun(flow, { inputs: { q: 3 } });
    expect(result.outputs).toEqual({});
    expect(view.tasks.get('join')?.status).toBe('skipped');
    expect((await testRun(flow, { inputs: { q: 2 } })).result.outputs).toEqual({ values: [2] });
  });
});

describe('wait', () => {
  const waiting = (config: JsonObject) =>
    drawFlow(
      drawBody({ ask: entry('q', 'at'), pause: ['wait', config], reply: exit('q') }, [
        'ask.q>pause.value',
        'pause.value>reply.q',
        ...('until' in config ? ['ask.at>pause.at'] : []),
      ]),
    );

  test('lets time pass, tells so, and gives on the value', async () => {
    const begin = Date.now();
    const { result, events } = await testRun(waiting({ seconds: 0.02 }), { inputs: { q: 1 } });
    expect(result.outputs).toEqual({ q: 1 });
    const [start, end] = ['wait-start', 'wait-end'].map((type) => events.find((event) => event.type === type));
    expect(start).toMatchObject({ key: 'pause', task: 'pause', until: { time: expect.any(Number) } });
    // From the run's time on, which stands still between completions; the event of its start may be a little later.
    const until = (start as unknown as { until: { time: number } }).until.time;
    expect(until).toBeGreaterThanOrEqual(begin + 20);
    expect(end?.at).toBeGreaterThanOrEqual(until);
  });

  test('does not wait for a moment that has passed', async () => {
    expect((await testRun(waiting({ until: '{{ at }}' }), { inputs: { q: 1, at: '2020-01-01T00:00:00Z' } })).result.outputs).toEqual({ q: 1 });
  });

  test('says what a moment looks like', async () => {
    expect((await testRun(waiting({ until: '{{ at }}' }), { inputs: { q: 1, at: 'tomorrow' } })).result.failure).toMatchObject({
      code: 'time-invalid',
      node: 'pause',
    });
  });

  test('fails where an event does not come in time', async () => {
    const flow = waiting({ event: 'paid', seconds: 0.02 });
    expect((await testRun(flow, { inputs: { q: 1 } })).result.failure).toMatchObject({ code: 'wait-lapsed', node: 'pause' });
  });

  test('counts towards the time limit of the flow', async () => {
    const { result } = await testRun({ ...waiting({ seconds: 60 }), limits: { seconds: 0.02 } }, { inputs: { q: 1 } });
    expect(result.failure?.code).toBe('limit-seconds');
  });
});
