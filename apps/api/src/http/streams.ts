/** How many event streams each session holds open. */
import { TRPCError } from '@trpc/server';
import type { FastifyReply } from 'fastify';

/** Of one session, all its tabs together. */
export const streamsPerSession = 20;

export class OpenStreams {
  readonly #open = new Map<string, number>();

  /** Counts a stream until its response closes. Throws TOO_MANY_REQUESTS where the session has all of its streams open. */
  hold(session: string, reply: FastifyReply): void {
    const count = this.#open.get(session) ?? 0;
    if (count >= streamsPerSession) {
      throw new TRPCError({
        code: 'TOO_MANY_REQUESTS',
        message: `This session has ${count} event streams open already, which is the most. Close a tab that watches a run.`,
      });
    }
    this.#open.set(session, count + 1);
    reply.raw.once('close', () => {
      const left = (this.#open.get(session) ?? 1) - 1;
      if (left > 0) this.#open.set(session, left);
      else this.#open.delete(session);
    });
  }
}
