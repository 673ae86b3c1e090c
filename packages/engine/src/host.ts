/** CONTRACT 2: Host, how a call is really made, and by whom. Adapters register one performer per call kind. */
import type { Json, Usage } from '@switchyard/shared';
import type { Call } from './port.ts';

/** Where secrets come from: the vault, then the environment. */
export interface SecretSource {
  /** The secret's text, or undefined where none of that name is known. */
  get(name: string): string | undefined;
  /** Every secret text known, so that the sinks can mask it. */
  values(): readonly string[];
}

/** What ends a call early, as far as most performers need to know; an AbortSignal is one. */
export interface Aborting {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: 'abort', listener: () => void, options?: { once: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

export interface PerformScope {
  signal: AbortSignal;
  /** The same as `signal` at a fraction of its cost; absent where there is only the signal. */
  readonly aborting?: Aborting;
  /** The moment at which the signal aborts by itself, ms since the epoch, with a TimeoutError; absent where nobody watches the call's time. */
  readonly endsAt?: number;
  /** Text as it streams in. Ephemeral: what lasts is the result. */
  onDelta(text: string): void;
}

export interface Performed {
  result: Json;
  usage?: Partial<Usage>;
}

/** Makes one call. Rejects with a FailureError that names what failed, where, why and what to do; aborts when the signal says so. */
export type Performer = (call: Call, scope: PerformScope) => Promise<Performed>;

export interface PoolLimits {
  /** Calls at once. */
  concurrency: number;
  requestsPerMinute?: number;
}

export interface Host {
  perform: Performer;
  pool(name: string): PoolLimits;
}

/** 8-contracts: pools default to 8 at once per model endpoint and per connection. */
export const defaultPool: Readonly<PoolLimits> = Object.freeze({ concurrency: 8 });
