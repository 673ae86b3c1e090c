/** Runs over HTTP: started, watched live and again after a broken connection, cancelled, listed. */
import { startScriptedModel, type ScriptedModel } from '@switchyard/engine/testing';
import type { RunEvent } from '@switchyard/shared';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { askFlow, echoFlow, repeatFlow } from '../testing/ask-flow.ts';
import { readEventStream } from '../testing/event-stream.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import { streamsPerSession } from '../http/streams.ts';

let server: TestServer;
let model: ScriptedModel;
let release: (text: string) => void;

beforeAll(async () => {
  model = await startScriptedModel([]);
  server = await startTestServer();
  await server.mutate('workspace.saveModel', { name: 'asked', model: model.model });
});
afterAll(async () => {
  await server.close();
  await model.close();
});
beforeEach(() => {
  const held = Promise.withResolvers<string>();
  release = held.resolve;
  model.play(() => held.promise);
});

const startAsk = async () => (await server.mutate('runs.start', { flow: askFlow(), flowId: 'f1', inputs: { question: 'Why?' } })).data.run as string;

interface Opening {
  lastEventId?: string | undefined;
  signal?: AbortSignal;
  procedure?: 'watch' | 'watchBatches';
}

const openStream = (run: string, { lastEventId, signal, procedure = 'watch' }: Opening = {}) => {
  const input = encodeURIComponent(JSON.stringify({ run, ...(lastEventId !== undefined && { lastEventId }) }));
  return server.fetch(`/trpc/runs.${procedure}?input=${input}`, { headers: { accept: 'text/event-stream' }, ...(signal && { signal }) });
};

/** The events of a stream, until `isLast` says so or it ends. */
async function collect(response: Response, isLast: (event: RunEvent) => boolean = () => false): Promise<{ id: string | undefined; event: RunEvent }[]> {
  const events: { id: string | undefined; event: RunEvent }[] = [];
  for await (const { event: type, id, data } of readEventStream(response)) {
    if (type !== 'message') continue;
    const event = JSON.parse(data) as RunEvent;
    events.push({ id, event });
    if (isLast(event)) break;
  }
  return events;
}

