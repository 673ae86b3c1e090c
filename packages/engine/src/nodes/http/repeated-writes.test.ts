/** A write that may be repeated, through a whole run against a real server: its key, and the pauses that the server asks for. */
import { afterEach, expect, test } from 'vitest';
import { RoomBench } from '../../testing/room-bench.ts';

let bench = new RoomBench('http');
afterEach(async () => {
  await bench.close();
  bench = new RoomBench('http');
});

interface Seen {
  at: number;
  key: string | undefined;
}

/** Answers in turn with these statuses and headers, the last one for all that follow. */
async function serve(header: string, ...answers: [status: number, headers: Record<string, string>][]): Promise<Seen[]> {
  const seen: Seen[] = [];
  const baseUrl = await bench.serve((incoming, answer) => {
    const [status, headers] = answers[Math.min(seen.length, answers.length - 1)] as [number, Record<string, string>];
    seen.push({ at: performance.now(), key: incoming.headers[header] as string | undefined });
    answer.writeHead(status, { 'content-type': 'application/json', ...headers }).end('{}');
  });
  bench.connections.api = { type: 'http', baseUrl, ...(header !== 'idempotency-key' && { idempotencyHeader: header }) };
  return seen;
}

const order = (more: object) => ({ connection: 'api', operations: [{ name: 'order', method: 'POST', path: '/orders', body: { a: 1 }, ...more }] });

test.each(['idempotency-key', 'x-request-key'])('carries the run and the key of its call as %s, the same in each attempt', async (header) => {
  const seen = await serve(header, [500, {}], [200, {}]);
  const { outputs } = await bench.runStep(order({ idempotent: true }), {});
  expect(outputs).toMatchObject({ status: 200 });
  expect(seen.map(({ key }) => key)).toEqual(['test/node', 'test/node']);
});

test('without the word for it, it carries no key and is made once', async () => {
  const seen = await serve('idempotency-key', [500, {}], [200, {}]);
  const { failure } = await bench.runStep(order({}), {});
  expect(failure?.code).toBe('http-status');
  expect(seen.map(({ key }) => key)).toEqual([undefined]);
});

test.each([429, 503])('after a %i with Retry-After it waits as long as the server asks', async (status) => {
  const seen = await serve('idempotency-key', [status, { 'retry-after': '1' }], [200, {}]);
  const { outputs } = await bench.runStep(order({ idempotent: true }), {});
  expect(outputs).toMatchObject({ status: 200 });
  expect(seen).toHaveLength(2);
  // A timer may end a little before the clock that it is measured by.
  expect((seen[1] as Seen).at - (seen[0] as Seen).at).toBeGreaterThan(990);
});
