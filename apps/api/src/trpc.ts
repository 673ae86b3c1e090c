/** tRPC as this server uses it: the context of a call, the shape of its errors, and what every procedure passes through. */
import { FailureError, type Failure } from '@switchyard/shared';
import { initTRPC, TRPCError } from '@trpc/server';
import { ZodError } from 'zod';
import type { Application } from './application.ts';
import type { SharedAnswer } from './http/shared-answer.ts';
import { Refusal, type RefusalData } from './refusal.ts';

/** Who calls. The guard has proven it before any procedure runs. */
export interface Caller {
  /** Same for all requests of one session, or of the token. Never the secret itself. */
  session: string;
  /** Takes one of the session's streams until the response closes; throws the TRPCError TOO_MANY_REQUESTS when all are taken. */
  holdStream(): void;
  /** Throws the TRPCError TOO_MANY_REQUESTS when runs start faster than the limit. */
  countRunStart(): void;
  /** What the calls of its request bring together. */
  answers: SharedAnswer;
}

export interface CallContext {
  application: Application;
  caller: Caller;
}

const trpc = initTRPC.context<CallContext>().create({
  isDev: false,
  sse: { ping: { enabled: true, intervalMs: 15_000 }, client: { reconnectAfterInactivityMs: 40_000 } },
  errorFormatter({ shape, error }) {
    const { code, httpStatus, path } = shape.data;
    const data: { code: typeof code; httpStatus: number; path?: string; failure?: Failure } & RefusalData = {
      code,
      httpStatus,
      ...(path !== undefined && { path }),
    };
    const { cause } = error;
    if (cause instanceof Refusal) Object.assign(data, cause.data);
    if (cause instanceof FailureError) data.failure = cause.failure;
    return { ...shape, message: cause instanceof ZodError ? zodText(cause) : shape.message, data };
  },
});

export const router = trpc.router;

/** Nothing is wrong with the request: another server takes what a stopping one refuses, and a full disk has room again. Whoever asks goes by the status. */
const passing = new Set(['server-leaving', 'store-failed']);

/** Turns what an effect rejects with into an error that carries the failure; anything unforeseen stays inside, as a bug. */
export const procedure = trpc.procedure.use(async ({ next }) => {
  const outcome = await next();
  if (!outcome.ok && outcome.error.code === 'INTERNAL_SERVER_ERROR') {
    const { cause } = outcome.error;
    if (cause instanceof FailureError)
      throw new TRPCError({ code: passing.has(cause.failure.code) ? 'SERVICE_UNAVAILABLE' : 'UNPROCESSABLE_CONTENT', message: cause.message, cause });
  }
  return outcome;
});

/** One whose answer may be long: those of a batch come one after the other, each with `room` for so many characters. */
export const longProcedure = procedure.use(({ ctx, next }) =>
  ctx.caller.answers.make(
    (room) => next({ ctx: { room } }),
    (outcome) => (outcome.ok ? outcome.data : undefined),
  ),
);

function zodText(error: ZodError): string {
  return error.issues.map((issue) => `${issue.path.length > 0 ? `${issue.path.join('.')}: ` : ''}${issue.message}`).join('; ');
}
