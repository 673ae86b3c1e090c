/** Addresses a plan by its hash. */
import type { Json } from '@switchyard/shared';
import type { Plan } from './plan.ts';
import { stableHash } from './stable-hash.ts';

/** The plan with the hash of all the rest. */
export function hashed(rest: Omit<Plan, 'hash'>): Plan {
  return { hash: stableHash(rest as unknown as Json), ...rest };
}