describe('runs', () => {
  it('bring in one batch what one page may bring, and say so of the rest', async () => {
    const { run } = (await server.mutate('runs.start', { flow: echoFlow(), inputs: { text: 'x'.repeat(3_000_000) } })).data as { run: string };
    await expect.poll(async () => (await server.query('runs.get', { run })).data.status as string).toBe('done');
    const whole = (await server.query('runs.events', { run })).data as RunEvent[];
    const input = JSON.stringify(Object.fromEntries(Array.from({ length: 20 }, (_, index) => [index, { run, after: index === 0 ? 0 : -1 }])));
    const response = await server.fetch(`/trpc/${Array(20).fill('runs.events').join(',')}?batch=1&input=${encodeURIComponent(input)}`);
    const text = await response.text();
    const answers = JSON.parse(text) as { result?: { data: RunEvent[] }; error?: { message: string; data: { httpStatus: number } } }[];
    expect(text.length).toBeLessThan(12_000_000);
    expect(answers[0]?.result?.data.map(({ seq }) => seq)).toEqual(whole.map(({ seq }) => seq + 1));
    const told = answers.filter(({ result }) => result !== undefined).length;
    expect(told).toBeLessThan(4);
    const refused = answers.slice(told);
    expect(refused.map(({ error }) => error?.data.httpStatus)).toEqual(refused.map(() => 413));
    expect(refused[0]?.error?.message).toMatch(/brought 8 MB.*request of its own/);
  });

  it('give an edited result whatever its call asks for now', async () => {
    const run = await startAsk();
    release('Because.');
    await expect.poll(async () => (await server.query('runs.get', { run })).data.status as string).toBe('done');
    const edited = { text: 'Edited.', toolCalls: [], finish: 'stop', served: 'x' };
    const before = model.requests.length;
    const seed = { of: run, edits: { model: edited } };
    const { run: again } = (await server.mutate('runs.start', { flow: askFlow(), inputs: { question: 'What?' }, seed })).data as { run: string };
    await expect.poll(async () => (await server.query('runs.get', { run: again })).data.outputs as unknown).toEqual({ answer: 'Edited.' });
    expect(model.requests.length).toBe(before);
  });

  it('are watched live, and again from the last event seen', async () => {
    const run = await startAsk();
    await model.arrived(1);
    const first = await collect(await openStream(run), ({ type }) => type === 'call-start');
    expect(first.map(({ event }) => event.type).slice(0, 2)).toEqual(['run-start', 'task-start']);
    const lastSeen = first.at(-1)?.id;
    expect(lastSeen).toBe(String(first.at(-1)?.event.seq));
    const second = openStream(run, { lastEventId: lastSeen });
    release('Because.');
    const rest = await collect(await second);
    expect(rest.every(({ event }) => event.seq > Number(lastSeen))).toBe(true);
    expect(rest.at(-1)?.event).toMatchObject({ type: 'run-end', status: 'done', outputs: { answer: 'Because.' } });
    const again = (await collect(await openStream(run))).map(({ event }) => event);
    expect(again.filter(({ type }) => type !== 'call-delta').map(({ seq }) => seq)).toEqual(
      [...first, ...rest].filter(({ event }) => event.type !== 'call-delta').map(({ event }) => event.seq),
    );
  });

  it('are watched in batches, each with the seq of its last event as id, from which a reconnect goes on', async () => {
    const count = 400;
    const run = (await server.mutate('runs.start', { flow: repeatFlow(), inputs: { items: Array.from({ length: count }, (_, at) => at) } })).data.run as string;
    const seen: RunEvent[] = [];
    const ids: number[] = [];
    while (seen.at(-1)?.type !== 'run-end') {
      const abort = new AbortController();
      for await (const { event, id, data } of readEventStream(
        await openStream(run, { lastEventId: ids.at(-1)?.toString(), signal: abort.signal, procedure: 'watchBatches' }),
      )) {
        if (event !== 'message') continue;
        const batch = JSON.parse(data) as RunEvent[];
        expect(batch.length).toBeLessThanOrEqual(1000);
        expect(id).toBe(String(batch.at(-1)?.seq));
        ids.push(Number(id));
        seen.push(...batch);
        break;
      }
      abort.abort();
    }
    expect(seen.map(({ seq }) => seq)).toEqual(Array.from({ length: seen.length }, (_, seq) => seq));
    expect(seen.length).toBeGreaterThan(count * 4);
    expect(ids.length).toBeLessThan(seen.length / 20);
  });

  it('are outlined without long bodies, which are asked for by their event', async () => {
    const run = await startAsk();
    release('Because. '.repeat(4000));
    await collect(await openStream(run));
    const outline = (await server.query('runs.outline', { run })).data as RunEvent[];
    const whole = (await server.query('runs.events', { run })).data as RunEvent[];
    expect(outline.map(({ seq }) => seq)).toEqual(whole.map(({ seq }) => seq));
    const end = outline.find(({ type }) => type === 'call-end');
    expect(end?.abridged?.map(({ path }) => path)).toEqual(['/result']);
    expect(JSON.stringify(end).length).toBeLessThan(1000);
    expect(outline.at(-1)).toEqual(whole.at(-1));
    const again = (await server.query('runs.events', { run, after: (end?.seq ?? 0) - 1, limit: 1 })).data as RunEvent[];
    expect(again[0]).toMatchObject({ type: 'call-end', result: { text: 'Because. '.repeat(4000) } });
    expect((await server.query('runs.outline', { run: 'nobody' })).status).toBe(404);
  });

  it('are kept with what ran, and told page by page', async () => {
    const run = await startAsk();
    release('So.');
    await collect(await openStream(run));
    const { data } = await server.query('runs.get', { run });
    expect(data).toMatchObject({
      run,
      flowId: 'f1',
      status: 'done',
      inputs: { question: 'Why?' },
      outputs: { answer: 'So.' },
      flow: { name: 'Ask' },
      usage: { modelCalls: 1 },
    });
    expect(data).not.toHaveProperty('plan');
    const { data: events } = await server.query('runs.events', { run, limit: 3 });
    const { data: more } = await server.query('runs.events', { run, after: events.at(-1).seq });
    expect([...events, ...more].at(-1).type).toBe('run-end');
    expect(events).toHaveLength(3);
    const { data: list } = await server.query('runs.list', { flowId: 'f1', limit: 1 });
    expect(list).toMatchObject([{ run, flowName: 'Ask', status: 'done' }]);
    expect(list[0]).not.toHaveProperty('flow');
  });

  it('are cancelled at once', async () => {
    const run = await startAsk();
    await model.arrived(1);
    expect((await server.mutate('runs.cancel', { run })).data).toEqual({ cancelled: true });
    expect((await collect(await openStream(run))).at(-1)?.event).toMatchObject({ type: 'run-end', status: 'cancelled' });
    expect(await model.requests[0]?.ended).toBe('left');
    expect((await server.mutate('runs.cancel', { run })).data).toEqual({ cancelled: false });
  });

  it('do not start from a flow with errors, or with inputs that do not fit', async () => {
    const broken = await server.mutate('runs.start', { flow: askFlow('no-such-model'), inputs: { question: 'x' } });
    expect(broken).toMatchObject({
      status: 400,
      error: { data: { code: 'BAD_REQUEST', diagnostics: [{ code: 'model-missing', node: 'model', severity: 'error' }] } },
    });
    const inputs = await server.mutate('runs.start', { flow: askFlow(), inputs: { question: 5, other: 1 } });
    expect(inputs.error?.data.diagnostics).toMatchObject([
      { code: 'run-input', message: expect.stringContaining('no input "other"') as string },
      { code: 'run-input', node: 'ask', field: 'question' },
    ]);
    const missing = await server.mutate('runs.start', { flow: askFlow(), inputs: {} });
    expect(missing.error?.message).toContain('"question" is missing');
    expect(model.requests).toHaveLength(0);
  });

  it('that are not there are told so', async () => {
    for (const procedure of ['runs.get', 'runs.events']) expect(await server.query(procedure, { run: 'none' }), procedure).toMatchObject({ status: 404 });
    const cancelled = await server.mutate('runs.cancel', { run: 'none' });
    expect(cancelled).toMatchObject({ status: 404, error: { message: 'There is no run with the id "none".', data: { code: 'NOT_FOUND' } } });
    const stream = await openStream('none');
    const messages = await Array.fromAsync(readEventStream(stream));
    expect(messages.find(({ event }) => event === 'serialized-error')?.data).toContain('NOT_FOUND');
  });

  it('hold at most so many streams of a session, and a closed one is given back', async () => {
    const run = await startAsk();
    await model.arrived(1);
    const firstEvent = async (response: Response) => {
      for await (const message of readEventStream(response)) if (message.event !== 'connected') return message;
      return undefined;
    };
    const abort = new AbortController();
    const open = await Promise.all(Array.from({ length: streamsPerSession }, () => openStream(run, { signal: abort.signal })));
    const readers = open.map((response) => response.body?.getReader());
    for (const reader of readers) await reader?.read();
    const refused = await openStream(run);
    expect((await firstEvent(refused))?.data).toContain('TOO_MANY_REQUESTS');
    abort.abort();
    await expect.poll(async () => (await firstEvent(await openStream(run)))?.data).toContain('run-start');
    release('done');
  });

  it('start at a bounded rate', async () => {
    const flow = echoFlow();
    const statuses = new Set<number>();
    // More than the rate allows at once: on a busy machine, some places come free again meanwhile.
    for (let number = 0; number < 2000 && !statuses.has(429); number += 50) {
      for (const { status } of await Promise.all(Array.from({ length: 50 }, () => server.mutate('runs.start', { flow, inputs: { text: 'x' } }))))
        statuses.add(status);
    }
    expect([...statuses].sort()).toEqual([200, 429]);
  }, 60_000);
});
