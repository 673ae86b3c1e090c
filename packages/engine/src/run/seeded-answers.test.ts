/** What persons said in an earlier run, laid under a new one: they are not asked again for the same, and nothing is written on a word that is spent. */
import { failure, FailureError, type Answer, type Failure, type Flow, type Json, type JsonObject, type SeedRequest } from '@switchyard/shared';
import { describe, expect, test } from 'vitest';
import type { Performer } from '../host.ts';
import { kinds } from '../nodes/index.ts';
import { cancelSignal } from '../port.ts';
import { deskFlow, found, question } from '../testing/control-desk.ts';
import { liveRecorded, recordedRun, replayRecorded, type LifeOptions, type Recorded } from '../testing/recorded-life.ts';
import { drawBody, drawFlow, entry, exit, fetching } from '../testing/subflow.ts';
import { hostOf, planOf, scriptedTurns } from '../testing/test-run.ts';
import { makeSeed } from './index.ts';

const approve: Answer = { choice: 'approve' };
const reject: Answer = { choice: 'reject', reason: 'Not now.' };

/** ask -> agree -> one -> reply */
const agreed = (title = 'Go on?', more: object = {}): Flow =>
  drawFlow(
    drawBody({ ask: entry('q'), agree: ['approve', { title, ...more }], one: fetching('/one-{{x}}'), reply: exit('end') }, [
      'ask.q>agree.value',
      'agree.approved>one.x',
      'one.body>reply.end',
    ]),
  );

type Life = Partial<LifeOptions> & { flow: Flow; request?: SeedRequest };

/** A run of the flow, begun from `first`. */
async function begunFrom(first: Recorded, { flow, request = { of: 'first' }, ...more }: Life): Promise<Recorded> {
  const registry = more.registry ?? kinds;
  const plan = planOf(flow, registry);
  const inputs = more.inputs ?? first.inputs;
  const seed = makeSeed(recordedRun(first), { plan, inputs }, { request, registry });
  await new Promise((resolve) => setTimeout(resolve, 2));
  return await liveRecorded({ plan, run: 'second', answers: {}, seed, ...more, inputs });
}

const down = (): Json => {
  throw new FailureError(failure('http-status', 'It is down.'));
};

const asked = ({ view }: Recorded) => [...view.waits.keys()];

describe('an approval of a step', () => {
  test('is not asked for again where the node after it failed', async () => {
    const first = await liveRecorded({ plan: planOf(agreed()), run: 'first', answer: down, answers: { agree: approve } });
    expect(first.result.status).toBe('failed');
    const second = await begunFrom(first, { flow: agreed(), answer: () => 'up' });
    expect(second.result).toMatchObject({ status: 'done', outputs: { end: 'up' } });
    expect(second.entries.map(({ key }) => key)).toEqual(['agree', 'one']);
  });

  test('is asked for again where another question is asked now', async () => {
    const first = await liveRecorded({ plan: planOf(agreed()), run: 'first', answer: down, answers: { agree: approve } });
    const second = await begunFrom(first, { flow: agreed('Really?') });
    expect(second.result.status).toBe('waiting');
    expect(second.made).toEqual([]);
  });

  test('that was refused is asked for again: the no ended its task, and what ended a task is tried again', async () => {
    const first = await liveRecorded({ plan: planOf(agreed()), run: 'first', answers: { agree: reject } });
    expect(first.result).toMatchObject({ status: 'failed', failure: { code: 'approval-rejected' } });
    expect((await begunFrom(first, { flow: agreed() })).result.status).toBe('waiting');
    const second = await begunFrom(first, { flow: agreed(), answers: { agree: approve }, answer: () => 'up' });
    expect(second.result.status).toBe('done');
  });

  test('can be edited', async () => {
    const flow = agreed('Go on?', { onReject: 'port' });
    const first = await liveRecorded({ plan: planOf(flow), run: 'first', answer: () => 'one', answers: { agree: approve } });
    const second = await begunFrom(first, { flow, request: { of: 'first', edits: { agree: reject as JsonObject } } });
    expect(second.result).toMatchObject({ status: 'done', outputs: {} });
    expect(second.view.tasks.get('agree')?.outputs).toMatchObject({ rejected: { reason: 'Not now.' } });
    expect(second.made).toEqual([]);
  });

  test('that was edited counts for what was asked, and not for another question', async () => {
    const first = await liveRecorded({ plan: planOf(agreed()), run: 'first', answer: () => 'one', answers: { agree: reject } });
    const second = await begunFrom(first, { flow: agreed('Delete it all?'), request: { of: 'first', edits: { agree: approve as JsonObject } } });
    expect(second).toMatchObject({ result: { status: 'waiting' }, made: [] });
  });

  test('replays as it was recorded', async () => {
    const first = await liveRecorded({ plan: planOf(agreed()), run: 'first', answer: () => 'up', answers: { agree: approve } });
    expect(await replayRecorded(first)).toBeUndefined();
  });
});

