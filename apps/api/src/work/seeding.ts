/** Runs that are begun from an earlier one: what they execute, and which of its results are laid under them. */
import type { JournalEntry, Plan, Registry, Seed } from '@switchyard/engine';
import type { RunStore } from '@switchyard/engine/adapters';
import { checkPins, cutPlan, makeSeed, taskOf } from '@switchyard/engine/run';
import { failure, FailureError, type RunEvent, type SeedRequest } from '@switchyard/shared';
import type { Runner, StoredRun } from './runner-interface.ts';

/** An earlier run as it is kept. */
export interface Recording {
  run: Omit<StoredRun, 'flow'>;
  entries: readonly JournalEntry[];
  /** Tasks that ended: done, or with a failure that was dealt with. */
  ended: ReadonlySet<string>;
}

/** The plan as far as it is to be executed. Throws the FailureError `seed-unknown` where the request does not fit it, or itself. */
export function seededPlan(plan: Plan, seed: SeedRequest, registry: Registry): Plan {
  const { of, from, only, to, pins, edits } = seed;
  const last = lastOf(seed);
  if (of === undefined && (from !== undefined || edits !== undefined))
    throw unknown('Beginning from a node, or with an edited result, needs the run whose other results are used: name it with "of".');
  if (only && from === undefined) throw unknown('"only" runs one node alone: name it with "from".');
  if (only && to !== undefined) throw unknown('"only" ends at "from", so it cannot end at "to" as well. Leave one of them out.');
  if (pins) checkPins(plan, pins, registry);
  return last === undefined ? plan : cutPlan(plan, last);
}

/** The node after which nothing is started; undefined where all of the flow is run. */
export function lastOf({ from, only, to }: SeedRequest): string | undefined {
  return only && from !== undefined ? taskOf(from) : to;
}

/** What is laid under a run of `plan`, which `seededPlan` gave. Throws where the earlier run cannot serve. */
export function seedFrom(recording: Recording | undefined, now: Pick<StoredRun, 'plan' | 'inputs' | 'seed'>, registry: Registry): Seed | undefined {
  const { plan, inputs, seed: request } = now;
  if (request?.of === undefined) return undefined;
  if (!recording) throw seedMissing(request.of);
  const { run, entries, ended } = recording;
  if (run.status === 'running' || run.status === 'waiting')
    throw new FailureError(
      failure(
        'seed-unfinished',
        `The run "${run.run}" has not ended, so nothing can be begun from it yet. Wait for its end, resume it where it was interrupted, or cancel it.`,
      ),
    );
  return makeSeed({ run: run.run, plan: run.plan, inputs: run.inputs, entries, ended }, { plan, inputs }, { request, registry });
}

const eventsPerPage = 1000;

/** The run as the store holds it; undefined where it does not. */
export function recordingIn(store: RunStore, run: string): Recording | undefined {
  const stored = store.get(run);
  if (!stored) return undefined;
  const ended = new Set<string>();
  let last = -1;
  for (let page = store.events(run, last, eventsPerPage); page.length > 0; page = store.events(run, last, eventsPerPage)) {
    noteEnded(ended, page);
    last = page.at(-1)?.seq ?? last;
  }
  return { run: stored, entries: store.recorded(run), ended };
}

/** The same where it is looked up elsewhere. */
export async function recordingOn(source: Pick<Runner, 'get' | 'events' | 'journal'>, run: string): Promise<Recording | undefined> {
  const stored = await source.get(run);
  if (!stored) return undefined;
  const ended = new Set<string>();
  let last = -1;
  for (let page = await source.events(run, last, eventsPerPage); page.length > 0; page = await source.events(run, last, eventsPerPage)) {
    noteEnded(ended, page);
    last = page.at(-1)?.seq ?? last;
  }
  return { run: stored, entries: await source.journal(run), ended };
}

/** Notes which tasks ended, done or with a failure that was dealt with. */
function noteEnded(ended: Set<string>, events: readonly RunEvent[]): void {
  for (const event of events) {
    if (event.type === 'run-start') ended.clear();
    else if (event.type === 'task-end' || (event.type === 'task-failure' && event.handling)) ended.add(event.task);
  }
}

/** The run that another one is to be begun from is not there. */
export function seedMissing(run: string): FailureError {
  return new FailureError(failure('seed-missing', `No run with the id "${run}" is kept here, so nothing can be begun from it.`));
}

function unknown(message: string): FailureError {
  return new FailureError(failure('seed-unknown', message));
}
