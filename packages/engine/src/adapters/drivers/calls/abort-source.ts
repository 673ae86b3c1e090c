/**
 * What most performers need of an AbortSignal, without the events that it is built on: to make a signal, listen to it and take the listener back costs a
 * call as much as to serialise its request.
 */
import type { Aborting } from '../../../host.ts';

export class AbortSource implements Aborting {
  aborted = false;
  reason: unknown;
  #listener: (() => void) | undefined;
  #more: Set<() => void> | undefined;

  /** Once; a second abort changes nothing. */
  abort(reason: unknown): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    const listeners = [...(this.#listener ? [this.#listener] : []), ...(this.#more ?? [])];
    this.#listener = undefined;
    this.#more = undefined;
    for (const listener of listeners) tell(listener);
  }

  /** Each listener is called once; nothing where it has aborted, as with a signal. */
  addEventListener(_: 'abort', listener: () => void): void {
    if (this.aborted) return;
    if (!this.#listener) this.#listener = listener;
    else if (this.#listener !== listener) {
      this.#more ??= new Set();
      this.#more.add(listener);
    }
  }

  removeEventListener(_: 'abort', listener: () => void): void {
    if (this.#listener === listener) this.#listener = undefined;
    else this.#more?.delete(listener);
  }
}

/** A listener that throws is a fault of its own, not of whoever aborts: it comes up as uncaught, as with a signal. */
function tell(listener: () => void): void {
  try {
    listener();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
