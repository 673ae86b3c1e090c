/** Seeds: what a run keeps of an earlier one, what it makes anew, and what a replay finds. */
import type { Flow, Json, SeedRequest } from '@switchyard/shared';
import { describe, expect, it } from 'vitest';
import { kinds } from '../nodes/index.ts';
import { liveRecorded, recordedRun, replayRecorded, type Recorded } from '../testing/recorded-life.ts';
import { drawBody, drawFlow, entry, exit, fetching } from '../testing/subflow.ts';
import { planOf } from '../testing/test-run.ts';
import { checkPins, cutPlan, makeSeed } from './index.ts';

/** ask -> one -> two -> reply, and ask -> other -> reply. */
function chain(twoPath = '/two-{{x}}'): Flow {
  return drawFlow(
    drawBody({ ask: entry('q'), one: fetching('/one-{{x}}'), two: fetching(twoPath), other: fetching('/other-{{x}}'), reply: exit('end', 'side') }, [
      'ask.q>one.x',
      'one.body>two.x',
      'two.body>reply.end',
      'ask.q>other.x',
      'other.body>reply.side',
    ]),
  );
}

const echo = (path: string): Json => `${path}!`;
const firstLife = (flow = chain()) => liveRecorded({ plan: planOf(flow), answer: echo, run: 'first' });

async function seeded(first: Recorded, request: SeedRequest, flow = chain(), inputs = first.inputs): Promise<Recorded> {
  const plan = planOf(flow);
  const seed = makeSeed(recordedRun(first), { plan, inputs }, { request, registry: kinds });
  const cut = request.to === undefined ? plan : cutPlan(plan, request.to);
  return await liveRecorded({
    plan: cut,
    inputs,
    answer: (path) => `${echo(path) as string}again`,
    run: 'second',
    seed,
    ...(request.pins && { pins: request.pins }),
  });
}

