/**
 * Every example, with its first effect failing, then its second, and so on until none fails: each run ends, says in a typed failure what went wrong
 * or deals with it, has every answer that it got in its journal, and runs through when it is started again.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Host } from '@switchyard/engine';
import { createHost, RunStore } from '@switchyard/engine/adapters';
import { kinds } from '@switchyard/engine/nodes';
import { planOf } from '@switchyard/engine/testing';
import { type Example, exampleParts, examples, readExampleFlow, readExampleWorkspace } from '@switchyard/examples';
import { failure, FailureError, type JsonObject, type RunEvent } from '@switchyard/shared';
import { afterAll, describe, expect, test } from 'vitest';
import { eachEvent } from '../work/event-batches.ts';
import { createRunner } from '../work/runner.ts';

/** More effects than any example has. */
const mostEffects = 80;
const mostQuestions = 10;
const broken = failure('http-unreachable', 'The network is gone.', { retry: 'never' });

const folder = mkdtempSync(join(tmpdir(), 'switchyard-effects-'));
const store = new RunStore(join(folder, 'runs.db'));
afterAll(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The sample inputs that the example's own fields give. */
function inputsOf(example: Example): JsonObject {
  const entry = Object.values(readExampleFlow(example).nodes).find(({ kind }) => kind === 'input');
  const fields = (entry?.config.fields ?? {}) as Record<string, { examples?: [JsonObject[string]]; default?: JsonObject[string] }>;
  return Object.fromEntries(Object.entries(fields).map(([name, { examples: given, default: usual }]) => [name, given?.[0] ?? usual ?? '']));
}

describe.for(examples.map((example) => [example.id, example] as const))('%s', ([, example]) => {
  const workspace = readExampleWorkspace(example);
  const flow = readExampleFlow(example);
  const plan = planOf(flow);
  // A host for each run: what an example's server was told by one is not there in the next.
  const openHost = () =>
    createHost({
      workspace: () => workspace,
      baseDirectory: folder,
      dataDirectory: folder,
      secrets: { get: () => undefined, values: () => [] },
      examples: exampleParts,
    });

  /** One run whose `number`th effect fails; from 1, 0 for none. */
  const run = async (number: number) => {
    let made = 0;
    const answered: string[] = [];
    const host = openHost();
    const failing: Host = {
      pool: (name) => host.pool(name),
      perform: async (call, scope) => {
        made += 1;
        if (made === number) throw new FailureError(broken);
        const performed = await host.perform(call, scope);
        // What the run had given up by then is nobody's answer.
        if (!scope.signal.aborted) answered.push(JSON.stringify(performed.result));
        return performed;
      },
    };
    const runner = createRunner({ registry: kinds, host: failing, store, redactor: () => (value) => value, parks: 'asked' });
    const started = await runner.start({ flow, plan, inputs: inputsOf(example) });
    let result = await runner.result(started.run);
    // Whoever is asked agrees.
    for (let asked = 0; result.status === 'waiting' && asked < mostQuestions; asked += 1) {
      for (const { key, ask } of runner.questions({ run: started.run }))
        await runner.answer(started.run, key, { choice: 'approve', ...(ask.hash !== undefined && { hash: ask.hash }) });
      result = await runner.result(started.run);
    }
    const events: RunEvent[] = [];
    for await (const event of eachEvent(runner.watch(started.run, -1, AbortSignal.timeout(10_000)))) events.push(event);
    await runner.close();
    await host.close();
    const kept = store.recorded(started.run).flatMap(({ result: one }) => (one === undefined ? [] : [JSON.stringify(one)]));
    return { result, events, made, lost: answered.filter((one) => !kept.includes(one)) };
  };

  test('whichever effect fails, the run says so, loses nothing, and works when it is started again', async () => {
    const whole = await run(0);
    expect(whole.result.status).toBe('done');
    let number = 1;
    for (; number < mostEffects; number += 1) {
      const { result, events, made, lost } = await run(number);
      const told = `effect ${number}`;
      expect(lost, told).toEqual([]);
      expect(events.at(-1), told).toMatchObject({ type: 'run-end', status: result.status });
      if (made < number) break;
      expect(events, told).toContainEqual(expect.objectContaining({ type: 'call-end', failure: broken }));
      if (result.status === 'failed')
        expect(result.failure, told).toMatchObject({ message: expect.stringMatching(/\w{3}/) as string, node: expect.any(String) as string });
      else expect(result.status, told).toBe('done');
    }
    expect(number - 1, 'effects that were made to fail').toBeGreaterThanOrEqual(whole.made);
    expect((await run(0)).result).toMatchObject({ status: 'done', outputs: whole.result.outputs });
  }, 120_000);
});
