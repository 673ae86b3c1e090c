/** The workspace: models, connections and secrets. Secrets are written, replaced and removed, never read back. */
import { connectionSchema, modelSchema, nameSchema, type Json, type Model } from '@switchyard/shared';
import { TRPCError } from '@trpc/server';
import { z } from 'zod';
import { procedure, router } from '../trpc.ts';
import type { Acceptance } from '../workspace/check-connection.ts';
import type { ConnectionCheck, ModelCheck, WorkspaceView } from '../workspace/live-workspace.ts';

const byName = z.strictObject({ name: nameSchema });
const secretNameSchema = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'a secret name has letters, digits and _ only')
  .max(128);
const secretText = z.string().min(1).max(16_384);
const hashSchema = z.string().regex(/^[0-9a-f]{64}$/, 'the hash of what was shown has 64 hex digits');
const neverAborted = () => new AbortController().signal;

export const workspaceRouter = router({
  get: procedure.query(({ ctx }): WorkspaceView => ctx.application.workspace.view()),

  saveModel: procedure
    .input(z.strictObject({ name: nameSchema, model: modelSchema, apiKey: secretText.optional() }))
    .mutation(async ({ ctx, input }): Promise<{ model: Model }> => {
      return { model: await ctx.application.workspace.saveModel(input.name, input.model, input.apiKey) };
    }),

  removeModel: procedure.input(byName).mutation(async ({ ctx, input }): Promise<{ removed: true }> => {
    return (await ctx.application.workspace.removeModel(input.name)) ? { removed: true } : missing('stored model', input.name);
  }),

  saveConnection: procedure
    .input(z.strictObject({ name: nameSchema, connection: connectionSchema }))
    .mutation(async ({ ctx, input }): Promise<{ saved: true }> => {
      await ctx.application.workspace.saveConnection(input.name, input.connection);
      return { saved: true };
    }),

  removeConnection: procedure.input(byName).mutation(async ({ ctx, input }): Promise<{ removed: true }> => {
    return (await ctx.application.workspace.removeConnection(input.name)) ? { removed: true } : missing('connection', input.name);
  }),

  setSecret: procedure.input(z.strictObject({ name: secretNameSchema, value: secretText })).mutation(async ({ ctx, input }): Promise<{ saved: true }> => {
    await ctx.application.workspace.setSecret(input.name, input.value);
    return { saved: true };
  }),

  removeSecret: procedure.input(z.strictObject({ name: secretNameSchema })).mutation(async ({ ctx, input }): Promise<{ removed: true }> => {
    return (await ctx.application.workspace.removeSecret(input.name)) ? { removed: true } : missing('secret in the vault', input.name);
  }),

  testModel: procedure.input(byName).mutation(({ ctx, input, signal }): Promise<ModelCheck> => {
    return ctx.application.testModel(input.name, signal ?? neverAborted());
  }),

  testConnection: procedure.input(byName).mutation(({ ctx, input, signal }): Promise<ConnectionCheck> => {
    return ctx.application.testConnection(input.name, signal ?? neverAborted());
  }),

  /** Accepts what a test has shown; where the connection offers something else by now, nothing is accepted and that is shown. */
  acceptConnection: procedure.input(z.strictObject({ name: nameSchema, hash: hashSchema })).mutation(({ ctx, input, signal }): Promise<Acceptance> => {
    return ctx.application.acceptConnection(input.name, input.hash, signal ?? neverAborted());
  }),

  catalogue: procedure.input(z.strictObject({ connection: nameSchema })).query(({ ctx, input, signal }): Promise<Json> => {
    return ctx.application.catalogue(input, signal ?? neverAborted());
  }),
});

function missing(what: string, name: string): never {
  throw new TRPCError({ code: 'NOT_FOUND', message: `There is no ${what} named "${name}".` });
}
