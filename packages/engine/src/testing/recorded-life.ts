/** Lives of a run for tests: a flow run on a journal in memory, from what earlier lives or other runs recorded. */
import {
  answerSignal,
  emptyRun,
  failure,
  FailureError,
  foldRun,
  type Answer,
  type Json,
  type JsonObject,
  type RunEvent,
  type RunEventBody,
  type RunResult,
  type RunView,
} from '@switchyard/shared';
import { createCallPort, Pools, withUnusedEdits, type CallPort, type JournalEntry } from '../adapters/drivers/index.ts';
import type { Host, Performer } from '../host.ts';
import type { Registry } from '../node.ts';
import { kinds } from '../nodes/index.ts';
import type { Plan } from '../plan.ts';
import type { Seed } from '../port.ts';
import { createReplay, runPlan, type Divergence, type RecordedRun } from '../run/index.ts';

export interface Recorded {
  run: string;
  plan: Plan;
  inputs: JsonObject;
  startedAt: number;
  result: RunResult;
  entries: JournalEntry[];
  view: RunView;
  /** Tasks that had begun and not ended. */
  underWay: readonly string[];
  /** Calls that were really made, by key. */
  made: string[];
}

export interface LifeOptions {
  plan: Plan;
  /** Decides how long each call takes. */
  speed?: number;
  run?: string;
  inputs?: JsonObject;
  answer?(path: string): Json;
  recorded?: readonly JournalEntry[];
  seed?: Seed;
  pins?: Record<string, JsonObject>;
  registry?: Registry;
  /** Makes the calls instead of `answer`. */
  perform?: Performer;
  /** What persons have said, by the key of the question. A run that waits for more is let go of. */
  answers?: Record<string, Answer>;
  onStart?(port: CallPort): void;
}

/** One life of a run, whole. A call is answered by the path that it asks for. */
export async function liveRecorded(options: LifeOptions): Promise<Recorded> {
  const { plan, run = 'r', inputs = { q: 'q' }, answer = answerByPath, recorded = [], seed, pins, registry = kinds } = options;
  const entries = new Map(recorded.map((entry) => [entry.key, entry]));
  const made: string[] = [];
  const startedAt = Date.now();
  const view = emptyRun();
  const underWay = new Set<string>();
  let seq = 0;
  const emit = (body: RunEventBody) => {
    if (body.type === 'task-start') underWay.add(body.task);
    else if (body.type === 'task-end' || body.type === 'task-failure') underWay.delete(body.task);
    foldRun(view, { ...body, seq, at: seq } as RunEvent);
    seq += 1;
  };
  let drawn = options.speed ?? 0;
  const host: Host = {
    pool: () => ({ concurrency: 3 }),
    perform: async (call, scope) => {
      const { request, task } = call;
      made.push(task);
      if (options.perform) return await options.perform(call, scope);
      drawn = (Math.imul(drawn, 1_103_515_245) + 12_345) >>> 0;
      for (let turns = drawn % 4; turns > 0; turns -= 1) await new Promise((resolve) => setImmediate(resolve));
      return { result: { status: 200, headers: {}, body: answer(decodeURIComponent((request as JsonObject).path as string)) } };
    },
  };
  const port = createCallPort({
    run,
    startedAt,
    host,
    pools: new Pools(host.pool),
    redact: (value) => value,
    emit,
    recorded,
    ...(seed && { seed }),
    ...(options.answers && { signals: new Map(Object.entries(options.answers).map(([key, given]) => [answerSignal(key), given as Json])), parks: 'always' }),
    journal: {
      record: (entry, whenDurable) => {
        entries.set(entry.key, { ...entry });
        setImmediate(whenDurable);
      },
    },
  });
  options.onStart?.(port);
  const result = await runPlan(plan, inputs, { run, registry, port, emit: (body) => emit(withUnusedEdits(body, port)), ...(pins && { pins }) });
  port.close();
  return { run, plan, inputs, startedAt, result, entries: [...entries.values()], view, underWay: [...underWay], made };
}

/** What seeds are made from. */
export function recordedRun({ run, plan, inputs, entries, view }: Recorded): RecordedRun {
  const ended = [...view.tasks.values()].filter(({ parent, status, handling }) => parent === undefined && (status === 'done' || handling));
  return { run, plan, inputs, entries, ended: new Set(ended.map(({ node }) => node)) };
}

/** The first divergence of a strict replay on `plan`, by default the recorded one. */
export async function replayRecorded(recorded: Recorded, plan = recorded.plan, registry = kinds): Promise<Divergence | undefined> {
  const { run, inputs, startedAt, entries, view, underWay, result } = recorded;
  const host: Host = {
    pool: () => ({ concurrency: 1 }),
    perform: () => Promise.reject(new FailureError(failure('test-performed', 'A replay performed a call'))),
  };
  const port = createCallPort({
    run,
    startedAt,
    host,
    pools: new Pools(host.pool),
    redact: (value) => value,
    emit: () => {},
    recorded: entries,
  });
  const requests = new Map([...view.calls].map(([key, call]) => [key, call.request]));
  const replay = createReplay(port, { entries, requests, underWay: new Set(underWay) });
  const replayed = await runPlan(plan, inputs, { run, registry, port: replay, emit: () => {} });
  port.close();
  return replay.compare(result, replayed);
}

/** Entries in the order of completion. */
export function inOrder(entries: readonly JournalEntry[]): JournalEntry[] {
  return entries.filter(({ completion }) => completion !== undefined).sort((a, b) => (a.completion as number) - (b.completion as number));
}

/** An answer, or a failure, that follows from the path alone. */
function answerByPath(path: string): Json {
  let hash = 7;
  for (const char of path) hash = (Math.imul(hash, 31) + (char.codePointAt(0) as number)) >>> 0;
  if (hash % 4 === 0) throw new FailureError(failure('http-status', `no ${hash}`));
  return `r${hash % 97}`;
}
