/** A flow of the document is opened, edited and left, with one history for all of them. */
import { emptyFlow, flowText, readFlow, type Flow, type FlowNode, type Subflow } from '@switchyard/shared';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dropFlow } from './bring-flow.ts';
import { renameEnd, renameOpenFlow } from './document-flows.ts';
import { applyFix } from './commands.ts';
import { enterFlow } from './enter-flow.ts';
import { flowUsers, flowUses } from './flow-uses.ts';
import { changeAt, flowAt, levelOf } from './levels.ts';
import { showInside, showProblem } from './show-problem.ts';
import { openEditor, type EditorDriver } from './testing/editor-driver.ts';
import { anyEdit } from './testing/random-edits.ts';

const input = (name: string): FlowNode => ({ kind: 'input', config: { fields: { [name]: { type: 'string' } } } });
const output = (name: string): FlowNode => ({ kind: 'output', config: { fields: { [name]: { type: 'string' } } } });
const runs = (flow: string): FlowNode => ({ kind: 'flow', config: { flow } });

/** Takes `word` and gives `text`, with one node between. */
const body = (id: string, node: FlowNode, [into, out]: readonly [string, string]): Subflow => ({
  nodes: { ask: input('word'), [id]: node, end: output('text') },
  links: [
    { from: 'ask.word', to: `${id}.${into}` },
    { from: `${id}.${out}`, to: 'end.text' },
  ],
  grants: [],
});

/** `outer` runs `inner` runs `core`; the document runs `outer` and, a second time, `core`. */
const nested: Flow = {
  ...emptyFlow('Nested'),
  nodes: { ask: input('question'), first: runs('outer'), second: runs('core'), reply: output('answer') },
  links: [
    { from: 'ask.question', to: 'first.word' },
    { from: 'first.text', to: 'second.word' },
    { from: 'second.text', to: 'reply.answer' },
  ],
  flows: {
    core: body('fill', { kind: 'template', config: { template: 'Say {{word}}' } }, ['word', 'text']),
    inner: body('deep', runs('core'), ['word', 'text']),
    outer: body('mid', runs('inner'), ['word', 'text']),
  },
};

const state = (user: EditorDriver) => user.editor.state();
const open = (user: EditorDriver) => state(user).level.map(({ flow }) => flow);

