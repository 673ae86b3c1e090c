/** How a run may be begun from an earlier one: which recorded results are laid under it, and what is given instead. */
import { z } from 'zod';
import { anyJson } from './flow.ts';
import type { Json, JsonObject } from './json.ts';

const nodeName = z.string().min(1).max(512);
const pinned = z.custom<JsonObject>((value) => typeof value === 'object' && value !== null && !Array.isArray(value), 'outputs are a JSON object, by port');

/** What is asked of a seed. Every part may be left out; `from` and `edits` need `of`. */
export const seedRequestSchema = z.strictObject({
  /** The run whose recorded results are used where they are not stale. */
  of: nodeName.optional(),
  /** A node, or the key of a call: it and what depends on it is run anew. */
  from: nodeName.optional(),
  /** Nothing after `from` is started. */
  only: z.literal(true).optional(),
  /** Nothing after this node is started. */
  to: nodeName.optional(),
  /** Outputs by node: the node is not run, and gives these. */
  pins: z.record(z.string(), pinned).optional(),
  /** Results by call key that stand in place of the recorded ones; what follows from them is run anew. */
  edits: z.record(z.string(), anyJson).optional(),
});

/** What is asked of a seed, and what a run that was begun from one is kept with. */
export interface SeedRequest {
  of?: string;
  from?: string;
  only?: true;
  to?: string;
  pins?: Record<string, JsonObject>;
  edits?: Record<string, Json>;
}
