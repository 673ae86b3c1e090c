/**
 * A run's journal kept as the steps of a DBOS workflow: each step is a batch of entries, and the place of an entry is its place in the steps.
 *
 * 1. A step holds every entry that came while the step before it was written, in the order they came: what completes together costs one step,
 *    and no branch of a run has a position of its own that could change after a crash.
 * 2. DBOS writes a step only for the execution that owns the workflow: one that was taken for dead and goes on records nothing more, and is told.
 * 3. Outside code runs outside the workflow's context, so that nothing it does is taken for a step.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Journal, JournalEntry } from '../journal.ts';

/** The name of every step, which DBOS compares on replay. */
export const stepName = 'journal';

/** Runs a function as the next step of the workflow; gives what it gave when the step was first run. */
export type RunStep = (work: () => Promise<string>) => Promise<string>;

export interface RecordedSteps {
  /** How many steps an earlier life of the run has recorded. */
  count: number;
  runStep: RunStep;
}

interface Pending {
  entry: JournalEntry;
  whenDurable(): void;
}

/** One life of a run on a workflow. */
export interface StepLife {
  journal: Journal;
  recorded: JournalEntry[];
  /** Aborts where another process has the run now, or this one lets go of it. */
  signal: AbortSignal;
}

/** Calls `live` with what earlier lives recorded, and writes what it journals until it resolves. Rejects with the error of the step that could not be written. */
export async function keepJournal({ count, runStep }: RecordedSteps, live: (life: StepLife) => Promise<void>): Promise<void> {
  const recorded: JournalEntry[] = [];
  for (let step = 0; step < count; step += 1) recorded.push(...entriesOf(await runStep(async () => '[]')));
  const lost = new AbortController();
  const pending: Pending[] = [];
  let wake = () => {};
  const journal: Journal = {
    record: (entry, whenDurable) => {
      if (lost.signal.aborted) return;
      pending.push({ entry, whenDurable });
      wake();
    },
  };
  let isOver = false;
  const over = () => {
    isOver = true;
    wake();
  };
  const living = outsideContext(() => live({ journal, recorded: latestOf(recorded), signal: lost.signal }));
  living.then(over, over);
  try {
    for (;;) {
      if (pending.length > 0) {
        const batch = pending.splice(0);
        await runStep(async () => JSON.stringify(batch.map(({ entry }) => entry)));
        outsideContext(() => {
          for (const { whenDurable } of batch) whenDurable();
        });
      } else if (isOver) break;
      else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } catch (error) {
    lost.abort(error);
    throw error;
  }
  await living;
}

/** The entries that a step's text holds. */
export function entriesOf(text: string): JournalEntry[] {
  return JSON.parse(text) as JournalEntry[];
}

/** The latest entry of each key: the outcome of a write where there is one, else its intent. */
export function latestOf(entries: readonly JournalEntry[]): JournalEntry[] {
  const latest = new Map<string, JournalEntry>();
  for (const entry of entries) latest.set(entry.key, entry);
  return [...latest.values()];
}

/** Runs a function outside any workflow. Taken when this module loads, which is never within one. */
export const outsideContext: <Result>(work: () => Result) => Result = AsyncLocalStorage.snapshot();
