/** What a node does when it fails or is slow: tried again, timed out, dealt with. */
import { emptyFlow, failure, FailureError, type Flow, type NodePolicy } from '@switchyard/shared';
import { describe, expect, test } from 'vitest';
import { createHandSettledHost } from '../testing/hand-settled-host.ts';
import { testRun, type Answers } from '../testing/test-run.ts';

const get = { connection: 'api', operations: [{ name: 'get', description: 'd', path: '/x' }] };

function flowOf(policy: NodePolicy, limits: Flow['limits'] = {}): Flow {
  return {
    ...emptyFlow('Policy'),
    nodes: {
      go: { kind: 'input', config: { fields: {} } },
      call: { kind: 'http', config: get, policy },
      after: { kind: 'template', config: { template: 'got {{ body }}' } },
      reply: { kind: 'output', config: { fields: { answer: {}, error: {} } } },
    },
    links: [
      { from: 'call.body', to: 'after.body' },
      { from: 'after.text', to: 'reply.answer' },
      ...(policy.onFailure === 'port' ? [{ from: 'call.error', to: 'reply.error' }] : []),
    ],
    limits,
  };
}

const fails = (code: string, retry: 'never' | 'policy' = 'never'): Answers => ({
  fetch: () => Promise.reject(new FailureError(failure(code, 'no', { retry }))),
});

describe('a failure', () => {
  test('stops the run where nothing is said', async () => {
    const { result, events } = await testRun(flowOf({}), { answers: fails('http-status') });
    expect(result).toMatchObject({ status: 'failed', failure: { code: 'http-status', node: 'call' } });
    expect(events.find(({ type }) => type === 'task-failure')).not.toHaveProperty('handling');
  });

  test('is passed over with default outputs', async () => {
    const { result, view } = await testRun(flowOf({ onFailure: 'continue', default: { body: 'nothing' } }), { answers: fails('http-status') });
    expect(result).toMatchObject({ status: 'done', outputs: { answer: 'got nothing' } });
    expect(view.tasks.get('call')).toMatchObject({ status: 'failed', handling: 'continue', outputs: { body: 'nothing' } });
  });

  test('without a default prunes what hangs on the node', async () => {
    const { result, view } = await testRun(flowOf({ onFailure: 'continue' }), { answers: fails('http-status') });
    expect(result).toMatchObject({ status: 'done', outputs: {} });
    expect(view.tasks.get('after')?.status).toBe('skipped');
  });

  test('is given at the error port', async () => {
    const { result } = await testRun(flowOf({ onFailure: 'port' }), { answers: fails('http-status') });
    expect(result).toMatchObject({ status: 'done', outputs: { error: { code: 'http-status', message: 'no', retry: 'never' } } });
  });

  test('of a limit is never dealt with', async () => {
    const flow = flowOf({ onFailure: 'continue', default: { body: 'x' } });
    flow.nodes.call = { kind: 'llm', config: { model: 'm', prompt: 'p' }, policy: { onFailure: 'continue' } };
    flow.nodes.more = { kind: 'llm', config: { model: 'm', prompt: 'p' }, policy: { onFailure: 'continue' } };
    flow.links = [
      { from: 'call.text', to: 'after.body' },
      { from: 'after.text', to: 'reply.answer' },
      { from: 'more.text', to: 'reply.error' },
    ];
    flow.limits = { modelCalls: 1 };
    const said = { text: 'x', toolCalls: [], finish: 'stop', served: 'm' };
    const { result } = await testRun(flow, { answers: { model: () => said } });
    expect(result).toMatchObject({ status: 'failed', failure: { code: 'limit-model-calls' } });
  });

  test('of a cancelled run is never dealt with', async () => {
    const host = createHandSettledHost();
    const running = testRun(flowOf({ onFailure: 'continue' }), { host, onStart: (port) => setTimeout(() => port.signal('cancel'), 5) });
    const call = await host.next();
    expect((await running).result.status).toBe('cancelled');
    expect(call.isAborted()).toBe(true);
  });
});

describe('calls of a node', () => {
  test('are tried as often as its policy says', async () => {
    let tries = 0;
    const answers: Answers = {
      fetch: () => {
        tries += 1;
        if (tries < 5) throw new FailureError(failure('busy', 'no', { retry: 'policy' }));
        return { status: 200, headers: {}, body: tries };
      },
    };
    const { result } = await testRun(flowOf({ retry: { attempts: 5, baseMs: 0, maxMs: 1 } }), { answers });
    expect(result.outputs).toEqual({ answer: 'got 5' });
  });

  test('are tried once where it says so', async () => {
    const { view } = await testRun(flowOf({ retry: { attempts: 1 } }), { answers: fails('busy', 'policy') });
    expect(view.calls.get('call')?.attempt).toBe(1);
  });

  test('that write are not repeated, whatever it says', async () => {
    const flow = flowOf({ retry: { attempts: 5, baseMs: 0 } });
    flow.nodes.call = {
      ...(flow.nodes.call as never as { kind: string }),
      config: { connection: 'api', operations: [{ name: 'put', description: 'd', method: 'PUT', path: '/x' }] },
      policy: { retry: { attempts: 5, baseMs: 0 } },
    };
    const { view } = await testRun(flow, { answers: fails('busy', 'policy') });
    expect(view.calls.get('call')?.attempt).toBe(1);
  });
});

describe('a time limit', () => {
  test('ends the node and aborts its call', async () => {
    const host = createHandSettledHost();
    const running = testRun(flowOf({ timeoutSeconds: 0.01, onFailure: 'continue', default: { body: 'late' } }), { host });
    const call = await host.next();
    const { result, view } = await running;
    expect(result).toMatchObject({ status: 'done', outputs: { answer: 'got late' } });
    expect(view.tasks.get('call')?.failure).toMatchObject({ code: 'timeout', message: expect.stringContaining('0.01 s') });
    expect(call.isAborted()).toBe(true);
    expect(view.calls.get('call')?.status).toBe('failed');
  });

  test('costs nothing when the node is quicker', async () => {
    const { result } = await testRun(flowOf({ timeoutSeconds: 60 }), { answers: { fetch: () => ({ status: 200, headers: {}, body: 'ok' }) } });
    expect(result.outputs).toEqual({ answer: 'got ok' });
  });
});
