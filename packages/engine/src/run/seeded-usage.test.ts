/** What a run that is begun from another tells as its usage: what it made itself, model calls and calls of granted nodes alike. Limits count all that led to the answer. */
import type { Flow, Limits, SeedRequest, Usage } from '@switchyard/shared';
import { describe, expect, test } from 'vitest';
import type { JournalEntry, Seed } from '../port.ts';
import { deskFlow, deskKinds, found, question } from '../testing/control-desk.ts';
import { inOrder, liveRecorded, recordedRun, type Recorded } from '../testing/recorded-life.ts';
import { drawBody, entry, exit, fetching } from '../testing/subflow.ts';
import { hostOf, planOf, scriptedTurns } from '../testing/test-run.ts';
import { cutPlan, makeSeed } from './index.ts';

type Turns = Parameters<typeof scriptedTurns>[0];

/** Two calls side by side, one more, the answer. */
const turns: Turns = [
  [
    ['desk_lookup', { id: 7 }],
    ['desk_lookup', { id: 8 }],
  ],
  [['desk_lookup', { id: 9 }]],
  'Bremen.',
];

/** ask -> boss, which may look up -> after -> reply */
function lookingUp(limits: Limits = {}): Flow {
  const [kind, config = {}] = fetching('/after-{{x}}');
  const flow = deskFlow({ nodes: { after: { kind, config } }, limits });
  return { ...flow, links: [...flow.links.slice(0, 1), { from: 'boss.answer', to: 'after.x' }, { from: 'after.body', to: 'reply.answer' }] };
}

interface Begun {
  flow?: Flow;
  /** What its model says when it is asked. */
  turns: Turns;
  seed?: Seed;
  recorded?: readonly JournalEntry[];
  request?: SeedRequest;
}

async function live(run: string, { flow = lookingUp(), turns: said, seed, recorded, request: { to, pins } = {} }: Begun): Promise<Recorded> {
  const plan = planOf(flow, deskKinds);
  const { perform } = hostOf({ model: scriptedTurns(said).answer, fetch: () => found({ order: 7 }) });
  const laid = { ...(seed && { seed }), ...(recorded && { recorded }), ...(pins && { pins }) };
  return await liveRecorded({ plan: to === undefined ? plan : cutPlan(plan, to), run, inputs: { question }, registry: deskKinds, perform, ...laid });
}

function seedOf(first: Recorded, request: SeedRequest, flow = lookingUp()): Seed {
  return makeSeed(recordedRun(first), { plan: planOf(flow, deskKinds), inputs: first.inputs }, { request, registry: deskKinds });
}

const counted = ({ result }: Recorded): Pick<Usage, 'modelCalls' | 'toolCalls'> => {
  const { modelCalls, toolCalls } = result.usage;
  return { modelCalls, toolCalls };
};

