/**
 * A run's journal kept as the steps of a DBOS workflow: each step is a batch of entries, and the place of an entry is its place in the steps.
 *
 * 1. A step holds every entry that came while the step before it was written, in the order they came: what completes together costs one step,
 *    and no branch of a run has a position of its own that could change after a crash.
 * 2. DBOS writes a step only for the execution that owns the workflow: one that was taken for dead and goes on records nothing more, and is told.
 * 3. A long result is a blob, on disk before the step that refers to it.
 * 4. Outside code runs outside the workflow's context, so that nothing it does is taken for a step.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Journal, JournalEntry } from '../journal.ts';
import type { Ears } from './ears.ts';
import { textOf } from './postgres-blobs.ts';
import type { RunLife } from './postgres-runs.ts';
import { blobsOfEntries, keptEntries, latestOf, withLongResults, withoutLongResult, type Blob } from '../long-values.ts';

/** The name of every step, which DBOS compares on replay. */
export const stepName = 'journal';

/** Runs a function as the next step of the workflow; gives what it gave when the step was first run. */
export type RunStep = (work: () => Promise<string>) => Promise<string>;

export interface RecordedSteps {
  run: string;
  results: LongResults;
  begun?: BegunRun;
  /** How many steps an earlier life of the run has recorded. */
  count: number;
  runStep: RunStep;
}

interface Pending {
  entry: JournalEntry;
  whenDurable(): void;
}

/** A run as the process that accepted it begins it: there is nothing to be looked up. */
export interface BegunRun {
  life: RunLife;
  /** Of what the run is told from before it was on disk. */
  ears: Ears;
}

/** One life of a run on a workflow. */
export interface StepLife {
  journal: Journal;
  recorded: JournalEntry[];
  /** What was handed over with the run, where this life began with its start here. */
  begun?: BegunRun;
  /** Aborts where another process has the run now, or this one lets go of it. */
  signal: AbortSignal;
}

/** Where the long results of runs stand. */
export interface LongResults {
  keep(blobs: readonly (Blob & { run: string })[]): Promise<void>;
  texts(hashes: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

/** Calls `live` with what earlier lives recorded, and writes what it journals until it resolves. Rejects with the error of the step that could not be written. */
export async function keepJournal({ run, begun, count, runStep, results }: RecordedSteps, live: (life: StepLife) => Promise<void>): Promise<void> {
  const steps: string[] = [];
  for (let step = 0; step < count; step += 1) steps.push(await runStep(async () => '[]'));
  const recorded = await outsideContext(() => entriesOf(steps, results));
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
  const living = outsideContext(() => live({ journal, recorded: latestOf(recorded), signal: lost.signal, ...(begun && { begun }) }));
  living.then(over, over);
  try {
    for (;;) {
      if (pending.length > 0) {
        const batch = pending.splice(0);
        await runStep(async () => {
          const { text, blobs } = shortEntries(batch.map(({ entry }) => entry));
          await results.keep(blobs.map((blob) => ({ ...blob, run })));
          return text;
        });
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

function shortEntries(entries: readonly JournalEntry[]): { text: string; blobs: Blob[] } {
  const blobs: Blob[] = [];
  const texts = entries.map((entry) => {
    const short = withoutLongResult(entry);
    for (const blob of short.blobs) blobs.push('text' in blob ? blob : { hash: blob.hash, text: JSON.stringify(blob.value) });
    return short.text;
  });
  return { text: `[${texts.join(',')}]`, blobs };
}

/** The entries that the texts of steps hold, with their long results. */
export async function entriesOf(steps: readonly string[], results: LongResults): Promise<JournalEntry[]> {
  const kept = keptEntries(steps);
  const texts = await results.texts(blobsOfEntries(kept));
  return withLongResults(kept, (hash) => textOf(texts, hash));
}

/** Runs a function outside any workflow. Taken when this module loads, which is never within one. */
export const outsideContext: <Result>(work: () => Result) => Result = AsyncLocalStorage.snapshot();
