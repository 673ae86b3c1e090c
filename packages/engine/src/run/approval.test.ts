/** Approvals of calls: a person sees exactly what would be called, and nothing else is. */
import { answerSignal, type Answer, type Flow, type Json, type JsonObject, type RunEvent } from '@switchyard/shared';
import { expect, test } from 'vitest';
import { deskFlow, deskKinds, found, question } from '../testing/control-desk.ts';
import { stableHash } from '../stable-hash.ts';
import { scriptedTurns, testRun } from '../testing/test-run.ts';

type Turns = Parameters<typeof scriptedTurns>[0];

/** Runs the flow; `answers` are given to the questions of these keys. */
async function approve(turns: Turns, answers: Record<string, Answer | Json>, flow: Flow = deskFlow()) {
  const model = scriptedTurns(turns);
  const asked: string[] = [];
  const run = await testRun(flow, {
    inputs: { question },
    registry: deskKinds,
    onStart: (port) => {
      for (const [key, answer] of Object.entries(answers)) port.signal(answerSignal(key), answer as Json);
    },
    answers: {
      model: model.answer,
      fetch: ({ request }) => {
        asked.push((request as JsonObject).path as string);
        return found({ order: 7 });
      },
    },
  });
  const told = model.requests.at(-1)?.messages.flatMap((message) => (message.role === 'tool' ? [message.text] : [])) ?? [];
  const questions = run.events.flatMap((event: RunEvent) => (event.type === 'wait-start' && 'ask' in (event.until as object) ? [event] : []));
  return { ...run, told, asked, questions };
}

const key = 'boss#t1.desk.cancel.0.approval';
const cancel: [string, Json] = ['desk_cancel', { id: 7 }];
const quick = (more: JsonObject = {}) => deskFlow({ grant: { approvalSeconds: 0.02, ...more } });

test('a write is shown with its exact arguments, schema and hash, and made once it is approved', async () => {
  const { result, asked, questions } = await approve([[cancel], 'Done.'], { [key]: { choice: 'approve', hash: stableHash({ id: 7 }) } });
  expect(result.outputs).toEqual({ answer: 'Done.' });
  expect(asked).toEqual(['/orders/7']);
  expect(questions).toMatchObject([
    { key, task: 'boss', until: { ask: { about: 'call', node: 'boss', operation: 'desk.cancel', arguments: { id: 7 }, hash: stableHash({ id: 7 }) } } },
  ]);
  expect(questions[0]?.until).toMatchObject({ ask: { title: 'Control wants to call Desk: cancel', schema: { required: ['id'] } } });
});

test('what was edited is called, and the model is told', async () => {
  const { asked, told } = await approve([[cancel], 'Done.'], { [key]: { choice: 'edit', arguments: { id: 8 } } });
  expect(asked).toEqual(['/orders/8']);
  expect(told[0]).toContain('changed the arguments to {"id":8}');
});

test('a rejection goes back to the model with its reason, and nothing is called', async () => {
  const { asked, told, result } = await approve([[cancel], 'I may not.'], { [key]: { choice: 'reject', reason: 'The customer phoned.' } });
  expect(result.outputs).toEqual({ answer: 'I may not.' });
  expect(asked).toEqual([]);
  expect(told[0]).toContain('call-rejected');
  expect(told[0]).toContain('The customer phoned.');
});

test('what nobody approves in time is rejected', async () => {
  const { asked, told } = await approve([[cancel], 'Nobody was there.'], {}, quick());
  expect(asked).toEqual([]);
  expect(told[0]).toContain('nobody answered in time');
});

test.each([
  ['an answer to other arguments', { choice: 'approve', hash: stableHash({ id: 8 }) }],
  ['edited arguments that do not fit', { choice: 'edit', arguments: { id: 'eight' } }],
  ['a choice of another question', { choice: 'happened', result: 1 }],
  ['what is no answer', 'yes'],
])('%s is not taken: it is asked again', async (_what, answer) => {
  const again = { [key]: answer, [`${key}.1`]: { choice: 'approve' } };
  const { asked, questions } = await approve([[cancel], 'Done.'], again);
  expect(asked).toEqual(['/orders/7']);
  expect(JSON.stringify(questions[1]?.until)).toContain('could not be taken');
  const never = await approve([[cancel], 'No.'], { [key]: answer, [`${key}.1`]: answer, [`${key}.2`]: answer });
  expect(never.asked).toEqual([]);
  expect(never.told[0]).toContain('call-rejected');
});

test('never asks nobody, always also before reads', async () => {
  expect((await approve([[cancel], 'Done.'], {}, deskFlow({ grant: { approval: 'never' } }))).questions).toEqual([]);
  const { asked, told } = await approve([[['desk_lookup', { id: 7 }]], 'No.'], {}, quick({ approval: 'always' }));
  expect(asked).toEqual([]);
  expect(told[0]).toContain('call-rejected');
});

test('what needs no approval does not wait for what does', async () => {
  const { events, asked } = await approve([[cancel, ['desk_lookup', { id: 1 }]], 'Done.'], {}, quick());
  expect(asked).toEqual(['/orders/1']);
  const at = (type: string, begins: string) => events.findIndex((event) => event.type === type && 'key' in event && event.key.startsWith(begins));
  expect(at('call-end', 'boss#t1.desk.lookup')).toBeLessThan(at('wait-end', key));
});

test('a sub-agent asks for its own grants, in its own name; so does a plan', async () => {
  const flow = deskFlow({
    nodes: { helper: { kind: 'control', config: { model: 'm', instructions: 'Help.' } } },
    grants: [
      { from: 'helper', to: 'desk' },
      { from: 'boss', to: 'helper' },
    ],
  });
  flow.grants.shift();
  const inner = 'boss#t1.helper.ask.0#t1.desk.cancel.0.approval';
  const { asked, questions } = await approve(
    [[['helper_ask', { request: 'Cancel 7' }]], [cancel], 'Did so.', 'Done.'],
    { [inner]: { choice: 'approve' } },
    flow,
  );
  expect(asked).toEqual(['/orders/7']);
  expect(questions).toMatchObject([{ key: inner, until: { ask: { node: 'helper' } } }]);
  const steps = [{ id: 'stop', operation: 'desk_cancel', arguments: { id: 7 } }];
  const planned = await approve(
    [[['make-plan', { steps }]], 'Done.'],
    { 'boss#t1.stop.desk.cancel.0.approval': { choice: 'reject', reason: 'no' } },
    deskFlow({ config: { strategy: 'plan' } }),
  );
  expect(planned.asked).toEqual([]);
  expect(planned.told[0]).toContain('call-rejected');
});
