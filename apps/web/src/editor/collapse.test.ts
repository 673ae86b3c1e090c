/** A flow made of chosen nodes does what they did. */
import { compile } from '@switchyard/engine/compile';
import { kinds } from '@switchyard/engine/nodes';
import { emptyFlow, hasErrors, type Flow, type FlowNode } from '@switchyard/shared';
import { expect, test } from 'vitest';
import { collapseSelection } from './collapse.ts';
import { enterFlow } from './enter-flow.ts';
import { openEditor } from './testing/editor-driver.ts';

const template = (text: string, title?: string): FlowNode => ({ kind: 'template', ...(title && { title }), config: { template: text } });
const fields = (...names: string[]) => ({ fields: Object.fromEntries(names.map((name) => [name, { type: 'string' }])) });

/** ask → one → two → three → reply, and one → three as well. */
const chain: Flow = {
  ...emptyFlow('Chain'),
  nodes: {
    ask: { kind: 'input', config: fields('a', 'b') },
    one: template('{{x}} {{y}}'),
    two: template('{{x}}'),
    three: template('{{x}} {{y}} {{a}}', 'Third'),
    reply: { kind: 'output', config: fields('answer', 'first') },
  },
  links: [
    { from: 'ask.a', to: 'one.x' },
    { from: 'ask.b', to: 'one.y' },
    { from: 'one.text', to: 'two.x' },
    { from: 'one.text', to: 'three.y' },
    { from: 'two.text', to: 'three.x' },
    { from: 'ask.a', to: 'three.a' },
    { from: 'three.text', to: 'reply.answer' },
    { from: 'one.text', to: 'reply.first' },
  ],
};

const errors = (flow: Flow) => compile(flow, undefined, kinds).diagnostics.filter((diagnostic) => hasErrors([diagnostic]));

test('values go in once and out once, and what was wired is wired', () => {
  const user = openEditor(chain);
  user.selects('one', 'two', 'three');
  expect(collapseSelection(user.editor)).toBeUndefined();
  const { document, selection } = user.editor.state();
  expect(errors(document)).toEqual([]);
  expect(selection.nodes).toEqual(['flow']);
  expect(document.nodes).toEqual({ ask: chain.nodes.ask, reply: chain.nodes.reply, flow: { kind: 'flow', config: { flow: 'part' } } });
  expect(document.links).toEqual([
    { from: 'ask.a', to: 'flow.a' },
    { from: 'ask.b', to: 'flow.b' },
    { from: 'flow.text', to: 'reply.answer' },
    { from: 'flow.text_2', to: 'reply.first' },
  ]);
  const part = document.flows?.part;
  expect(part?.nodes.input?.config).toEqual(fields('a', 'b'));
  expect(part?.links).toEqual([
    { from: 'one.text', to: 'two.x' },
    { from: 'one.text', to: 'three.y' },
    { from: 'two.text', to: 'three.x' },
    { from: 'input.a', to: 'one.x' },
    { from: 'input.a', to: 'three.a' },
    { from: 'input.b', to: 'one.y' },
    { from: 'three.text', to: 'output.text' },
    { from: 'one.text', to: 'output.text_2' },
  ]);
  user.undoes();
  expect(user.editor.state().document).toEqual(chain);
});

test('also within a flow of the document, and with what a node may call', () => {
  const user = openEditor(chain);
  user.selects('one', 'two', 'three');
  collapseSelection(user.editor);
  enterFlow(user.editor, 'flow');
  const [plan, orders] = [user.adds('control', [0, 0]), user.adds('sql', [0, 400])];
  user.grants(plan, orders);
  user.selects(plan);
  expect(collapseSelection(user.editor)).toBe('"Control" may call "SQL". Choose both of them, or neither.');
  user.selects(plan, orders);
  expect(collapseSelection(user.editor)).toBeUndefined();
  const { document, level } = user.editor.state();
  expect(level).toEqual([{ flow: 'part', node: 'flow' }]);
  expect(document.flows?.part_2).toMatchObject({ nodes: { [plan]: {}, [orders]: {} }, grants: [{ from: plan, to: orders }] });
  expect(document.flows?.part?.grants).toEqual([]);
  expect(document.nodes.flow?.config).toEqual({ flow: 'part' });
});

test('what would change the flow is not done, and why is told', () => {
  const user = openEditor(chain);
  const refusal = (...ids: string[]) => {
    user.selects(...ids);
    return collapseSelection(user.editor);
  };
  expect(refusal('one', 'three')).toBe('"Template" works between the chosen nodes. Choose it too.');
  expect(refusal('one', 'ask')).toBe('"Input" is where this flow begins or ends, and stays in it. Choose the nodes between.');
  expect(refusal()).toBe('Choose the nodes that are to be a flow of their own.');
  expect(user.editor.state().document).toBe(chain);
});
