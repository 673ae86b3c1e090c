/** A result that somebody gave for a call, and that the run never came to: no failure, but whoever gave it is to know. */
import type { RunEventBody } from '@switchyard/shared';
import type { CallPort } from './call-port-options.ts';

/** The event, with the keys of given results that were of no use where it is the end of the run. */
export function withUnusedEdits(body: RunEventBody, { unusedEdits }: Pick<CallPort, 'unusedEdits'>): RunEventBody {
  // One that waits may come to them yet.
  if (body.type !== 'run-end' || body.status === 'waiting' || unusedEdits.length === 0) return body;
  return { ...body, unusedEdits: [...unusedEdits] };
}
