/** The examples that ship with Switchyard. Opening one is `flows.create` with its flow. */
import type { Example } from '../application.ts';
import { procedure, router } from '../trpc.ts';

export const examplesRouter = router({
  list: procedure.query(({ ctx }): Example[] => [...ctx.application.examples]),
});
