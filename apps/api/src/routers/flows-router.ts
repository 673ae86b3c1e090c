/** Flows: list, open, save under a revision, remove and restore, import and export. Importing runs nothing, calls nothing and binds nothing. */
import { flowText, hasErrors, readFlow, type Diagnostic, type Flow } from '@switchyard/shared';
import { TRPCError } from '@trpc/server';
import { z } from 'zod';
import { createFlow, getFlow, listFlows, removeFlow, restoreFlow, saveFlow, type FlowSummary, type StoredFlow } from '../db/flows.ts';
import { abilitiesOf, type Abilities } from '../flow-abilities.ts';
import { jsonKeys, mostKeys } from '../http/json-keys.ts';
import { Refusal } from '../refusal.ts';
import { longProcedure, procedure, router } from '../trpc.ts';
import { previewOf, type Preview } from '../work/preview.ts';

const idSchema = z
  .string()
  .regex(/^[a-zA-Z0-9][a-zA-Z0-9_-]*$/, 'an id has letters, digits, _ and - only')
  .max(64);
const revisionSchema = z.int().positive();
const nodeSchema = z.string().min(1).max(64);
/** Typed as a flow, read as a foreign document: `readFlow` tells every mistake as a diagnostic. */
export const documentSchema = z.custom<Flow>((value) => typeof value === 'object' && value !== null, 'a flow document is a JSON object');

export const flowsRouter = router({
  list: procedure.query(({ ctx }): Promise<FlowSummary[]> => listFlows(ctx.application.database)),

  get: longProcedure.input(z.strictObject({ id: idSchema })).query(async ({ ctx, input }): Promise<StoredFlow> => {
    return (await getFlow(ctx.application.database, input.id)) ?? missing(input.id);
  }),

  create: procedure
    .input(z.strictObject({ flow: documentSchema, id: idSchema.optional() }))
    .mutation(async ({ ctx, input }): Promise<{ id: string; revision: number }> => {
      const created = await createFlow(ctx.application.database, readDocument(input.flow), input.id);
      if (!created)
        throw new TRPCError({ code: 'BAD_REQUEST', message: `A flow with the id "${input.id}" is there already; leave the id out or choose another.` });
      return created;
    }),

  save: procedure
    .input(z.strictObject({ id: idSchema, revision: revisionSchema, flow: documentSchema }))
    .mutation(async ({ ctx, input }): Promise<{ revision: number }> => {
      const outcome = (await saveFlow(ctx.application.database, input.id, { revision: input.revision, flow: readDocument(input.flow) })) ?? missing(input.id);
      if (!('conflict' in outcome)) return outcome;
      const message = `This flow was saved elsewhere: it has revision ${outcome.conflict.revision} now, and revision ${input.revision} was sent. Merge the two and save again.`;
      throw new TRPCError({ code: 'CONFLICT', message, cause: new Refusal(message, { conflict: outcome.conflict }) });
    }),

  remove: procedure.input(z.strictObject({ id: idSchema })).mutation(async ({ ctx, input }): Promise<{ removed: true }> => {
    return (await removeFlow(ctx.application.database, input.id)) ? { removed: true } : missing(input.id);
  }),

  restore: procedure.input(z.strictObject({ id: idSchema })).mutation(async ({ ctx, input }): Promise<{ restored: true }> => {
    return (await restoreFlow(ctx.application.database, input.id)) ? { restored: true } : missing(input.id);
  }),

  import: procedure
    .input(z.strictObject({ text: z.string() }))
    .mutation(async ({ ctx, input }): Promise<{ id: string; revision: number; flow: Flow; abilities: Abilities }> => {
      const flow = readDocument(input.text);
      const created = await createFlow(ctx.application.database, flow);
      if (!created) throw new Error('A fresh random id is taken');
      return { ...created, flow, abilities: abilitiesOf(ctx.application.compile(flow), ctx.application.workspace.current()) };
    }),

  /** What a node's model would be asked first, and which connections could not be read for it. A mutation only since a flow is too long for an address. */
  preview: procedure.input(z.strictObject({ flow: documentSchema, node: nodeSchema })).mutation(async ({ ctx, input, signal }): Promise<Preview> => {
    const { plan, diagnostics } = ctx.application.compile(input.flow);
    if (!plan) throw refused('The flow has errors, so what its models would be asked cannot be told', diagnostics);
    return await previewOf(plan, input.node, ctx.application, signal ?? new AbortController().signal);
  }),

  export: longProcedure.input(z.strictObject({ id: idSchema })).query(async ({ ctx, input }): Promise<{ text: string }> => {
    const { flow } = (await getFlow(ctx.application.database, input.id)) ?? missing(input.id);
    return { text: flowText({ ...flow, requires: ctx.application.compile(flow).requires }) };
  }),
});

/** The document, or BAD_REQUEST with its diagnostics. */
function readDocument(source: unknown): Flow {
  if (typeof source === 'string' && jsonKeys(source) > mostKeys)
    throw refused('The flow document cannot be read', [
      { code: 'document-too-large', severity: 'error', path: '', message: `The flow has more than ${mostKeys} keys, so it was not read.` },
    ]);
  const { document, diagnostics } = readFlow(source);
  if (!document || hasErrors(diagnostics)) throw refused('The flow document cannot be read', diagnostics);
  return document;
}

/** Diagnostics of one refusal: with these mended, the next are told. */
const mostSent = 1000;

/** BAD_REQUEST that carries the first of the diagnostics; the message tells the first few. */
export function refused(what: string, diagnostics: Diagnostic[]): TRPCError {
  const told = diagnostics
    .filter((diagnostic) => diagnostic.severity === 'error')
    .slice(0, 3)
    .map((diagnostic) => diagnostic.message);
  const message = `${what}: ${told.join(' ')}`;
  return new TRPCError({ code: 'BAD_REQUEST', message, cause: new Refusal(message, { diagnostics: diagnostics.slice(0, mostSent) }) });
}

function missing(id: string): never {
  throw new TRPCError({ code: 'NOT_FOUND', message: `There is no flow with the id "${id}"; it may have been removed.` });
}