/** ask -> agree -> post -> reply: an approval before a write that is a step. */
const posting = (policy?: object, operation: object = {}): Flow =>
  drawFlow(
    drawBody(
      {
        ask: entry('q'),
        agree: ['approve', { title: 'Post it?' }],
        post: ['http', { connection: 'api', operations: [{ name: 'post', method: 'POST', path: '/orders', body: { q: '{{x}}' }, ...operation }] }, policy],
        reply: exit('end'),
      },
      ['ask.q>agree.value', 'agree.approved>post.x', 'post.body>reply.end'],
    ),
  );

const failing =
  (cause: Failure): Performer =>
  () =>
    Promise.reject(new FailureError(cause));
const succeeding: Performer = () => Promise.resolve({ result: found('posted') });
const stuck: Performer = () => new Promise(() => {});

/** A run of `posting` whose write ended so. */
const firstPosting = async (perform: Performer, more: Partial<LifeOptions> = {}) =>
  await liveRecorded({ plan: planOf(posting()), run: 'first', answers: { agree: approve }, perform, ...more });

const refused = failure('http-status', 'It answered with status 409.');

describe('a write of a step in a run that failed', () => {
  test('is made again where the service refused it: nothing has been done of what was approved', async () => {
    const second = await begunFrom(await firstPosting(failing(refused)), { flow: posting(), perform: succeeding });
    expect(second.result).toMatchObject({ status: 'done', outputs: { end: 'posted' } });
    expect(second.made).toEqual(['post']);
  });

  test('is made again where nothing of it was sent: nobody is asked what became of it', async () => {
    const unsent = failure('connection-unreachable', 'Nobody listens.', { retry: 'policy', cause: failure('not-sent', 'Nothing was sent.') });
    const second = await begunFrom(await firstPosting(failing(unsent)), { flow: posting(), perform: succeeding });
    expect(second.result).toMatchObject({ status: 'done', outputs: { end: 'posted' } });
    expect(second.made).toEqual(['post']);
  });

  test.each([
    ['the connection broke', failure('connection-unreachable', 'It has gone.', { retry: 'policy' })],
    ['its time was up', failure('timeout', 'No answer.', { retry: 'policy' })],
    ['the service failed in its midst', failure('http-status', 'Status 502.', { retry: 'policy' })],
    ['the way to it broke', failure('http-unreachable', 'Gone.', { cause: failure('outcome-unknown', 'Perhaps.') })],
    ['the driver does not know', failure('outcome-unknown', 'Who knows.')],
  ])('is asked about, not made again, where %s', async (_what, cause) => {
    const gaveUp: Record<string, Answer> = { agree: approve, 'post.outcome': { choice: 'give-up' } };
    const first = await firstPosting(failing(cause), { answers: gaveUp });
    expect(first.result.status).toBe('failed');
    const waiting = await begunFrom(first, { flow: posting(), perform: succeeding });
    expect(waiting.result.status).toBe('waiting');
    expect(waiting.made).toEqual([]);
    expect(asked(waiting)).toEqual(['post.outcome']);
    const repeated = await begunFrom(first, { flow: posting(), perform: succeeding, answers: { 'post.outcome': { choice: 'repeat' } } });
    expect(repeated.made).toEqual(['post']);
    const told = await begunFrom(first, { flow: posting(), perform: succeeding, answers: { 'post.outcome': { choice: 'happened', result: 7 } } });
    expect(told.result).toMatchObject({ status: 'done', outputs: { end: 7 } });
    expect(told.made).toEqual([]);
  });

  test('is asked about where the run was cancelled while it was under way, also where the node has changed meanwhile', async () => {
    const first = await firstPosting(stuck, { onStart: (port) => setTimeout(() => port.signal(cancelSignal), 20) });
    expect(first.result.status).toBe('cancelled');
    expect(first.made).toEqual(['post']);
    for (const flow of [posting(), posting({ timeoutSeconds: 3600 }), posting(undefined, { idempotent: true })]) {
      const second = await begunFrom(first, { flow, perform: succeeding });
      expect(second.result.status).toBe('waiting');
      expect(second.made).toEqual([]);
      expect(asked(second)).toEqual(['post.outcome']);
    }
  });

  test('is made where its node is named: that is what was asked for', async () => {
    const first = await firstPosting(failing(failure('timeout', 'No answer.')));
    const second = await begunFrom(first, { flow: posting(), perform: succeeding, request: { of: 'first', from: 'post' } });
    expect(second).toMatchObject({ result: { status: 'done' }, made: ['post'] });
  });

  test('is made again on a word that is spoken anew where it was refused on the one before', async () => {
    const repeat: Record<string, Answer> = { agree: approve, 'post.outcome': { choice: 'repeat' } };
    const causes = [failure('outcome-unknown', 'Who knows.'), refused];
    const perform: Performer = () => Promise.reject(new FailureError(causes.shift() as Failure));
    const first = await firstPosting(perform, { answers: repeat });
    expect(first.made).toEqual(['post', 'post']);
    const second = await begunFrom(first, { flow: posting(), perform: succeeding });
    expect(second.made).toEqual([]);
    expect(asked(second)).toEqual(['post.outcome']);
  });

  test('that was under way when its node was given up is neither made nor asked about: the run went on without it', async () => {
    const flow = posting({ timeoutSeconds: 0.02, onFailure: 'continue', default: { body: 'none' } });
    const first = await firstPosting(stuck, { plan: planOf(flow) });
    expect(first.result).toMatchObject({ status: 'done', outputs: { end: 'none' } });
    const second = await begunFrom(first, { flow, perform: succeeding });
    expect(second).toMatchObject({ result: { status: 'done', outputs: { end: 'none' } }, made: [] });
  });
});

