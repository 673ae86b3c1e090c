// @vitest-environment happy-dom
/** The form as a person uses it: what is changed in it changes the document, in steps that can be undone. */
import { kinds } from '@switchyard/engine/nodes';
import { emptyFlow, type Flow, type FlowNode } from '@switchyard/shared';
import { act, StrictMode } from 'react';
import { expect, test, vi } from 'vitest';
import { setStage } from '../../testing/stage.tsx';
import { editor, useEditor } from '../../use-editor.ts';
import { NodeForm } from './node-form.tsx';

const stage = setStage();

function Form({ id }: { id: string }) {
  const node = useEditor((state) => state.flow.nodes[id]) as FlowNode;
  const kind = kinds.get(node.kind);
  return kind ? <NodeForm id={id} node={node} kind={kind} /> : null;
}

function open(nodes: Flow['nodes'], id: string, links: Flow['links'] = []): void {
  act(() => {
    editor.open({ id: 'test', revision: 1, flow: { ...emptyFlow('Test'), nodes, links } });
    stage.render(
      <StrictMode>
        <Form id={id} />
      </StrictMode>,
    );
  });
}

const config = (id: string) => editor.state().flow.nodes[id]?.config;

function labelled(label: string): HTMLInputElement {
  const byLabel = [...stage.host.querySelectorAll('label')].find((each) => each.textContent === label);
  const found = byLabel ? document.getElementById(byLabel.htmlFor) : stage.host.querySelector(`[aria-label="${label}"]`);
  if (!found) throw new Error(`Nothing is labelled "${label}"`);
  return found as HTMLInputElement;
}

function button(name: string): HTMLButtonElement {
  const found = [...stage.host.querySelectorAll('button')].find((each) => (each.getAttribute('aria-label') ?? each.textContent?.trim()) === name);
  if (!found) throw new Error(`There is no button "${name}"`);
  return found;
}

function type(field: HTMLInputElement, text: string): void {
  act(() => {
    const owner = field instanceof HTMLTextAreaElement ? HTMLTextAreaElement.prototype : HTMLInputElement.prototype;
    Object.getOwnPropertyDescriptor(owner, 'value')?.set?.call(field, text);
    field.dispatchEvent(new Event('input', { bubbles: true }));
  });
}

const leave = (field: HTMLElement) => act(() => void field.dispatchEvent(new FocusEvent('focusout', { bubbles: true })));
const press = (name: string) => act(() => button(name).click());

const mood: FlowNode = {
  kind: 'slm',
  config: {
    model: 'm',
    purpose: 'Tell the mood',
    output: { type: 'object', properties: {} },
    examples: [
      { text: 'a', result: 1 },
      { text: 'b', result: 2 },
    ],
  },
};

test('typing is one undo step until the field is left', () => {
  open({ mood }, 'mood');
  type(labelled('Purpose'), 'Tell the tone');
  type(labelled('Purpose'), 'Tell the tone of it');
  expect(config('mood')?.purpose).toBe('Tell the tone of it');
  leave(labelled('Purpose'));
  type(labelled('Purpose'), 'Something else');
  act(() => editor.undo());
  expect(config('mood')?.purpose).toBe('Tell the tone of it');
  act(() => editor.undo());
  expect(config('mood')?.purpose).toBe('Tell the mood');
  expect(labelled('Purpose').value).toBe('Tell the mood');
});

test('items of a list are added, moved and removed', () => {
  open({ mood }, 'mood');
  press('Move a down');
  expect(config('mood')?.examples).toEqual([
    { text: 'b', result: 2 },
    { text: 'a', result: 1 },
  ]);
  press('Remove b');
  expect(config('mood')?.examples).toEqual([{ text: 'a', result: 1 }]);
  press('Add');
  expect(config('mood')?.examples).toEqual([
    { text: 'a', result: 1 },
    { text: '', result: null },
  ]);
});

test('renaming a field takes its wires along, in one step that can be undone', () => {
  const nodes: Flow['nodes'] = {
    ask: { kind: 'input', config: { fields: { question: { type: 'string' } } } },
    reply: { kind: 'output', config: { fields: { answer: { type: 'string' } } } },
  };
  open(nodes, 'ask', [{ from: 'ask.question', to: 'reply.answer' }]);
  type(labelled('Name of question'), 'request');
  leave(labelled('Name of question'));
  expect(config('ask')).toEqual({ fields: { request: { type: 'string' } } });
  expect(editor.state().flow.links).toEqual([{ from: 'ask.request', to: 'reply.answer' }]);
  act(() => editor.undo());
  expect(editor.state().flow.links).toEqual([{ from: 'ask.question', to: 'reply.answer' }]);
});

test('a name that may not be taken is told, and the old one stays', () => {
  open({ ask: { kind: 'input', config: { fields: { question: { type: 'string' } } } } }, 'ask');
  type(labelled('Name of question'), 'list');
  expect(stage.host.querySelector('[role=status]')?.textContent).toContain('words of the expression language');
  leave(labelled('Name of question'));
  expect(config('ask')).toEqual({ fields: { question: { type: 'string' } } });
  expect(labelled('Name of question').value).toBe('question');
});

test('what is wrong with an item of a list is told at the item', async () => {
  const nodes: Flow['nodes'] = { shop: { kind: 'sql', config: { connection: 'shop', tables: ['orders', ''] } } };
  open(nodes, 'shop');
  const item = () => labelled('Tables 2');
  await act(async () => await vi.waitFor(() => expect(item().getAttribute('aria-invalid')).toBe('true')));
  const told = document.getElementById(item().getAttribute('aria-describedby') ?? '')?.textContent;
  expect(told).toBe(editor.state().derived.diagnostics.find(({ path }) => path === '/nodes/shop/config/tables/1')?.message);
  expect(labelled('Tables 1').getAttribute('aria-invalid')).toBeNull();
  type(item(), 'lines');
  await act(async () => await vi.waitFor(() => expect(item().getAttribute('aria-invalid')).toBeNull()));
  expect(config('shop')?.tables).toEqual(['orders', 'lines']);
});

test('settings that are optional and not set wait behind one button', () => {
  open({ mood: { kind: 'slm', config: { model: 'm', purpose: 'p', output: {} } } }, 'mood');
  const more = 'More: examples, fallback models, escalate below confidence';
  expect(stage.host.textContent).toContain(more);
  press(more);
  expect(stage.host.querySelector('[data-field=examples]')).not.toBeNull();
});
