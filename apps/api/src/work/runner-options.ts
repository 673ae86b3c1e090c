/** What the embedded runner is made from. */
import type { Host, Registry } from '@switchyard/engine';
import type { Redact, RunStore } from '@switchyard/engine/adapters';

/** The host of a run that was begun on a workspace of its own. */
export interface OwnHost {
  host: Host;
  /** `isOver`: the run has ended, and needs it no more. */
  close(isOver: boolean): Promise<void>;
}

export interface RunnerOptions {
  registry: Registry;
  host: Host;
  /** Made anew for each run, so that it knows the secrets of that moment. */
  redactor(): Redact;
  /** Without a store, runs live and end with this process. */
  store?: RunStore;
  /** The host that a run of the store needs instead; undefined for most. Throws where it cannot be had. */
  hostOf?(run: string): OwnHost | undefined;
  /** When a run is let go of while it waits. Absent: never; a run then waits in memory. */
  parks?: 'asked' | 'always';
  /** Wakes the store's waiting runs when their time comes; told of those that cannot go on. */
  wakes?: { onTrouble(run: string, error: unknown): void };
}
