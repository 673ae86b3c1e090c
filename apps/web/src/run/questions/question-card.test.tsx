// @vitest-environment happy-dom
/** A question as a person answers it; the server stands at the network's edge. */
import type { Ask, OpenWait } from '@switchyard/shared';
import { act } from 'react';
import { beforeEach, expect, test, vi } from 'vitest';
import { setStage } from '../../testing/stage.tsx';
import { useMessages } from '../../ui/messages.ts';
import { QuestionCard } from './question-card.tsx';
import { argumentsMistake, questionLine } from './question-text.ts';

const stage = setStage();

let sent: unknown[];
let isAccepted: boolean;

beforeEach(() => {
  sent = [];
  isAccepted = true;
  vi.stubGlobal('fetch', async (url: string, { body }: { body?: string } = {}) => {
    if (String(url).includes('runs.answer')) sent.push(JSON.parse(body ?? 'null'));
    return Response.json({ result: { data: { accepted: isAccepted } } });
  });
});

const call: Ask = {
  about: 'call',
  title: 'Planner wants to call Orders: cancel',
  node: 'planner',
  operation: 'orders.cancel',
  text: 'Cancels **one** order.',
  arguments: { id: 'O-17' },
  schema: { type: 'object', properties: { id: { type: 'string' } }, required: ['id'], additionalProperties: false },
  hash: 'abc',
};

function open(ask: Ask, more: Partial<OpenWait> = {}): void {
  const question: OpenWait = { run: 'r1', flowName: 'Desk', key: 'planner#t1.orders.cancel.0.approval', task: 'planner', ask, since: 0, ...more };
  stage.render(<QuestionCard question={question} />);
}

const press = (name: string) =>
  act(async () => {
    const found = [...stage.host.querySelectorAll('button')].find((button) => button.textContent?.trim() === name);
    if (!found) throw new Error(`There is no button "${name}"`);
    found.click();
    await new Promise((resolve) => setTimeout(resolve, 20));
  });

function type(selector: string, text: string): void {
  const field = stage.host.querySelector(selector) as HTMLInputElement;
  act(() => {
    const prototype = field.tagName === 'TEXTAREA' ? HTMLTextAreaElement.prototype : HTMLInputElement.prototype;
    Object.getOwnPropertyDescriptor(prototype, 'value')?.set?.call(field, text);
    field.dispatchEvent(new Event('input', { bubbles: true }));
  });
}

test('what would hide or turn round a part of the question is written out', () => {
  open({ ...call, title: 'Pay\u202e', text: 'To \u200bAda.', arguments: { iban: '12\u202e34' } });
  for (const shown of ['Pay\\u{202e}', 'To \\u{200b}Ada.', '"iban": "12\\u{202e}34"']) expect(stage.host.textContent).toContain(shown);
});

test('a call is shown exactly, and approved as it was shown', async () => {
  open(call);
  expect(stage.host.textContent).toContain('orders.cancel');
  expect(stage.host.textContent).toContain('"id": "O-17"');
  await press('Approve');
  expect(sent).toEqual([{ run: 'r1', key: 'planner#t1.orders.cancel.0.approval', answer: { choice: 'approve', hash: 'abc' } }]);
});

test('a rejection carries its reason', async () => {
  open(call);
  await press('Reject');
  expect(sent).toEqual([]);
  type('textarea', 'The order is on its way.');
  await press('Reject');
  expect(sent).toMatchObject([{ answer: { choice: 'reject', reason: 'The order is on its way.', hash: 'abc' } }]);
  // What becomes of the run is the flow's affair: here nobody can say that it goes on.
  expect(useMessages.getState().messages.map(({ text }) => text)).toContain('Rejected.');
});

test('a step asks for its values, and is not approved without them', async () => {
  const fields = { amount: { type: 'number', title: 'Amount' }, note: { type: 'string', title: 'Note', default: '' } };
  open({ about: 'step', title: 'Pay the invoice?', node: 'pay', who: 'the finance team', fields });
  expect(stage.host.textContent).toContain('for the finance team');
  await press('Approve');
  expect(sent).toEqual([]);
  expect(stage.host.textContent).toContain('Fill in "Amount" first.');
  type('input', '120.5');
  await press('Approve');
  expect(sent).toMatchObject([{ answer: { choice: 'approve', values: { amount: 120.5 } } }]);
});

test('of a write whose outcome is unknown a person says what happened', async () => {
  const outcome: Ask = { about: 'outcome', title: 'Was the order cancelled?', node: 'orders', operation: 'orders.cancel', arguments: { id: 'O-17' } };
  open(outcome);
  await press('It did not: repeat it');
  await press('It happened');
  await press('Go on with this');
  expect(sent).toMatchObject([{ answer: { choice: 'repeat' } }, { answer: { choice: 'happened', result: null } }]);
});

test('edited arguments must fit what the operation takes', () => {
  expect(argumentsMistake(call, { id: 'O-18' })).toBeUndefined();
  expect(argumentsMistake(call, { id: 18 })).toContain('/id');
  expect(argumentsMistake(call, [1])).toBe('Arguments are an object, by name.');
});

test('the line says for whom, since when and until when', () => {
  const question = { ask: { ...call, who: 'Ann' }, since: 1_000, until: 61_000 } as OpenWait;
  expect(questionLine(question, 31_000)).toBe('for Ann · asked 30 s ago · 30 s left');
  expect(questionLine(question, 62_000)).toContain('its time is up');
});
