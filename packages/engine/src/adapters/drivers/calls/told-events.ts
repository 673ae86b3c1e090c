/** What is added to what a run tells. */
import type { RunEventBody } from '@switchyard/shared';
import type { CallPort } from './call-port-options.ts';

/**
 * When an event of a run that was accepted at `startedAt` took place, ms since the epoch. The run starts then, however long it takes to begin it; what it
 * goes through again took place when it did; its end comes now.
 */
export function timeOf({ type }: RunEventBody, { toldAt }: Pick<CallPort, 'toldAt'>, startedAt: number): number {
  if (type === 'run-start') return startedAt;
  return type === 'run-end' ? Date.now() : toldAt;
}

/**
 * The event, with the keys of given results that were of no use where it is the end of the run.
 * That is no failure, but whoever gave them is to know.
 */
export function withUnusedEdits(body: RunEventBody, { unusedEdits }: Pick<CallPort, 'unusedEdits'>): RunEventBody {
  // One that waits may come to them yet.
  if (body.type !== 'run-end' || body.status === 'waiting' || unusedEdits.length === 0) return body;
  return { ...body, unusedEdits: [...unusedEdits] };
}
