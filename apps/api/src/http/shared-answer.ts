/** What one request brings: the long answers of a batch are made one after the other, and share the room that one of them has alone. */
import { jsonLength } from '@switchyard/shared';
import { TRPCError } from '@trpc/server';

/** Characters, about. One answer may be longer, such as a run with long outputs. */
const answerLength = 8_000_000;

export class SharedAnswer {
  readonly #isShared: boolean;
  #room = answerLength;
  #latest: Promise<unknown> = Promise.resolve();

  /** `calls`: of the request. */
  constructor(calls: number) {
    this.#isShared = calls > 1;
  }

  /** Makes an answer once those before it are there; `room` is how many characters it may have. Throws the TRPCError PAYLOAD_TOO_LARGE where they have taken it all. */
  async make<Answer>(answer: (room: number) => Promise<Answer>, told: (answer: Answer) => unknown): Promise<Answer> {
    if (!this.#isShared) return await answer(answerLength);
    const before = this.#latest;
    const made = before.then(async () => {
      if (this.#room <= 0) throw allTaken();
      const one = await answer(this.#room);
      this.#room -= jsonLength(told(one), this.#room);
      return one;
    });
    this.#latest = made.catch(() => undefined);
    return await made;
  }
}

function allTaken(): TRPCError {
  const message = `Not read: the calls before this one in the same request brought ${answerLength / 1_000_000} MB, and one request brings no more. Make this call in a request of its own, or with fewer others.`;
  return new TRPCError({ code: 'PAYLOAD_TOO_LARGE', message });
}
