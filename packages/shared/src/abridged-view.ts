/** Of what an event told less than happened, in the view: where, and which event holds the whole. */
import type { Abridged } from './abridged.ts';
import type { RunEvent } from './run-event.ts';

/** A value in the view that is only the beginning of what the event with this seq told. */
export interface AbridgedValue extends Abridged {
  seq: number;
}

export function abridgedOf({ abridged, seq }: RunEvent): { abridged?: AbridgedValue[] } {
  return abridged ? { abridged: abridged.map((part) => ({ ...part, seq })) } : {};
}

export function noteAbridged(of: { abridged?: AbridgedValue[] }, event: RunEvent): void {
  const { abridged } = abridgedOf(event);
  if (abridged) of.abridged = [...(of.abridged ?? []), ...abridged];
}
