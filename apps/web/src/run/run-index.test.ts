import { emptyRun, foldRun, type RunEvent, type RunEventBody } from '@switchyard/shared';
import { expect, test } from 'vitest';
import { traceTree } from '../trace/trace-tree.ts';
import { emptyIndex, noteEvent, pairName } from './run-index.ts';

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

test('what happens in a flow that a node runs concerns that node, and hangs below it in the trace', () => {
  const view = emptyRun();
  const index = emptyIndex();
  for (const [seq, body] of bodies.entries()) {
    const event = { ...body, seq, at: seq } as RunEvent;
    foldRun(view, event);
    noteEvent(index, view, event);
  }
  expect(index.tasks.get('ask')).toEqual(['ask']);
  expect([...index.callsTo.keys()]).toEqual(['all']);
  expect(index.inFlight.get(pairName('all', 'all'))).toBe(1);
  const tree = traceTree(view, (node) => node.toUpperCase());
  expect(tree?.children.map(({ label }) => label)).toEqual(['ASK', 'ALL']);
  expect(tree?.children[1]?.children).toMatchObject([{ label: '[0].ask', node: 'all', sort: 'task', children: [{ sort: 'call' }] }]);
});
