/**
 * The models of one conversation: which one is asked, and which one next.
 *
 * 1. The next model is asked the same again where one fails for good or is not sure enough of its last word, and goes on where one does not answer as it should.
 * 2. A conversation never goes back to a model that has failed it.
 */
import { FailureError, type Message, type ModelRequest, type ModelResult } from '@switchyard/shared';
import type { Context, Step } from '../../node.ts';
import { doubtOf, escalated, mayEscalate, modelsOf, type AskedModels } from '../escalation.ts';

export class Models {
  readonly #config: AskedModels;
  readonly #models: readonly string[];
  #current = 0;
  /** Why the model before was left; told with the first call of the next one. */
  #why: string | undefined;

  constructor(config: AskedModels) {
    this.#config = config;
    this.#models = modelsOf(config);
  }

  get current(): string {
    return this.#models[this.#current] as string;
  }

  /** Goes on to the next model; false where there is none. */
  leave(why: string): boolean {
    if (this.#current === this.#models.length - 1) return false;
    this.#current += 1;
    this.#why = why;
    return true;
  }

  /** Asks under the key of `context`: `.model`, and `.fallback` where another one is asked in the same turn. Throws the FailureError of the last model asked. */
  *ask(request: Omit<ModelRequest, 'model'>, context: Context): Step<ModelResult> {
    const messages: Message[] = [...request.messages];
    const { confidenceBelow } = this.#config;
    let unsure: ModelResult | undefined;
    for (let count = 0; ; count += 1) {
      const from = this.#models[this.#current - 1];
      const why = this.#why;
      this.#why = undefined;
      const isNext = from !== undefined && why !== undefined;
      const at =
        count > 0
          ? escalated(context, { from: from as string, why: why as string, count })
          : context.scope('.model', isNext ? { escalated: { from, why } } : {});
      try {
        const said = yield* at.model({ ...request, messages, model: this.current, ...(confidenceBelow !== undefined && { confidence: true }) });
        // Only a last word is judged: what a model calls is judged by what comes back.
        const doubt = said.toolCalls.length === 0 ? doubtOf(said, this.#config) : undefined;
        if (doubt === undefined || !this.leave(doubt)) return said;
        unsure = said;
      } catch (error) {
        if (!(error instanceof FailureError) || !mayEscalate(error.failure)) throw error;
        if (this.leave(`${error.failure.code}: ${error.failure.message}`)) continue;
        if (unsure) return unsure;
        throw error;
      }
    }
  }
}