describe('a flow of the document', () => {
  test('is entered through the node that runs it, and left step by step to where one went in', () => {
    const user = openEditor(nested);
    enterFlow(user.editor, 'first');
    enterFlow(user.editor, 'mid');
    expect(state(user).level).toEqual([
      { flow: 'outer', node: 'first' },
      { flow: 'inner', node: 'mid' },
    ]);
    expect(Object.keys(state(user).flow.nodes)).toEqual(['ask', 'deep', 'end']);
    user.editor.leave();
    expect([open(user), state(user).selection.nodes]).toEqual([['outer'], ['mid']]);
    user.editor.leave();
    expect([open(user), state(user).selection.nodes]).toEqual([[], ['first']]);
    expect(state(user).flow).toBe(state(user).document);
  });

  test('is edited alone: nothing else of the document changes, and it is saved with it', async () => {
    const user = openEditor(nested);
    enterFlow(user.editor, 'second');
    user.selects('fill');
    user.renames('fill', 'Words');
    const added = user.adds('template', [900, 0]);
    const { document, selection } = state(user);
    expect(selection.nodes).toEqual([added]);
    expect(document.flows?.core?.nodes).toMatchObject({ fill: { title: 'Words' }, [added]: { kind: 'template' } });
    expect([document.nodes, document.layout, document.flows?.inner]).toEqual([nested.nodes, nested.layout, nested.flows?.inner]);
    await user.waits(1000);
    expect(user.server.stored.flow).toBe(document);
    expect(readFlow(flowText(document)).diagnostics).toEqual([]);
  });

  test('what was selected in it is selected when it is opened again', () => {
    const user = openEditor(nested);
    enterFlow(user.editor, 'second');
    user.selects('fill', 'end');
    user.editor.leave();
    enterFlow(user.editor, 'second');
    expect(state(user).selection.nodes).toEqual(['fill', 'end']);
  });

  test('an undo of what was done in another flow opens that one, and a redo too', () => {
    const user = openEditor(nested);
    enterFlow(user.editor, 'second');
    user.renames('fill', 'Words');
    user.editor.leave();
    user.renames('ask', 'Question');
    user.undoes();
    expect(open(user)).toEqual([]);
    user.undoes();
    expect([open(user), state(user).flow.nodes.fill?.title]).toEqual([['core'], undefined]);
    user.editor.leave();
    user.redoes();
    expect([open(user), state(user).flow.nodes.fill?.title]).toEqual([['core'], 'Words']);
  });

  test('typing in nodes of the same id in two flows is two steps', () => {
    const user = openEditor(nested);
    user.types('ask', 'fields', { question: {} });
    enterFlow(user.editor, 'second');
    user.types('ask', 'fields', { word: {} });
    expect(state(user).history.past).toHaveLength(2);
  });

  test('that is taken away while it is open leads back to what is left of the way', () => {
    const user = openEditor(nested);
    user.editor.openLevel(levelOf(nested, 'inner', user.editor.registry));
    user.editor.editDocument('Take out', (document) => dropFlow(document, 'inner'));
    expect(open(user)).toEqual(['outer']);
    user.undoes();
    expect(open(user)).toEqual(['outer', 'inner']);
  });

  test('takes another name everywhere, and stays open', () => {
    const user = openEditor(nested);
    enterFlow(user.editor, 'second');
    renameOpenFlow(user.editor, 'core', 'Inner');
    expect(open(user)).toEqual(['inner_2']);
    const { document } = state(user);
    expect([document.nodes.second?.config.flow, document.flows?.inner?.nodes.deep?.config.flow]).toEqual(['inner_2', 'inner_2']);
    user.undoes();
    expect([open(user), state(user).document]).toEqual([['core'], nested]);
    user.redoes();
    expect(open(user)).toEqual(['inner_2']);
  });

  test('keeps the wires of the nodes that run it when an input of it is renamed', () => {
    const { registry } = openEditor(nested).editor;
    const renamed = renameEnd(nested, { flow: 'core', side: 'input', from: 'word', to: 'term', registry });
    expect(renamed.links).toContainEqual({ from: 'first.text', to: 'second.term' });
    expect(renamed.flows?.inner?.links).toContainEqual({ from: 'ask.word', to: 'deep.term' });
    expect([renamed.links.length, renamed.flows?.outer]).toEqual([3, nested.flows?.outer]);
  });

  test('that is gone is not changed, nor anything in its place', () => {
    expect(changeAt(nested, [{ flow: 'gone' }], (flow) => ({ ...flow, nodes: {} }))).toBe(nested);
  });

  test('flows that run one another lead nowhere without end', () => {
    const user = openEditor({ ...nested, flows: { ...nested.flows, core: body('fill', runs('outer'), ['word', 'text']) } });
    for (const node of ['first', 'mid', 'deep', 'fill']) enterFlow(user.editor, node);
    expect(open(user)).toEqual(['outer']);
  });

  test('of a past run can be looked at, and not changed', () => {
    const user = openEditor(nested);
    user.editor.freeze({ ...nested, name: 'As it ran' });
    enterFlow(user.editor, 'second');
    user.renames('fill', 'Words');
    expect([open(user), state(user).shown.nodes.fill?.title, state(user).document]).toEqual([['core'], undefined, nested]);
    user.editor.freeze({ ...emptyFlow('Without flows') });
    expect(open(user)).toEqual([]);
  });

  test('tells who runs it', () => {
    const { registry } = openEditor(nested).editor;
    expect(flowUsers(nested, 'core', registry)).toEqual([
      { flow: undefined, node: 'second' },
      { flow: 'inner', node: 'deep' },
    ]);
    expect([...flowUses(nested, registry)]).toEqual([
      ['core', 2],
      ['inner', 1],
      ['outer', 1],
    ]);
    expect(levelOf(nested, 'core', registry)).toEqual([{ flow: 'core', node: 'second' }]);
  });
});

