/** Random flows, with their maps, merges, branches and policies, end on the distributed engine as the reference interpreter says. */
import { findPostgres, hostOf, planOf, randomFlow, referenceRun, seed, startPostgres, tries, type PostgresServer } from '@switchyard/engine/testing';
import { kinds } from '@switchyard/engine/nodes';
import { failure, FailureError, type Json, type JsonObject } from '@switchyard/shared';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDistributedRunner, type DistributedRunner } from '../work/distributed-runner.ts';

const flows = fc.sample(randomFlow, { numRuns: tries(40, 400), seed });

function answer(asked: string): Json {
  let hash = 7;
  for (const char of asked) hash = (Math.imul(hash, 31) + (char.codePointAt(0) as number)) >>> 0;
  if (hash % 5 === 0) throw new FailureError(failure('http-status', `no ${hash}`));
  return `r${hash % 97}`;
}

/** Lists that are in the order of arrival, by content. */
function settled(outputs: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, value]) => [name, Array.isArray(value) ? value.map((each) => JSON.stringify(each)).sort() : value]),
  );
}

describe.skipIf(!findPostgres())('on PostgreSQL', () => {
  let server: PostgresServer;
  let runner: DistributedRunner;
  beforeAll(async () => {
    server = await startPostgres();
    const host = hostOf({
      fetch: ({ request }) => ({ status: 200, headers: {}, body: answer(decodeURIComponent((request as JsonObject).path as string).slice('/v-'.length)) }),
    });
    const log = { info: () => undefined, warn: (message: string) => process.stderr.write(`${message}\n`) };
    runner = await openDistributedRunner({ databaseUrl: await server.createDatabase(), host, registry: kinds, redactor: () => (value) => value, log });
  });
  afterAll(async () => {
    await runner.close();
    await server.stop();
  });

  test(`${flows.length} random flows end as they must`, async () => {
    let done = 0;
    const results = await Promise.all(
      flows.map(async (flow) => {
        const { run } = await runner.start({ flow, plan: planOf(flow), inputs: { q: 'q' } });
        return await runner.result(run);
      }),
    );
    for (const [index, result] of results.entries()) {
      const expected = referenceRun(flows[index] as (typeof flows)[number], { q: 'q' }, answer);
      expect(result.status, `flow ${index} of seed ${seed}`).toBe(expected.status);
      if (expected.status !== 'done') continue;
      done += 1;
      expect(settled(result.outputs), `flow ${index} of seed ${seed}`).toEqual(settled(expected.outputs));
    }
    expect(done).toBeGreaterThan(flows.length / 5);
  }, 300_000);
});
