/** Large bodies: a few are read and worked on at a time. The others wait unread, so that what many callers send at once does not add up in memory. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { bodyLimits } from './json-body.ts';

/** Until they are answered. */
const mostAtOnce = 8;

export function limitLargeBodies(app: FastifyInstance): void {
  let open = 0;
  const waiting = new Set<() => void>();
  const leave = () => {
    const [next] = waiting;
    if (next) {
      waiting.delete(next);
      next();
    } else open -= 1;
  };
  app.addHook('preParsing', async (request, reply) => {
    if (!mayBeLarge(request) || reply.raw.destroyed) return;
    if (open < mostAtOnce) open += 1;
    else {
      const isHere = await new Promise<boolean>((resolve) => {
        const enter = () => resolve(true);
        waiting.add(enter);
        reply.raw.once('close', () => {
          if (waiting.delete(enter)) resolve(false);
        });
      });
      if (!isHere) return;
    }
    if (reply.raw.destroyed) leave();
    else reply.raw.once('close', leave);
  });
}

/** One that does not say its length may have as much as its route takes. */
function mayBeLarge({ method, headers, routeOptions }: FastifyRequest): boolean {
  if (method !== 'POST' || (routeOptions.bodyLimit ?? 0) <= bodyLimits.plain) return false;
  const length = headers['content-length'];
  return length === undefined || Number(length) > bodyLimits.plain;
}
