/** A strict replay of a run that is kept here: nothing is called, and the first divergence is told. */
import type { Host, JournalEntry, Plan, Registry } from '@switchyard/engine';
import { createCallPort, Pools } from '@switchyard/engine/adapters';
import { createReplay, runPlan, type Divergence, type RecordedEnd } from '@switchyard/engine/run';
import { failure, FailureError, type Json, type JsonObject } from '@switchyard/shared';
import type { Runner, StoredRun } from './runner-interface.ts';

/** All that a replay needs of a run. Times in ms since the epoch. */
export interface RecordedRun {
  run: string;
  plan: Plan;
  inputs: JsonObject;
  startedAt: number;
  pins?: Record<string, JsonObject>;
  entries: readonly JournalEntry[];
  /** What was asked, by key; of waits too, where they were told. */
  requests: ReadonlyMap<string, Json>;
  /** Tasks that had begun and not ended. */
  underWay: ReadonlySet<string>;
  end: RecordedEnd;
}

const eventsPerPage = 1000;

/** Nothing is performed: the port has every result, and where it has none the replay is over. */
const nothing: Host = {
  pool: () => ({ concurrency: 1 }),
  perform: () => Promise.reject(new FailureError(failure('replay-performed', 'A replay was about to make a call. This is a fault in Switchyard.'))),
};

/** A run that is under way, or was interrupted: the store cannot tell which. */
export function runUnfinished(run: string): FailureError {
  return new FailureError(
    failure(
      'run-unfinished',
      `The run "${run}" has not ended. It can be replayed and recorded once it has: wait for that, or resume it where it was interrupted.`,
    ),
  );
}

/** Reads the run whole. Throws the FailureError `run-unfinished` for one that is under way. */
export async function readRecorded(runner: Runner, stored: StoredRun): Promise<RecordedRun> {
  const { run, plan, inputs, startedAt, seed, status, outputs = {}, failure: cause } = stored;
  if (status === 'running') throw runUnfinished(run);
  const requests = new Map<string, Json>();
  const underWay = new Set<string>();
  let last = -1;
  for (;;) {
    const page = await runner.events(run, last, eventsPerPage);
    for (const event of page) {
      if (event.type === 'call-start') requests.set(event.key, event.request);
      else if (event.type === 'wait-start') requests.set(event.key, event.until);
      else if (event.type === 'task-start') underWay.add(event.task);
      else if (event.type === 'task-end' || event.type === 'task-failure') underWay.delete(event.task);
      last = event.seq;
    }
    if (page.length === 0) break;
  }
  const entries = await runner.journal(run);
  return {
    run,
    plan,
    inputs,
    startedAt,
    entries,
    requests,
    underWay,
    end: { status, outputs, ...(cause && { failure: cause }) },
    ...(seed?.pins && { pins: seed.pins }),
  };
}

/** The first divergence; undefined where the run takes the recorded way to the recorded end. */
export async function replay(recorded: RecordedRun, registry: Registry): Promise<Divergence | undefined> {
  const { run, plan, inputs, startedAt, pins, entries, requests, underWay, end } = recorded;
  const port = createCallPort({ run, startedAt, host: nothing, pools: new Pools(nothing.pool), redact: (value) => value, emit: () => {}, recorded: entries });
  const strict = createReplay(port, { entries, requests, underWay });
  const replayed = await runPlan(plan, inputs, { run, registry, port: strict, emit: () => {}, ...(pins && { pins }) });
  port.close();
  return strict.compare(end, replayed);
}