describe('a run begun from another', () => {
  it('makes only what is at or below the node, and journals the rest as its own', async () => {
    const second = await seeded(await firstLife(), { of: 'first', from: 'two' });
    expect(second.made).toEqual(['two']);
    expect(second.result.outputs).toEqual({ end: '/two-/one-q!!again', side: '/other-q!' });
    expect(second.entries.map(({ key }) => key).sort()).toEqual(['one', 'other', 'two']);
    expect(second.view.calls.get('one')).toMatchObject({ replayed: true, from: 'first', status: 'done' });
    expect(second.view.calls.get('two')).toMatchObject({ replayed: false, status: 'done' });
    expect(second.view.calls.get('two')?.from).toBeUndefined();
  });

  it('tells at its end which of the results that were given it had no use for', async () => {
    const flow = drawFlow(
      drawBody(
        {
          ask: entry('q'),
          one: fetching('/one-{{x}}'),
          way: ['branch', { cases: [{ port: 'yes', when: 'value == "yes"' }] }],
          two: fetching('/two-{{x}}'),
          reply: exit('end'),
        },
        ['ask.q>one.x', 'one.body>way.value', 'way.yes>two.x', 'two.body>reply.end'],
      ),
    );
    const first = await liveRecorded({ plan: planOf(flow), answer: () => 'yes', run: 'first' });
    const ok = (body: string) => ({ status: 200, headers: {}, body });
    const second = await seeded(first, { of: 'first', edits: { one: ok('no'), two: ok('Edited.') } }, flow);
    expect(second).toMatchObject({ result: { status: 'done', outputs: {} }, view: { unusedEdits: ['two'] } });
    const third = await seeded(first, { of: 'first', edits: { two: ok('Edited.') } }, flow);
    expect(third.result.outputs).toEqual({ end: 'Edited.' });
    expect(third.view.unusedEdits).toBeUndefined();
  });

  it('runs one node alone, and nothing after it', async () => {
    const second = await seeded(await firstLife(), { of: 'first', from: 'one', to: 'one' });
    expect(second.made).toEqual(['one']);
    expect([...second.view.tasks.keys()]).toEqual(['ask', 'one']);
    expect(second.view.tasks.get('one')?.outputs).toMatchObject({ body: '/one-q!again' });
    expect(second.result).toMatchObject({ status: 'done', outputs: {} });
  });

  it('makes anew what a change of the flow or of the inputs made stale', async () => {
    const first = await firstLife();
    expect((await seeded(first, { of: 'first' }, chain('/changed-{{x}}'))).made).toEqual(['two']);
    expect((await seeded(first, { of: 'first' }, chain(), { q: 'other' })).made.sort()).toEqual(['one', 'other', 'two']);
    expect((await seeded(first, { of: 'first' })).made).toEqual([]);
  });

  it('gives the edited result, and makes anew what follows from it', async () => {
    const edited = { status: 200, headers: {}, body: 'mended' };
    const second = await seeded(await firstLife(), { of: 'first', edits: { one: edited } });
    expect(second.made).toEqual(['two']);
    expect(second.result.outputs).toEqual({ end: '/two-mended!again', side: '/other-q!' });
  });

  it('refuses an edited result that is no object where one was recorded, instead of failing in the midst of the node', async () => {
    for (const edited of [1, 'mended', null, ['mended']])
      await expect(seeded(await firstLife(), { of: 'first', edits: { one: edited } })).rejects.toThrow(
        'The result of "one" was recorded as an object with status, headers, body',
      );
  });

  it('gives the edited result whatever its call asks for now', async () => {
    const edited = { status: 200, headers: {}, body: 'mended' };
    const first = await firstLife();
    const changed = await seeded(first, { of: 'first', edits: { two: edited } }, chain('/changed-{{x}}'));
    expect(changed.made).toEqual([]);
    expect(changed.result.outputs).toEqual({ end: 'mended', side: '/other-q!' });
    const otherInputs = await seeded(first, { of: 'first', edits: { two: edited } }, chain(), { q: 'other' });
    expect(otherInputs.made.sort()).toEqual(['one', 'other']);
    expect(otherInputs.result.outputs).toEqual({ end: 'mended', side: '/other-other!again' });
  });

  it('fails where an edited result is of another kind of call than is made there now', async () => {
    const models = chain();
    models.nodes.two = { kind: 'llm', config: { model: 'm', prompt: '{{x}}' } };
    models.links = models.links.map((link) => (link.from === 'two.body' ? { ...link, from: 'two.text' } : link));
    const second = await seeded(await firstLife(), { of: 'first', edits: { two: { status: 200, headers: {}, body: 'mended' } } }, models);
    expect(second.result).toMatchObject({ status: 'failed', failure: { code: 'edit-unfit', node: 'two' } });
    expect(second.made).not.toContain('two');
  });

  it('gives pinned outputs without running the node, and says so', async () => {
    const second = await seeded(await firstLife(), { of: 'first', pins: { one: { body: 'pinned' } } });
    expect(second.made).toEqual(['two']);
    expect(second.result.outputs.end).toBe('/two-pinned!again');
    expect(second.view.tasks.get('one')).toMatchObject({ pinned: true, status: 'done', outputs: { body: 'pinned' }, calls: [] });
  });

  it('tries again what ended a task, but keeps a failure that was dealt with', async () => {
    const failing = (path: string): Json => {
      if (path.startsWith('/two')) throw new Error('down');
      return echo(path);
    };
    const first = await liveRecorded({ plan: planOf(chain()), answer: failing, run: 'first' });
    expect(first.result.status).toBe('failed');
    const second = await seeded(first, { of: 'first' });
    expect(second.made).toContain('two');
    expect(second.made).not.toContain('one');
    expect(second.result.status).toBe('done');
  });

  it('can be broken off and resumed with its seed, in the same order', async () => {
    const first = await firstLife();
    const plan = planOf(chain());
    const seed = makeSeed(recordedRun(first), { plan, inputs: first.inputs }, { request: { of: 'first', from: 'two' }, registry: kinds });
    const whole = await liveRecorded({ plan, answer: echo, run: 'second', seed });
    for (let kept = 0; kept <= whole.entries.length; kept += 1) {
      const resumed = await liveRecorded({ plan, answer: echo, run: 'second', seed, recorded: whole.entries.slice(0, kept) });
      expect(resumed.result.outputs).toEqual(whole.result.outputs);
      expect(resumed.made).toEqual(whole.entries.slice(0, kept).some(({ key }) => key === 'two') ? [] : ['two']);
    }
  });

  it('refuses what is not there by name', async () => {
    const recorded = recordedRun(await firstLife());
    const plan = planOf(chain());
    const make = (request: SeedRequest) => () => makeSeed(recorded, { plan, inputs: { q: 'q' } }, { request, registry: kinds });
    expect(make({ of: 'first', from: 'nothing' })).toThrow('The flow has no step "nothing", and the run "first" recorded no result of "nothing"');
    expect(make({ of: 'first', from: 'nothing' })).toThrow(/It has results of: (one|two|other), (one|two|other), (one|two|other)\./);
    expect(make({ of: 'first', edits: { ask: {} } })).toThrow(/^The run "first" recorded no result of "ask"\. .* by a pin\.$/);
    expect(make({ of: 'first', edits: { 'two.x': 1 } })).toThrow('recorded no result of "two.x"');
    expect(make({ of: 'first', edits: { two: { body: 1 } }, pins: { two: { body: 1 } } })).toThrow('"two" is pinned, so it makes no calls');
    const without = planOf(drawFlow(drawBody({ ask: entry('q'), reply: exit('end') }, ['ask.q>reply.end'])));
    expect(() => makeSeed(recorded, { plan: without, inputs: { q: 'q' } }, { request: { of: 'first', edits: { two: { body: 1 } } }, registry: kinds })).toThrow(
      'The flow has no step "two" any more',
    );
    expect(() => cutPlan(plan, 'nothing')).toThrow('no step "nothing"');
    expect(() => checkPins(plan, { nothing: {} }, kinds)).toThrow('no step "nothing"');
    expect(() => checkPins(plan, { one: { wrong: 1 } }, kinds)).toThrow('no output "wrong"');
  });
});

