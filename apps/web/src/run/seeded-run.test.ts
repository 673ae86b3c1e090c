/** A run that is begun from an earlier one takes the pins of the open flow with it, but for the node that was asked for by name. */
import { emptyFlow, type Json, type JsonObject } from '@switchyard/shared';
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest';
import { compilerLoaded } from '../browser-editor.ts';
import { setPin } from '../editor/session.ts';
import { editor, session } from '../use-editor.ts';
import { runStore } from './run-store.ts';
import { forkCall, forkTask, resumeRun, runFromKey, runFromNode, runNodeAlone, runToNode } from './seeded-run.ts';

const say = { kind: 'template', config: { template: '{{ q }}' } };
const flow = {
  ...emptyFlow('Test'),
  nodes: { ask: { kind: 'input', config: { fields: { q: { type: 'string' as const, default: 'x' } } } }, say, again: say },
  links: [
    { from: 'ask.q', to: 'say.q' },
    { from: 'say.text', to: 'again.q' },
  ],
};
const pins: Record<string, JsonObject> = { say: { text: 'pinned' }, again: { text: 'pinned too' } };
/** What each run was begun with. */
let begun: { seed?: { pins?: Json } }[];

beforeEach(() => {
  begun = [];
  vi.stubGlobal('fetch', async (url: string, { body }: { body?: string } = {}) => {
    const procedure = /trpc\/([\w.]+)/.exec(url)?.[1];
    if (procedure === 'runs.start') begun.push(JSON.parse(body as string) as (typeof begun)[number]);
    const earlier = { run: 'r1', inputs: { q: 'x' }, status: 'done', endedAt: 1 };
    return Response.json({ result: { data: procedure === 'runs.list' ? [earlier] : procedure === 'runs.get' ? earlier : { run: 'r2' } } });
  });
  editor.open({ id: 'test', revision: 1, flow });
  for (const [node, outputs] of Object.entries(pins)) setPin(session, 'test', { node, outputs });
});
afterEach(() => {
  runStore.getState().close();
  session.setState({ pins: {} });
  vi.unstubAllGlobals();
});
// What is still being loaded when a test file ends is an error.
afterAll(() => compilerLoaded);

const { say: saying, again } = pins;
test.each([
  ['from a node', () => runFromNode('say'), { of: 'r1', from: 'say', pins: { again } }],
  ['of a node alone', () => runNodeAlone('again'), { of: 'r1', from: 'again', only: true, pins: { say: saying } }],
  ['from a call of a node', () => runFromKey('r1', 'say#t2.model'), { of: 'r1', from: 'say#t2.model', pins: { again } }],
  ['with an edited result of a call', () => forkCall('r1', 'say.1', 'edited'), { of: 'r1', edits: { 'say.1': 'edited' }, pins: { again } }],
  ['with other outputs of a pinned node', () => forkTask('r1', 'say', { text: 'other' }), { of: 'r1', pins: { say: { text: 'other' }, again } }],
  ['up to a node, which stays pinned', () => runToNode('again'), { to: 'again', pins }],
  ['where it ended, with every pin', () => resumeRun('r1'), { of: 'r1', pins }],
])('a run %s', async (_what, begin, seed) => {
  await begin();
  expect(begun.map((each) => each.seed)).toEqual([seed]);
});

test('a pin of a node that the flow no longer has is left behind', async () => {
  setPin(session, 'test', { node: 'gone', outputs: { text: 'of old' } });
  await resumeRun('r1');
  expect(begun[0]?.seed?.pins).toEqual(pins);
});

test('a run without pins is begun without any', async () => {
  session.setState({ pins: {} });
  await resumeRun('r1');
  expect(begun[0]?.seed).toEqual({ of: 'r1' });
});