describe('a run begun from one with three model calls and three calls of a granted node', () => {
  const again = 'boss#t2.desk.lookup.0';
  test.each<[string, SeedRequest, Turns, { modelCalls: number; toolCalls: number }]>([
    ['as it was', {}, [], { modelCalls: 0, toolCalls: 0 }],
    ['from a step after them', { from: 'after' }, [], { modelCalls: 0, toolCalls: 0 }],
    ['from the node that made them', { from: 'boss' }, turns, { modelCalls: 3, toolCalls: 3 }],
    ['from a turn of its model', { from: 'boss#t2.model' }, turns.slice(1), { modelCalls: 2, toolCalls: 1 }],
    ['from a call of the granted node', { from: again }, turns.slice(2), { modelCalls: 1, toolCalls: 1 }],
    ['with the result of such a call edited', { edits: { [again]: found({ order: 1 }) } }, turns.slice(2), { modelCalls: 1, toolCalls: 0 }],
    ['with its outputs pinned', { pins: { boss: { answer: 'Pinned.' } } }, [], { modelCalls: 0, toolCalls: 0 }],
    ['for one node alone', { from: 'boss', only: true, to: 'boss' }, turns, { modelCalls: 3, toolCalls: 3 }],
  ])('%s, counts what it made itself', async (_, request, said, expected) => {
    const first = await live('first', { turns });
    expect(counted(first)).toEqual({ modelCalls: 3, toolCalls: 3 });
    const second = await live('second', { turns: said, seed: seedOf(first, { of: 'first', ...request }), request });
    expect([second.result.status, counted(second)]).toEqual(['done', expected]);
  });

  test('counts the same where it is broken off anywhere and resumed, and goes on to say which calls the other had made', async () => {
    const seed = seedOf(await live('first', { turns }), { of: 'first', from: 'boss#t2.model' });
    const whole = inOrder((await live('second', { turns: turns.slice(1), seed })).entries);
    const turnsIn = (entries: readonly JournalEntry[]) => entries.filter(({ kind, seeded }) => kind === 'model' && !seeded).length;
    for (let kept = 1; kept <= whole.length; kept += 1) {
      const recorded = whole.slice(0, kept);
      const resumed = await live('second', { turns: turns.slice(1 + turnsIn(recorded)), seed, recorded });
      expect([kept, counted(resumed)]).toEqual([kept, { modelCalls: 2, toolCalls: 1 }]);
      expect([...resumed.view.calls.values()].filter(({ from }) => from === 'first')).toHaveLength(3);
    }
  });

  test('stops at the limit where those it used again and its own exceed it together', async () => {
    const first = await live('first', { turns });
    const flow = lookingUp({ toolCalls: 2 });
    const second = await live('second', { flow, turns: turns.slice(1), seed: seedOf(first, { of: 'first', from: 'boss#t2.model' }, flow) });
    expect(second.result).toMatchObject({ status: 'failed', failure: { code: 'limit-tool-calls' }, usage: { modelCalls: 1, toolCalls: 0 } });
  });
});

test('a run that is broken off and resumed tells the usage of all its lives', async () => {
  const whole = inOrder((await live('r', { turns })).entries);
  for (let kept = 1; kept <= whole.length; kept += 1) {
    const recorded = whole.slice(0, kept);
    const resumed = await live('r', { turns: turns.slice(recorded.filter(({ kind }) => kind === 'model').length), recorded });
    expect([kept, counted(resumed)]).toEqual([kept, { modelCalls: 3, toolCalls: 3 }]);
  }
});

describe('a call of a granted node that makes several', () => {
  test('is a control node: it was made where anything of it was, and what was not is not counted', async () => {
    const asking = deskFlow({
      nodes: { chief: { kind: 'control', config: { model: 'm', instructions: '' } } },
      grants: [{ from: 'chief', to: 'boss' }],
    });
    const flow = {
      ...asking,
      links: [
        { from: 'ask.question', to: 'chief.request' },
        { from: 'chief.answer', to: 'reply.answer' },
      ],
    };
    const said: Turns = [[['boss_ask', { request: 'Where?' }]], [['desk_lookup', { id: 7 }]], 'Bremen.', 'In Bremen.'];
    const first = await live('first', { flow, turns: said });
    expect(counted(first)).toEqual({ modelCalls: 4, toolCalls: 2 });
    const begun = async (from: string, left: number) =>
      counted(await live('second', { flow, turns: said.slice(-left), seed: seedOf(first, { of: 'first', from }, flow) }));
    expect(await begun('chief#t1.boss.ask.0#t2.model', 2)).toEqual({ modelCalls: 2, toolCalls: 1 });
    expect(await begun('chief#t2.model', 1)).toEqual({ modelCalls: 1, toolCalls: 0 });
  });

  test('is a flow', async () => {
    const inner = drawBody({ come: entry('id'), get: fetching('/orders/{{x}}'), go: exit('order') }, ['come.id>get.x', 'get.body>go.order']);
    const flow: Flow = { ...deskFlow({ nodes: { desk: { kind: 'flow', config: { flow: 'inner' } } } }), flows: { inner } };
    const first = await live('first', { flow, turns: [[['desk_run', { id: 7 }]], 'Bremen.'] });
    expect(counted(first)).toEqual({ modelCalls: 2, toolCalls: 1 });
    const second = await live('second', { flow, turns: ['Bremen.'], seed: seedOf(first, { of: 'first', from: 'boss#t2.model' }, flow) });
    expect(counted(second)).toEqual({ modelCalls: 1, toolCalls: 0 });
  });
});
