/** Listens to the signals of a run; what comes before somebody hears is kept as one thing to be heard. */
import type { Notices } from './notices.ts';
import { signalTopicOf } from './postgres-waits.ts';

export class Ears {
  readonly close: () => void;
  #isMissed = false;
  #listener: (() => void) | undefined;

  constructor(notices: Notices, run: string) {
    this.close = notices.listen(signalTopicOf(run), () => {
      if (this.#listener) this.#listener();
      else this.#isMissed = true;
    });
  }

  hear(listener: () => void): void {
    this.#listener = listener;
    if (this.#isMissed) listener();
  }
}
