import { kinds } from '@switchyard/engine/nodes';
import { flowSchema, type Flow } from '@switchyard/shared';
import { expect, test } from 'vitest';
import { createFaces } from './node-face.ts';

const flowsWith = (field: string): Flow['flows'] =>
  flowSchema.shape.flows.parse({
    each: { nodes: { first: { kind: 'input', config: { fields: { [field]: {}, extra: {} } } }, last: { kind: 'output', config: { fields: { out: {} } } } } },
  });

test('a node that runs a flow has the ends of that flow, also after they have changed', () => {
  let flows = flowsWith('a');
  const face = createFaces(kinds, () => flows);
  const node = { kind: 'flow', config: { flow: 'each' } };
  expect([Object.keys(face(node).ports.inputs), Object.keys(face(node).ports.outputs)]).toEqual([['a', 'extra'], ['out']]);
  expect(face(node)).toBe(face(node));
  flows = flowsWith('b');
  expect(Object.keys(face(node).ports.inputs)).toEqual(['b', 'extra']);
});

test('a node that gives its failure at a port has that port', () => {
  const face = createFaces(kinds);
  const node = { kind: 'template', config: { template: 'x' } };
  expect(Object.keys(face(node).ports.outputs)).toEqual(['text']);
  expect(Object.keys(face({ ...node, policy: { onFailure: 'port' as const } }).ports.outputs)).toEqual(['error', 'text']);
});
