/** What a run has spent, checked before each call. Usage of replayed calls counts again, so limits hold across a restart. */
import { addUsage, FailureError, failure, noUsage, type FullLimits, type Usage } from '@switchyard/shared';

export class Budget {
  readonly used: Usage = { ...noUsage };
  readonly #limits: FullLimits;
  /** Model calls that have started: a limit must hold for calls side by side too. */
  #modelCallsStarted = 0;
  /** Those that a seed answered included: limits hold for all that led to the answer. */
  #toolCallsStarted = 0;

  constructor(limits: FullLimits) {
    this.#limits = limits;
  }

  /** To be called before a model call starts; throws a FailureError where the run may not make another. */
  startModelCall(): void {
    const { modelCalls, tokens, cost } = this.#limits;
    if (this.#modelCallsStarted >= modelCalls) throw this.#spent('limit-model-calls', `all ${modelCalls} model calls`, 'modelCalls');
    const usedTokens = this.used.inputTokens + this.used.outputTokens;
    if (usedTokens >= tokens) throw this.#spent('limit-tokens', `${usedTokens} of ${tokens} tokens`, 'tokens');
    if (cost !== undefined && (this.used.cost ?? 0) >= cost) throw this.#spent('limit-cost', `${this.used.cost} of ${cost}`, 'cost');
    this.#modelCallsStarted += 1;
  }

  startToolCalls(count: number): void {
    if (this.#toolCallsStarted + count > this.#limits.toolCalls) {
      throw this.#spent('limit-tool-calls', `${this.#toolCallsStarted} of ${this.#limits.toolCalls} tool calls`, 'toolCalls');
    }
    this.#toolCallsStarted += count;
    this.used.toolCalls += count;
  }

  /** A tool call that was started turned out not to be made by this run. */
  takeBackToolCall(): void {
    this.used.toolCalls -= 1;
  }

  add(usage: Partial<Usage>): void {
    addUsage(this.used, usage);
  }

  #spent(code: string, what: string, limit: string): FailureError {
    return new FailureError(
      failure(code, `The run has spent ${what} that its limits allow. Raise "limits.${limit}" of the flow, or make its task smaller, and run it again.`),
    );
  }
}
