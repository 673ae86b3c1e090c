/** What a run gives. It is stored, told and sent as one value, several times over: so it is bounded as one, where it comes together. */
import { failure, jsonLength, type Failure, type JsonObject } from '@switchyard/shared';
import type { Body } from './body.ts';
import { mostCharacters } from './bounded-values.ts';

export class RunOutputs {
  readonly #root: Body;
  #length = 0;

  constructor(root: Body) {
    this.#root = root;
  }

  /** Counts what came to an exit of the flow; gives the failure `outputs-too-large` where there is no room for it. */
  take(arrived: JsonObject): Failure | undefined {
    const length = jsonLength(arrived, mostCharacters);
    if (this.#length + length >= mostCharacters) return tooLarge();
    this.#length += length;
    return undefined;
  }

  /** A run that did not get to its end gives what had reached its exits, as far as there is room. */
  addReached(): void {
    const { wiring, outputs } = this.#root;
    wiring.kinds.forEach((kind, index) => {
      if (kind.role !== 'exit' || this.#root.isSettled(index)) return;
      const arrived = this.#root.arrived(index);
      if (typeof arrived !== 'string' && !this.take(arrived)) Object.assign(outputs, arrived);
    });
  }
}

function tooLarge(): Failure {
  const most = `${mostCharacters / 1_000_000} million characters`;
  return failure(
    'outputs-too-large',
    `The outputs of the run come to more than ${most} together, so they are not given. Give the part that is needed, or let a step write what is long to a bucket or a database and give its name.`,
  );
}
