/** A failed effect as data. Its one question is: may it be tried again? */

export type Retry = 'never' | 'policy' | { afterMs: number };

export interface Failure {
  /** Stable and kebab-case, such as `http-status`, `model-refused`, `limit-seconds`. */
  code: string;
  /** What failed, where, why, and what to do. */
  message: string;
  retry: Retry;
  cause?: Failure;
  /** Of a node that works through a list: the place, from 0, of the item that failed. */
  item?: number;
}

/** Carries a Failure through code that throws; translated back to data at one edge. */
export class FailureError extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure.message);
    this.name = 'FailureError';
    this.failure = failure;
  }
}

/** A Failure that is never retried unless told otherwise. */
export function failure(code: string, message: string, options: { retry?: Retry; cause?: Failure } = {}): Failure {
  return { code, message, retry: options.retry ?? 'never', ...(options.cause && { cause: options.cause }) };
}

/** The Failure within an error; anything else becomes `internal`, with its message but no stack. */
export function toFailure(error: unknown): Failure {
  if (error instanceof FailureError) return error.failure;
  return failure('internal', error instanceof Error ? error.message : String(error));
}

/** Limits and cancelling hold for the whole run; a replay that has diverged cannot go on anywhere. No policy, no room and no other model may pass over them. */
export function isFinal({ code }: Failure): boolean {
  return code.startsWith('limit-') || code === 'cancelled' || code === 'replay-diverged';
}