describe('mistakes', () => {
  test('stand at their node in its flow, and at each node around that runs it; a press leads there', async () => {
    const user = openEditor(nested);
    user.editor.openLevel(levelOf(nested, 'core', user.editor.registry));
    user.types('fill', 'template', 'Say {{word');
    await user.waits(300);
    expect(state(user).here.byNode.get('fill')?.[0]).toMatchObject({ code: 'expression-invalid', path: '/nodes/fill/config/template', node: 'fill' });
    user.editor.leave();
    expect([...state(user).here.inside.keys()]).toEqual(['first', 'second']);
    expect(state(user).here.byNode.size).toBe(0);
    showInside(user.editor, 'first');
    expect([open(user), state(user).selection.nodes, state(user).reveal?.field]).toEqual([['core'], ['fill'], 'template']);
  });

  test('links to inputs and outputs that a flow no longer has are told, and none is dropped', async () => {
    const user = openEditor(nested);
    enterFlow(user.editor, 'second');
    user.types('ask', 'fields', { term: { type: 'string' } });
    await user.waits(300);
    user.editor.leave();
    const codes = state(user)
      .here.byNode.get('second')
      ?.map(({ code, field }) => `${code} ${field}`);
    expect(codes).toEqual(['port-missing word', 'input-missing term']);
    expect(state(user).flow.links).toEqual(nested.links);
    expect(user.editor.face(state(user).flow.nodes.second as FlowNode).ports.inputs).toEqual({ term: { type: 'string' } });
    const inner = state(user).derived.diagnostics.find(({ flow, code }) => flow === 'inner' && code === 'port-missing');
    showProblem(user.editor, inner as NonNullable<typeof inner>);
    expect([open(user), state(user).selection.nodes]).toEqual([['outer', 'inner'], ['deep']]);
  });

  test('in a flow of the document are mended there by their fix', async () => {
    const user = openEditor(nested);
    enterFlow(user.editor, 'second');
    user.links('ask.words', 'fill.word');
    await user.waits(300);
    const fix = state(user)
      .here.byNode.get('ask')
      ?.find(({ code }) => code === 'port-missing')?.fix?.patch;
    user.editor.editDocument('Mend', (document) => applyFix(document, fix ?? []));
    expect(state(user).flow.links.at(-1)).toEqual({ from: 'ask.word', to: 'fill.word' });
    expect(state(user).document.links).toEqual(nested.links);
  });

  test('moving a card in a flow of the document compiles nothing', async () => {
    const user = openEditor(nested);
    await user.waits(300);
    const { derived } = state(user);
    enterFlow(user.editor, 'second');
    user.drags('fill', [50, 60]);
    await user.waits(300);
    expect(state(user).derived).toBe(derived);
  });
});

const anyMove = fc
  .constantFrom('first', 'second', 'mid', 'deep', '')
  .map((node) => (user: EditorDriver) => (node === '' ? user.editor.leave() : enterFlow(user.editor, node)));

test('undoing any edits in any flows gives back the document exactly, redoing them the last one, and the level always stands', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof({ arbitrary: anyEdit, weight: 3 }, anyMove), { maxLength: 40, size: 'max' }), (edits) => {
      const user = openEditor(nested);
      const text = () => JSON.stringify(state(user).document);
      const before = text();
      for (const edit of edits) {
        edit(user);
        expect(state(user).flow).toBe(flowAt(state(user).document, state(user).level));
      }
      expect(readFlow(flowText(state(user).document)).diagnostics).toEqual([]);
      const after = text();
      let steps = 0;
      for (; state(user).history.past.length > 0; steps += 1) user.undoes();
      expect(text()).toBe(before);
      for (; steps > 0; steps -= 1) user.redoes();
      expect(text()).toBe(after);
    }),
    { numRuns: 200 },
  );
});
