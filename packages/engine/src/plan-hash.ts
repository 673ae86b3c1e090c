/** Addresses a plan by its hash. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { stableText, type Json } from '@switchyard/shared';
import type { Plan } from './plan.ts';

/** The plan with the hash of all the rest. */
export function hashed(rest: Omit<Plan, 'hash'>): Plan {
  return { hash: bytesToHex(sha256(utf8ToBytes(stableText(rest as unknown as Json)))), ...rest };
}
