/** How often something may happen per key: a bucket that refills steadily. */

export interface RateLimit {
  /** At once, from rest. */
  burst: number;
  perSecond: number;
}

/** Keys remembered at most; the one untouched longest is forgotten first. */
const keptKeys = 10_000;

export class RateLimiter {
  readonly #limit: RateLimit;
  readonly #buckets = new Map<string, { left: number; at: number }>();

  constructor(limit: RateLimit) {
    this.#limit = limit;
  }

  /** Takes one; gives 0 where it may happen, else the whole seconds to wait. `now` in ms. */
  take(key: string, now = Date.now()): number {
    const { burst, perSecond } = this.#limit;
    const bucket = this.#buckets.get(key) ?? { left: burst, at: now };
    this.#buckets.delete(key);
    this.#buckets.set(key, bucket);
    if (this.#buckets.size > keptKeys) this.#buckets.delete(this.#buckets.keys().next().value as string);
    bucket.left = Math.min(burst, bucket.left + (Math.max(0, now - bucket.at) / 1000) * perSecond);
    bucket.at = now;
    if (bucket.left < 1) return Math.ceil((1 - bucket.left) / perSecond);
    bucket.left -= 1;
    return 0;
  }
}