describe('a strict replay', () => {
  it('is the same where nothing has changed', async () => expect(await replayRecorded(await firstLife())).toBeUndefined());

  it('tells the first call that asks for something else, with both requests', async () => {
    const divergence = await replayRecorded(await firstLife(), planOf(chain('/changed-{{x}}')));
    expect(divergence).toMatchObject({
      what: 'differs',
      key: 'two',
      node: 'two',
      expected: { path: '/two-%2Fone-q!' },
      actual: { path: '/changed-%2Fone-q!' },
    });
  });

  it('tells what is waited for now in place of what was', async () => {
    const waiting = (seconds: number) =>
      drawFlow(drawBody({ ask: entry('q'), pause: ['wait', { seconds }], reply: exit('end') }, ['ask.q>pause.value', 'pause.value>reply.end']));
    const first = await firstLife(waiting(0.001));
    expect(await replayRecorded(first, planOf(waiting(0.5)))).toMatchObject({ what: 'differs', key: 'pause', actual: { time: first.startedAt + 500 } });
  });

  it('tells a call that was not recorded, and one that is not asked for any more', async () => {
    const shorter = drawFlow(drawBody({ ask: entry('q'), one: fetching('/one-{{x}}'), reply: exit('end') }, ['ask.q>one.x', 'one.body>reply.end']));
    const first = await firstLife();
    expect(await replayRecorded(first, planOf(shorter))).toMatchObject({ what: 'unasked', key: 'other' });
    const short = await firstLife(shorter);
    expect(await replayRecorded(short, planOf(chain()))).toMatchObject({ what: 'missing', key: 'other', node: 'other' });
  });

  it('tells an end that is another', async () => {
    const named = drawFlow(drawBody({ ask: entry('q'), one: fetching('/one-{{x}}'), reply: exit('otherwise') }, ['ask.q>one.x', 'one.body>reply.otherwise']));
    const plain = drawFlow(drawBody({ ask: entry('q'), one: fetching('/one-{{x}}'), reply: exit('end') }, ['ask.q>one.x', 'one.body>reply.end']));
    expect(await replayRecorded(await firstLife(plain), planOf(named))).toEqual({
      what: 'result',
      expected: { status: 'done', outputs: { end: '/one-q!' } },
      actual: { status: 'done', outputs: { otherwise: '/one-q!' } },
    });
  });
});
