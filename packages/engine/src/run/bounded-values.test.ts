/** What comes to one step, or from it, is bounded together: the step fails with its reason, and its policy holds. */
import { expect, test } from 'vitest';
import { drawBody, drawFlow, entry, exit, type DrawnNode } from '../testing/subflow.ts';
import { testRun } from '../testing/test-run.ts';

const inputs = { q: 'x'.repeat(1_000_000) };
/** Each gives 8 million characters. */
const texts = (count: number): Record<string, DrawnNode> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`t${index}`, ['template', { template: '{{ q }}'.repeat(8) }] satisfies DrawnNode]));
const toTexts = (count: number) => Array.from({ length: count }, (_, index) => `ask.q>t${index}.q`);

const counting: DrawnNode = ['template', { template: '{{ size(a) + size(b) + size(c) }}' }];
const toCount = ['t0.text>count.a', 't1.text>count.b'];

test('inputs that come to more than 20 million characters together fail the step before it runs, and are not told', async () => {
  const flow = drawFlow(
    drawBody({ ask: entry('q'), ...texts(3), count: counting, end: exit('n') }, [...toTexts(3), ...toCount, 't2.text>count.c', 'count.text>end.n']),
  );
  const { result, view } = await testRun(flow, { inputs });
  expect(result).toMatchObject({ status: 'failed', failure: { code: 'inputs-too-large', node: 'count' } });
  expect(result.failure?.message).toMatch(/more than 20 million characters together, so it is not run. Give it the parts/);
  expect(view.tasks.get('count')).toMatchObject({ status: 'failed', inputs: {} });
});

test('inputs that come to less are given', async () => {
  const flow = drawFlow(
    drawBody({ ask: entry('q'), ...texts(2), count: counting, end: exit('n') }, [...toTexts(2), ...toCount, 'ask.q>count.c', 'count.text>end.n']),
  );
  expect((await testRun(flow, { inputs })).result).toMatchObject({ status: 'done', outputs: { n: '17000000' } });
});

test('what a step has gathered is bounded as it ends, and its policy says what then', async () => {
  const merged = (policy?: DrawnNode[2]) =>
    drawFlow(
      drawBody({ ask: entry('q'), ...texts(3), m: ['merge', {}, policy], end: exit('from') }, [
        ...toTexts(3),
        ...[0, 1, 2].map((index) => `t${index}.text>m.values`),
        'm.sources>end.from',
      ]),
    );
  const { result, view } = await testRun(merged(), { inputs });
  expect(result).toMatchObject({ status: 'failed', failure: { code: 'outputs-too-large', node: 'm' } });
  expect(result.failure?.message).toContain('of this step come to more than 20 million characters together');
  expect(view.tasks.get('m')?.outputs).toBeUndefined();
  const policy = { onFailure: 'continue' as const, default: { values: [], sources: ['none'] } };
  expect((await testRun(merged(policy), { inputs })).result).toMatchObject({ status: 'done', outputs: { from: ['none'] } });
});

test('within a flow that is run the same holds', async () => {
  const body = drawBody({ enter: entry('q'), ...texts(3), count: counting, end: exit('n') }, [
    ...toTexts(3).map((wire) => wire.replace('ask', 'enter')),
    ...toCount,
    't2.text>count.c',
    'count.text>end.n',
  ]);
  const flow = drawFlow(drawBody({ ask: entry('q'), sub: ['flow', { flow: 'inner' }], end: exit('n') }, ['ask.q>sub.q', 'sub.n>end.n']), { inner: body });
  const { result, events } = await testRun(flow, { inputs });
  expect(result).toMatchObject({ status: 'failed', failure: { node: 'sub' } });
  expect(events.find((event) => event.type === 'task-failure' && event.task.endsWith('.count'))).toMatchObject({ failure: { code: 'inputs-too-large' } });
});
