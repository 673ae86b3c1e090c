/** tRPC under /trpc: one route for all procedures, and one with a larger body for each that carries a flow. */
import { TRPCError } from '@trpc/server';
import { fastifyRequestHandler } from '@trpc/server/adapters/fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Application } from '../application.ts';
import { appRouter } from '../router.ts';
import type { CallContext } from '../trpc.ts';
import { bodyLimits } from './json-body.ts';
import { RateLimiter } from './rate-limit.ts';
import { SharedAnswer } from './shared-answer.ts';
import { OpenStreams } from './streams.ts';

/** Calls in one HTTP request. */
export const batchLimit = 20;
const runStartRate = { burst: 1000, perSecond: 10 };
const withFlow = {
  'flows.save': bodyLimits.flow,
  'flows.create': bodyLimits.flow,
  'flows.import': bodyLimits.import,
  'flows.preview': bodyLimits.flow,
  'runs.start': bodyLimits.flow,
};

export function addTrpcRoutes(app: FastifyInstance, application: Application): void {
  const streams = new OpenStreams();
  const runStarts = new RateLimiter(runStartRate);

  const createContext = (request: FastifyRequest, reply: FastifyReply, calls: number): CallContext => {
    const { session } = request;
    if (session === undefined) throw new Error('The guard let a request without a session pass');
    return {
      application,
      caller: {
        session,
        answers: new SharedAnswer(calls),
        holdStream: () => streams.hold(session, reply),
        countRunStart() {
          const wait = runStarts.take(session);
          if (wait > 0) throw new TRPCError({ code: 'TOO_MANY_REQUESTS', message: `Runs are started too fast; the next can start in ${wait} s.` });
        },
      },
    };
  };

  const handle = (path: (request: FastifyRequest) => string) => async (request: FastifyRequest, reply: FastifyReply) => {
    await fastifyRequestHandler({
      router: appRouter,
      req: request,
      res: reply,
      path: path(request),
      maxBatchSize: batchLimit,
      createContext: ({ info }) => createContext(request, reply, info.calls.length),
      onError({ error, path: procedure }) {
        if (error.code === 'INTERNAL_SERVER_ERROR') request.log.error({ err: error.cause ?? error, procedure }, 'a procedure failed unexpectedly');
      },
    });
    return reply;
  };

  for (const [path, bodyLimit] of Object.entries(withFlow))
    app.post(
      `/trpc/${path}`,
      { bodyLimit },
      handle(() => path),
    );
  const anyPath = handle((request) => (request.params as { path: string }).path);
  app.get('/trpc/:path', { exposeHeadRoute: false }, anyPath);
  app.post('/trpc/:path', anyPath);
}
