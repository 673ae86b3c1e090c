import { emptyRun, failure, foldRun, type RunEvent, type RunEventBody } from '@switchyard/shared';
import { expect, test } from 'vitest';
import { traceTree } from '../trace/trace-tree.ts';
import { emptyIndex, noteEvent, pairName } from './run-index.ts';
import { bodyAt } from './run-places.ts';
import { runFigures } from './use-run.ts';

const call = { kind: 'fetch', pool: 'p', request: {}, attempt: 1 };
/** A map whose flow has nodes of the same ids as the flow itself. */
const bodies: RunEventBody[] = [
  { type: 'run-start', run: 'r', flow: 'F', plan: 'p', inputs: {} },
  { type: 'task-start', task: 'ask', node: 'ask', inputs: {} },
  { type: 'task-end', task: 'ask', outputs: { q: 1 } },
  { type: 'task-start', task: 'all', node: 'all', inputs: {} },
  { type: 'task-start', task: 'all[0].ask', node: 'ask', inputs: { item: 1 }, parent: 'all' },
  { type: 'call-start', key: 'all[0].ask', task: 'all[0].ask', target: { node: 'ask' }, ...call },
];

function told(script: readonly RunEventBody[]) {
  const view = emptyRun();
  const index = emptyIndex();
  for (const [seq, body] of script.entries()) {
    const event = { ...body, seq, at: seq } as RunEvent;
    foldRun(view, event);
    noteEvent(index, view, event);
  }
  return { view, index };
}

test('what happens in a flow that a node runs concerns that node and its own, and hangs below it in the trace', () => {
  const { view, index } = told(bodies);
  expect([...index.callsTo]).toEqual([
    ['all[0].ask', ['all[0].ask']],
    ['all', ['all[0].ask']],
  ]);
  expect([index.inFlight.get(pairName('all', 'all')), index.inFlight.get(pairName('all[0].ask', 'all[0].ask'))]).toEqual([1, 1]);
  expect(index.stamps.get('ask')).toBe(2);
  const tree = traceTree(view, (site) => site.toUpperCase());
  expect(tree?.children.map(({ label }) => label)).toEqual(['ASK', 'ALL']);
  const inner = { label: '[0] ALL/ASK', node: 'ask', body: 'all[0]', site: 'all/ask', sort: 'task' };
  expect(tree?.children[1]?.children).toMatchObject([{ ...inner, children: [{ sort: 'call', body: 'all[0]', site: 'all/ask' }] }]);
});

test('the body that is seen at a level is the one chosen, else the latest', () => {
  const again: RunEventBody[] = [1, 2].map((item) => ({ type: 'task-start', task: `all[${item}].ask`, node: 'ask', inputs: {}, parent: 'all' }));
  const deeper: RunEventBody = { type: 'task-start', task: 'all[1].ask.end', node: 'end', inputs: {}, parent: 'all[1].ask' };
  const { bodies: seen } = told([...bodies, ...again, deeper]).index;
  expect([bodyAt(seen, [], undefined), bodyAt(seen, ['all'], undefined), bodyAt(seen, ['all'], 'all[0]')]).toEqual(['', 'all[2]', 'all[0]']);
  expect(bodyAt(seen, ['all', 'ask'], undefined)).toBeUndefined();
  expect(bodyAt(seen, ['all', 'ask'], 'all[1].ask')).toBe('all[1].ask');
  expect(bodyAt(seen, ['other'], 'all[0]')).toBeUndefined();
});

test('a flow that a control node called is run by the node that offered it', () => {
  const { view, index } = told([
    { type: 'run-start', run: 'r', flow: 'F', plan: 'p', inputs: {} },
    { type: 'task-start', task: 'planner', node: 'planner', inputs: {} },
    { type: 'task-start', task: 'planner#t1.pricing.run.0.tax', node: 'tax', inputs: {}, parent: 'planner' },
    { type: 'call-start', key: 'planner#t1.pricing.run.0.tax', task: 'planner#t1.pricing.run.0.tax', target: { node: 'tax' }, ...call },
  ]);
  expect(bodyAt(index.bodies, ['pricing'], undefined)).toBe('planner#t1.pricing.run.0');
  expect(index.inFlight.get(pairName('planner', 'pricing'))).toBe(1);
  const row = traceTree(view, (site) => site)?.children[0]?.children[0];
  expect(row).toMatchObject({ label: 'pricing.run pricing/tax', site: 'pricing/tax', body: 'planner#t1.pricing.run.0' });
});

test('calls are counted once, however often they are attempted: turns apart, and those that were not made not at all', () => {
  const begun: RunEventBody[] = [
    { type: 'run-start', run: 'r', flow: 'F', plan: 'p', inputs: {} },
    { type: 'task-start', task: 'planner', node: 'planner', inputs: {} },
  ];
  const start = (key: string, attempt: number): RunEventBody => ({ type: 'call-start', key, task: 'planner', target: { node: 'x' }, ...call, attempt });
  const lost: RunEventBody = { type: 'call-end', key: 'planner#t1.x.get.0', attempt: 1, failure: failure('x', 'x'), ms: 1 };
  const refused: RunEventBody = {
    type: 'call-refused',
    key: 'planner#t1.x.get.1',
    task: 'planner',
    target: { node: 'x' },
    request: {},
    failure: failure('x', 'x'),
  };
  const calls = [start('planner#t1.model', 1), start('planner#t1.x.get.0', 1), lost, start('planner#t1.x.get.0', 2), refused];
  const { view, index } = told([...begun, ...calls]);
  expect(runFigures(view, index, 99)).toMatchObject({ turns: 1, calls: 1 });
  // Told anew, as after waiting, it is counted anew.
  const again = told([...begun, ...calls, ...begun, start('planner#t1.model', 1)]);
  expect(runFigures(again.view, again.index, 99)).toMatchObject({ turns: 1, calls: 0 });
});
