/** What the host and a sandbox thread say to each other: JSON text and plain words only. */

export interface GuestJob {
  code: string;
  /** Names of the inputs; identifiers, checked. */
  names: string[];
  /** JSON text of an object with these names. */
  inputs: string;
  /** The code may run for so long, in ms. */
  budgetMs: number;
  /** What the code may call, where it may. */
  calls?: GuestCalls;
}

export interface GuestCalls {
  /** Names of functions, checked: an identifier, or two with a dot between them. */
  functions: string[];
  now: number;
  seed: number;
  /** JSON text of the answers of each round so far. */
  rounds: string[];
}

export interface GuestFailure {
  code: 'code-failed' | 'code-timeout' | 'code-memory' | 'code-too-large' | 'code-invalid';
  /** Ends a sentence; names no host and no file but the guest's own. */
  message: string;
}

/** `result`, `pending` (calls that the code waits for) and `logs` are JSON text from the guest: to be checked before use. A tainted thread is never used again. */
export type GuestReply = { result: string; logs: string } | { pending: string; logs: string } | { failure: GuestFailure; isTainted: boolean };

/** Caps of one execution. */
export const guestLimits = Object.freeze({
  /** Of the code, the inputs and the result, each, in characters. */
  characters: 1_000_000,
  /** WebAssembly pages of 64 kB: 64 MB for the interpreter and all that the guest makes. */
  pages: 1_024,
  heapBytes: 48_000_000,
  stackBytes: 256_000,
  /** Deepest nesting of a result. */
  depth: 64,
  /** Of the answers to its calls, together, in characters. */
  answerCharacters: 4_000_000,
  /** Calls of one execution. */
  calls: 1_000,
  logLines: 100,
  logCharacters: 10_000,
});
