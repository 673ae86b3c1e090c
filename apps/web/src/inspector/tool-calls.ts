/** How many calls of granted nodes a run has made. Pure. */
import type { RunView } from '@switchyard/shared';
import { programOf } from '../run/call-key.ts';

/** The turn's part of a key, to the number of the call: what follows is of the same operation. */
const toolCall = /#t\d+\.[^#]*?\.\d+/;

/** As counted once the run has ended; until then, those that have begun: an operation may make several calls, and neither what was refused nor a program is one, nor what an earlier run made. */
export function toolCallsIn({ usage, calls, endedAt }: RunView): number {
  if (endedAt !== undefined) return usage.toolCalls;
  const begun = new Set<string>();
  for (const { key, kind, target, from } of calls.values()) {
    if (from !== undefined) continue;
    const name = target.turn === undefined || kind === 'refused' || programOf(key) !== undefined ? undefined : toolCall.exec(key)?.[0];
    if (name !== undefined) begun.add(key.slice(0, key.indexOf(name) + name.length));
  }
  return begun.size;
}