/** A control node that may cancel orders, once a person agrees. */
const cancelFlow = (): Flow =>
  deskFlow({
    nodes: {
      desk: {
        kind: 'http',
        config: {
          connection: 'api',
          operations: [{ name: 'cancel', description: 'Cancels an order', method: 'POST', path: '/cancel', body: { id: '{{id}}' } }],
        },
      },
    },
  });

/** A run of it that cancels an order; its model fails at the turn after that. */
async function firstCancelling(cancelled: () => Json, answers: Record<string, Answer>): Promise<Recorded> {
  const { perform } = hostOf({ model: scriptedTurns([[['desk_cancel', { id: '7' }]]]).answer, fetch: cancelled });
  const first = await liveRecorded({ plan: planOf(cancelFlow()), run: 'first', inputs: { question }, perform, answers });
  expect(first.result.status).toBe('failed');
  expect(first.entries.map(({ key }) => key)).toContain('boss#t1.desk.cancel.0');
  return first;
}

/** Begun from that, with a model that goes on to its answer; gives the kinds of the calls that were made. */
async function cancelAgain(first: Recorded, answers: Record<string, Answer> = {}) {
  const calls: string[] = [];
  const { perform } = hostOf({ model: scriptedTurns(['Done.']).answer, fetch: () => found({ order: 7 }) });
  const noting: Performer = (call, scope) => {
    calls.push(call.kind);
    return perform(call, scope);
  };
  return { ...(await begunFrom(first, { flow: cancelFlow(), perform: noting, answers })), calls };
}

const approval = 'boss#t1.desk.cancel.0.approval';
const outcome = 'boss#t1.desk.cancel.0.outcome';
const throwing = (cause: Failure) => (): Json => {
  throw new FailureError(cause);
};

describe('a write that a control node was allowed in a run that failed', () => {
  test('is neither made nor asked about again where it was done', async () => {
    const second = await cancelAgain(await firstCancelling(() => found({ order: 7 }), { [approval]: approve }));
    expect(second).toMatchObject({ result: { status: 'done', outputs: { answer: 'Done.' } }, calls: ['model'] });
  });

  test('is asked for again where the service refused it: the approval was for the call that was made', async () => {
    const first = await firstCancelling(throwing(refused), { [approval]: approve });
    const waiting = await cancelAgain(first);
    expect(waiting).toMatchObject({ result: { status: 'waiting' }, calls: [] });
    expect(asked(waiting)).toEqual([approval]);
    expect(await cancelAgain(first, { [approval]: approve })).toMatchObject({ result: { status: 'done' }, calls: ['fetch', 'model'] });
  });

  test('is asked about, once, where it may have been done', async () => {
    const first = await firstCancelling(throwing(failure('timeout', 'No answer.')), { [approval]: approve });
    const waiting = await cancelAgain(first);
    expect(waiting).toMatchObject({ result: { status: 'waiting' }, calls: [] });
    expect(asked(waiting)).toEqual([outcome]);
  });

  test('is not asked about again where a person told that it happened', async () => {
    const first = await firstCancelling(throwing(failure('outcome-unknown', 'Who knows.')), {
      [approval]: approve,
      [outcome]: { choice: 'happened', result: { order: 7 } },
    });
    expect(await cancelAgain(first)).toMatchObject({ result: { status: 'done' }, calls: ['model'] });
  });
});
