/**
 * Undo and redo: diffs, not copies of the document.
 *
 * 1. `past` leads, newest first, from the present document back to how it was opened; `future` leads forward again and is emptied by any new change.
 * 2. Changes of one level with the same merge key that follow one another within a second are one step (typing, nudging), until `sealHistory`.
 * 3. Undoing a step gives back the document before it exactly, the order of keys included.
 */
import type { Flow } from '@switchyard/shared';
import { applyDiff, diffOf, invertDiff, type Diff } from './diff.ts';
import { isSameLevel, type Level } from './levels.ts';

export interface HistoryStep {
  /** What was done, as the menu says it: "Move nodes". */
  label: string;
  diff: Diff;
  merge: string | undefined;
  at: number;
  /** Which flow of the document was open, so that taking it back is seen; and which was opened by it, if another. */
  level: Level;
  opened: Level | undefined;
}

export interface History {
  past: readonly HistoryStep[];
  future: readonly HistoryStep[];
}

/** A change to remember: `at` in ms. */
export interface HistoryChange {
  label: string;
  merge?: string | undefined;
  at: number;
  level: Level;
  opened?: Level | undefined;
}

const mergeWindowMs = 1000;
const mostSteps = 1000;

export const emptyHistory: History = { past: [], future: [] };

/** The history after a change from `before` to `after`; the same history where nothing changed. */
export function recordChange(history: History, documents: { before: Flow; after: Flow }, change: HistoryChange): History {
  const diff = diffOf(documents.before, documents.after);
  if (!diff) return history;
  const last = history.past.at(-1);
  const step = { label: change.label, merge: change.merge, at: change.at, level: change.level, opened: change.opened };
  if (last && isContinued(last, change)) {
    const base = applyDiff(documents.before, invertDiff(last.diff));
    const whole = diffOf(base, documents.after);
    const rest = history.past.slice(0, -1);
    return { past: whole ? [...rest, { ...step, diff: whole }] : rest, future: [] };
  }
  return { past: [...history.past, { ...step, diff }].slice(-mostSteps), future: [] };
}

/** Ends the newest step: what follows is a step of its own. */
export function sealHistory(history: History): History {
  const last = history.past.at(-1);
  if (last?.merge === undefined) return history;
  return { ...history, past: history.past.with(-1, { ...last, merge: undefined }) };
}

/** What a step leads to, and the level on which that is seen. */
export interface Moved {
  history: History;
  flow: Flow;
  level: Level;
}

/** One step back; undefined where there is none. */
export function undoStep(history: History, flow: Flow): Moved | undefined {
  const step = history.past.at(-1);
  if (!step) return undefined;
  return {
    history: { past: history.past.slice(0, -1), future: [...history.future, { ...step, merge: undefined }] },
    flow: applyDiff(flow, invertDiff(step.diff)) as Flow,
    level: step.level,
  };
}

/** One undone step forward again; undefined where there is none. */
export function redoStep(history: History, flow: Flow): Moved | undefined {
  const step = history.future.at(-1);
  if (!step) return undefined;
  return {
    history: { past: [...history.past, { ...step, merge: undefined }], future: history.future.slice(0, -1) },
    flow: applyDiff(flow, step.diff) as Flow,
    level: step.opened ?? step.level,
  };
}

function isContinued(last: HistoryStep, change: HistoryChange): boolean {
  return last.merge !== undefined && last.merge === change.merge && isSameLevel(last.level, change.level) && change.at - last.at < mergeWindowMs;
}
