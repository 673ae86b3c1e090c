/** How many calls of granted nodes a run has made. Pure. */
import type { RunView } from '@switchyard/shared';
import { programOf } from '../run/call-key.ts';

/** The turn's part of a key, to the number of the call: what follows is of the same operation. */
const toolCall = /#t\d+\.[^#]*?\.\d+/;

/** As counted once the run has ended; until then, those that have begun: an operation may make several calls, and neither what was refused nor a program is one. */
export function toolCallsIn({ usage, calls }: RunView): number {
  if (usage.toolCalls > 0) return usage.toolCalls;
  const begun = new Set<string>();
  for (const { key, kind, target } of calls.values()) {
    const name = target.turn === undefined || kind === 'refused' || programOf(key) !== undefined ? undefined : toolCall.exec(key)?.[0];
    if (name !== undefined) begun.add(key.slice(0, key.indexOf(name) + name.length));
  }
  return begun.size;
}
