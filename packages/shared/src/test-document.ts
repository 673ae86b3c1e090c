/**
 * A recorded run as a regression test: the flow, its inputs, what its calls asked and gave, and how it ended. Run again, nothing is called: every
 * call must ask for what it asked then, and the run must end as it did.
 */
import { z } from 'zod';
import { flowSchema } from './flow.ts';

const values = z.record(z.string(), z.json());

interface TestFailure {
  code: string;
  message: string;
  retry: 'never' | 'policy' | { afterMs: number };
  cause?: TestFailure | undefined;
}

const failureSchema: z.ZodType<TestFailure> = z.strictObject({
  code: z.string().min(1),
  message: z.string(),
  retry: z.union([z.enum(['never', 'policy']), z.strictObject({ afterMs: z.number() })]),
  cause: z.lazy(() => failureSchema).optional(),
});

const usageSchema = z.strictObject({
  modelCalls: z.int().optional(),
  toolCalls: z.int().optional(),
  inputTokens: z.number().optional(),
  outputTokens: z.number().optional(),
  cost: z.number().optional(),
});

/** A call or a wait, in the order of completion; those that had not completed when the run ended come last. */
const testCallSchema = z.strictObject({
  key: z.string().min(1),
  kind: z.string().min(1),
  /** When it completed, ms after the start of the run; absent where it had not. */
  at: z.number().nonnegative().optional(),
  /** What it asks for. Where that was not told, its `hash` stands for it. */
  request: z.json().optional(),
  hash: z.string().optional(),
  result: z.json().optional(),
  failure: failureSchema.optional(),
  usage: usageSchema.optional(),
});

export const testSchema = z.strictObject({
  format: z.literal('switchyard.test'),
  version: z.literal(1),
  name: z.string().min(1).max(200),
  /** The recorded run: what it drew at random follows from its id, its times from its start (ms since the epoch). */
  run: z.string().min(1).max(128),
  startedAt: z.int().nonnegative(),
  flow: flowSchema,
  inputs: values,
  /** Outputs by node that were given instead of running it. */
  pins: z.record(z.string(), values).optional(),
  /** The last node that was started. */
  to: z.string().optional(),
  calls: z.array(testCallSchema),
  expected: z.strictObject({
    status: z.enum(['done', 'failed']),
    outputs: values,
    /** The code of the failure that ended it. */
    failure: z.string().optional(),
  }),
});

export type TestCall = z.infer<typeof testCallSchema>;
export type TestDocument = z.infer<typeof testSchema>;

const topKeys = ['format', 'version', 'name', 'run', 'startedAt', 'flow', 'inputs', 'pins', 'to', 'calls', 'expected'] as const;
const callKeys = ['key', 'kind', 'at', 'request', 'hash', 'result', 'failure', 'usage'] as const;

/**
 * The document's JSON text, ending in a newline. Known keys come in the order of the schema; those within the flow and within values keep their own:
 * they are part of what a call asks for.
 */
export function testText(test: TestDocument): string {
  const calls = test.calls.map((call) => ordered(call, callKeys));
  const expected = ordered(test.expected, ['status', 'outputs', 'failure']);
  return `${JSON.stringify(ordered({ ...test, calls, expected }, topKeys), null, 2)}\n`;
}

function ordered<T extends object>(value: T, keys: readonly (keyof T & string)[]): Partial<T> {
  return Object.fromEntries(keys.filter((key) => value[key] !== undefined).map((key) => [key, value[key]])) as Partial<T>;
}
