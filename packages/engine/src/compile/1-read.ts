/** Stage 1: unknown JSON -> the current document. Size and depth first, then schema, then migration: packages/shared does it all. */
import { readFlow, type Flow, type ReadResult } from '@switchyard/shared';

export function readSource(source: unknown): ReadResult<Flow> {
  return readFlow(source);
}
