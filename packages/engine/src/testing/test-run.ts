/** Runs a flow in a test: compiled, on the driver in memory, with calls answered by the test. */
import {
  emptyRun,
  foldRun,
  type Flow,
  type Json,
  type JsonObject,
  type ModelRequest,
  type ModelResult,
  type RunEvent,
  type RunEventBody,
  type RunResult,
  type RunView,
  type Usage,
} from '@switchyard/shared';
import { createCallPort, Pools, type CallPort } from '../adapters/drivers/index.ts';
import { compile } from '../compile/compile.ts';
import type { Host, Performer } from '../host.ts';
import type { Registry } from '../node.ts';
import { kinds } from '../nodes/index.ts';
import type { Plan } from '../plan.ts';
import type { Call } from '../port.ts';
import { runPlan } from '../run/index.ts';

/** Answers by call kind; a kind without one fails the test's call. */
export type Answers = Partial<Record<string, (call: Call) => Json | Promise<Json>>>;

export interface TestRunOptions {
  inputs?: JsonObject;
  /** Answers by call kind, or a whole host. */
  answers?: Answers;
  host?: Host;
  registry?: Registry;
  onStart?(port: CallPort): void;
}

export interface TestRun {
  result: RunResult;
  events: RunEvent[];
  view: RunView;
}

/** The plan of a flow that has no mistakes; throws with the diagnostics where it has. */
export function planOf(flow: Flow, registry: Registry = kinds): Plan {
  const { plan, diagnostics } = compile(flow, undefined, registry);
  if (!plan) throw new Error(`The flow does not compile: ${diagnostics.map(({ path, message }) => `${path}: ${message}`).join('\n')}`);
  return plan;
}

export async function testRun(flow: Flow, options: TestRunOptions = {}): Promise<TestRun> {
  const registry = options.registry ?? kinds;
  const host = options.host ?? hostOf(options.answers ?? {});
  const events: RunEvent[] = [];
  const view = emptyRun();
  const emit = (body: RunEventBody) => {
    const event = { ...body, seq: events.length, at: Date.now() } as RunEvent;
    events.push(event);
    foldRun(view, event);
  };
  const port = createCallPort({ run: 'test', startedAt: Date.now(), host, pools: new Pools((pool) => host.pool(pool)), redact: (value) => value, emit });
  options.onStart?.(port);
  const result = await runPlan(planOf(flow, registry), options.inputs ?? {}, { run: 'test', registry, port, emit });
  port.close();
  return { result, events, view };
}

/** A host of canned answers; a model's answer may carry `usage`. */
export function hostOf(answers: Answers): Host {
  const perform: Performer = async (call) => {
    const answer = answers[call.kind];
    if (!answer) throw new Error(`The test has no answer for a ${call.kind} call`);
    const given = await answer(call);
    if (call.kind !== 'model') return { result: given };
    const { usage, ...result } = given as JsonObject & { usage?: JsonObject };
    return { result, usage: { modelCalls: 1, inputTokens: 10, outputTokens: 5, ...(usage as Partial<Usage> | undefined) } };
  };
  return { perform, pool: () => ({ concurrency: 8 }) };
}

/** A model that says these things in turn; a text, or tool calls as [name, arguments]. Records what it was asked. */
export function scriptedTurns(turns: (string | [name: string, args: Json][])[]): { answer(call: Call): Json; requests: ModelRequest[] } {
  const requests: ModelRequest[] = [];
  return {
    requests,
    answer(call) {
      const turn = turns[requests.length];
      requests.push(structuredClone(call.request) as unknown as ModelRequest);
      if (turn === undefined) throw new Error(`The script has ${turns.length} turns; the model was asked once more`);
      const toolCalls =
        typeof turn === 'string'
          ? []
          : turn.map(([name, args], index) => ({
              id: `call-${requests.length}-${index}`,
              name,
              arguments: typeof args === 'string' ? args : JSON.stringify(args),
            }));
      return {
        text: typeof turn === 'string' ? turn : '',
        toolCalls,
        finish: toolCalls.length > 0 ? 'tool-calls' : 'stop',
        served: 'scripted',
      } satisfies ModelResult;
    },
  };
}
