/** What a run asks a person, and what a person may answer. An answer is checked against what was asked before it is heard. */
import { z } from 'zod';
import type { Json, JsonObject, Schema } from './json.ts';

/** A question of a run to a person. Its run waits until it is answered, or its time is up. */
export interface Ask {
  /** `call`: may this operation be called so? `step`: an approval that the flow itself asks for. `outcome`: did this write happen? */
  about: 'call' | 'step' | 'outcome';
  /** One line: what is to be decided. */
  title: string;
  /** Who should answer, in the flow's own words. */
  who?: string;
  /** Markdown: what the person should know. */
  text?: string;
  /** The node that asks. */
  node: string;
  /** What would be called: "node.operation". */
  operation?: string;
  /** Exactly what the operation would be called with, or was. */
  arguments?: Json;
  /** Schema of `arguments`, where they may be edited. */
  schema?: Schema;
  /** SHA-256 of the stable text of `arguments`, hex: an answer names it, and so is an answer to exactly these. */
  hash?: string;
  /** Values that an approval carries, by name. */
  fields?: Record<string, Schema>;
}

export type AskChoice = 'approve' | 'edit' | 'reject' | 'happened' | 'repeat' | 'give-up';

/** What may be answered to each kind of question. */
export const askChoices: Readonly<Record<Ask['about'], readonly AskChoice[]>> = Object.freeze({
  call: ['approve', 'edit', 'reject'],
  step: ['approve', 'reject'],
  outcome: ['happened', 'repeat', 'give-up'],
});

const hash = z.string().max(128).optional();

/** A person's answer. `hash` is that of the question answered. */
export const answerSchema = z.discriminatedUnion('choice', [
  z.strictObject({ choice: z.literal('approve'), hash, values: z.record(z.string(), z.json()).optional() }),
  z.strictObject({ choice: z.literal('edit'), hash, arguments: z.record(z.string(), z.json()) }),
  z.strictObject({ choice: z.literal('reject'), hash, reason: z.string().max(4000) }),
  z.strictObject({ choice: z.literal('happened'), hash, result: z.json() }),
  z.strictObject({ choice: z.literal('repeat'), hash }),
  z.strictObject({ choice: z.literal('give-up'), hash }),
]);

export type Answer = z.infer<typeof answerSchema>;

/** A question that is open. Times in ms since the epoch. */
export interface OpenWait {
  run: string;
  flowName: string;
  key: string;
  task: string;
  ask: Ask;
  since: number;
  /** When it lapses. */
  until?: number;
}

/** The name of the signal that answers the question under `key`. */
export function answerSignal(key: string): string {
  return `answer/${key}`;
}

/** The question within what a `wait-start` event waits for; undefined for a moment or another event. */
export function askOf(until: Json): Ask | undefined {
  const { ask } = (until ?? {}) as JsonObject;
  return ask as Ask | undefined;
}
