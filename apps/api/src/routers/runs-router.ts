/** Runs: start, cancel, look at, and watch live; what they ask is answered. A run pins the plan compiled from the document it was started with. */
import type { Divergence } from '@switchyard/engine/run';
import { anyJson, answerSchema, hasErrors, seedRequestSchema, type JsonObject, type OpenWait, type RunEvent, type SeedRequest } from '@switchyard/shared';
import { tracked, TRPCError, type TrackedEnvelope } from '@trpc/server';
import { z } from 'zod';
import { longProcedure, procedure, router, type CallContext } from '../trpc.ts';
import { eachEvent, lastOf } from '../work/event-batches.ts';
import { outlined } from '../work/outline.ts';
import { recordTest } from '../work/recorded-test.ts';
import { readRecorded, replay } from '../work/recorded-run.ts';
import { checkInputs } from '../work/run-inputs.ts';
import type { RunSummary, StoredRun } from '../work/runner-interface.ts';
import { documentSchema, refused } from './flows-router.ts';

const runSchema = z
  .string()
  .regex(/^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/, 'a run id has letters, digits, _ . and - only')
  .max(128);
const inputsSchema = z.custom<JsonObject>((value) => typeof value === 'object' && value !== null && !Array.isArray(value), 'inputs are a JSON object');
const keySchema = z.string().min(1).max(1024);
const flowIdSchema = z.string().min(1).max(64);
const watchSchema = z.strictObject({ run: runSchema, lastEventId: z.string().regex(/^\d+$/).nullish(), outline: z.boolean().default(false) });

export const runsRouter = router({
  start: procedure
    .input(z.strictObject({ flow: documentSchema, flowId: flowIdSchema.optional(), inputs: inputsSchema, seed: seedRequestSchema.optional() }))
    .mutation(async ({ ctx, input }): Promise<{ run: string }> => {
      ctx.caller.countRunStart();
      const { flow, plan, diagnostics } = ctx.application.compile(input.flow);
      if (!flow || !plan || hasErrors(diagnostics)) throw refused('The flow has errors, so it does not run', diagnostics);
      const mistakes = checkInputs(plan, ctx.application.registry, input.inputs);
      if (mistakes.length > 0) throw refused('The inputs do not fit the flow', mistakes);
      const { inputs, flowId, seed } = input;
      return ctx.application.runner.start({ flow, plan, inputs, ...(flowId !== undefined && { flowId }), ...(seed && { seed: seed as SeedRequest }) });
    }),

  /** Open questions, the oldest first: of one run, or of all. */
  questions: procedure.input(z.strictObject({ run: runSchema.optional() }).optional()).query(async ({ ctx, input }): Promise<OpenWait[]> => {
    return ctx.application.runner.questions({ ...(input?.run !== undefined && { run: input.run }) });
  }),

  /** `accepted` is false where another answer came first. */
  answer: procedure
    .input(z.strictObject({ run: runSchema, key: keySchema, answer: answerSchema }))
    .mutation(async ({ ctx, input }): Promise<{ accepted: boolean }> => {
      return { accepted: await ctx.application.runner.answer(input.run, input.key, input.answer) };
    }),

  /** Tells a run of an outside event. `accepted` is false where one of that name was told before. */
  signal: procedure
    .input(z.strictObject({ run: runSchema, name: z.string().min(1).max(200), payload: anyJson.default(null) }))
    .mutation(async ({ ctx, input }): Promise<{ accepted: boolean }> => {
      return { accepted: await ctx.application.runner.signal(input.run, input.name, input.payload) };
    }),

  /** A strict replay, which calls nothing: the first divergence from what is recorded, if there is one. */
  replay: procedure.input(z.strictObject({ run: runSchema })).query(async ({ ctx, input }): Promise<{ divergence?: Divergence }> => {
    const { runner, registry } = ctx.application;
    const divergence = await replay(await readRecorded(runner, (await runner.get(input.run)) ?? missing(input.run)), registry);
    return { ...(divergence && { divergence }) };
  }),

  /** The run as a regression test document, for `switchyard test`. */
  record: longProcedure
    .input(z.strictObject({ run: runSchema, name: z.string().min(1).max(200).optional() }))
    .query(async ({ ctx, input }): Promise<{ text: string }> => {
      const { runner } = ctx.application;
      return { text: await recordTest(runner, (await runner.get(input.run)) ?? missing(input.run), input.name) };
    }),

  /** `cancelled` is false where the run has ended. */
  cancel: procedure.input(z.strictObject({ run: runSchema })).mutation(async ({ ctx, input }): Promise<{ cancelled: boolean }> => {
    const { runner } = ctx.application;
    const cancelled = await runner.cancel(input.run);
    if (!cancelled && !(await runner.get(input.run))) missing(input.run);
    return { cancelled };
  }),

  get: longProcedure.input(z.strictObject({ run: runSchema })).query(async ({ ctx, input }): Promise<Omit<StoredRun, 'plan'>> => {
    const { plan: _, ...rest } = (await ctx.application.runner.get(input.run)) ?? missing(input.run);
    return rest;
  }),

  list: longProcedure
    .input(z.strictObject({ flowId: flowIdSchema.optional(), limit: z.int().min(1).max(200).default(50), before: runSchema.optional() }).optional())
    .query(async ({ ctx, input }): Promise<RunSummary[]> => {
      const { flowId, limit = 50, before } = input ?? {};
      return ctx.application.runner.list({ limit, ...(flowId !== undefined && { flowId }), ...(before !== undefined && { before }) });
    }),

  events: longProcedure
    .input(z.strictObject({ run: runSchema, after: z.int().min(-1).default(-1), limit: z.int().min(1).max(5000).default(1000) }))
    .query(async ({ ctx, input }): Promise<RunEvent[]> => {
      if (!(await ctx.application.runner.get(input.run))) missing(input.run);
      return ctx.application.runner.events(input.run, input.after, input.limit, ctx.room);
    }),

  /** The same without long bodies: `abridged` of an event says which. Pages until one is empty. */
  outline: longProcedure
    .input(z.strictObject({ run: runSchema, after: z.int().min(-1).default(-1), limit: z.int().min(1).max(5000).default(1000) }))
    .query(async ({ ctx, input }): Promise<RunEvent[]> => {
      // Of many pages only the first one asks for the run, with its plan.
      if (input.after < 0 && !(await ctx.application.runner.get(input.run))) missing(input.run);
      return (await ctx.application.runner.events(input.run, input.after, input.limit, ctx.room)).map(outlined);
    }),

  /** Stored events first, then live ones; with `outline` without long bodies. The id of each is its seq, from which a reconnect goes on. Ends after `run-end`. */
  watch: procedure.input(watchSchema).subscription(async function* ({ ctx, input, signal }): AsyncGenerator<TrackedEnvelope<RunEvent>, void> {
    for await (const event of eachEvent(watched(ctx, input, signal))) yield tracked(String(event.seq), event);
  }),

  /** The same in batches of what is there, for whoever draws them: a long run has so many events that a message for each is most of the work. The id of a batch is the seq of its last event. */
  watchBatches: procedure.input(watchSchema).subscription(async function* ({ ctx, input, signal }): AsyncGenerator<TrackedEnvelope<RunEvent[]>, void> {
    for await (const batch of watched(ctx, input, signal)) yield tracked(String(lastOf(batch).seq), batch);
  }),
});

async function* watched({ application, caller }: CallContext, { run, lastEventId, outline }: z.output<typeof watchSchema>, signal: AbortSignal | undefined) {
  if (!(await application.runner.get(run))) missing(run);
  caller.holdStream();
  const after = lastEventId ? Number(lastEventId) : -1;
  for await (const batch of application.runner.watch(run, after, signal ?? new AbortController().signal)) yield outline ? batch.map(outlined) : batch;
}

function missing(run: string): never {
  throw new TRPCError({ code: 'NOT_FOUND', message: `There is no run with the id "${run}".` });
}
