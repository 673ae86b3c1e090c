/** POST /login exchanges the one-time code, or the token, for a session cookie; POST /logout ends the session. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Credentials } from './credentials.ts';
import { RateLimiter } from './rate-limit.ts';
import { refuse } from './refuse.ts';

const loginSchema = z.strictObject({ code: z.string().min(1).max(500) });
/** Tries from one address. */
const loginRate = { burst: 10, perSecond: 10 / 60 };

export function addLogin(app: FastifyInstance, credentials: Credentials): void {
  const tries = new RateLimiter(loginRate);

  app.post('/login', { config: { isPublic: true }, bodyLimit: 4096 }, async (request, reply) => {
    const wait = tries.take(request.ip);
    if (wait > 0) {
      return refuse(reply, {
        status: 429,
        reason: 'too-many-logins',
        message: `Too many tries to log in; the next is possible in ${wait} s.`,
        headers: { 'retry-after': String(wait) },
      });
    }
    const body = loginSchema.safeParse(parsed(request.body));
    if (!body.success)
      return refuse(reply, {
        status: 400,
        reason: 'login-malformed',
        message: 'The login is JSON of the shape { "code": "…" }: the code from the login address, or the token.',
      });
    const cookie = await credentials.logIn(body.data.code);
    if (cookie === undefined) {
      return refuse(reply, {
        status: 401,
        reason: 'login-refused',
        message:
          'This code does not let anyone in: each works once, and a new one is printed at every start. Start Switchyard again, or use the token from the data folder.',
      });
    }
    return reply.header('set-cookie', cookie).send({ ok: true });
  });

  app.post('/logout', async (request, reply) => reply.header('set-cookie', await credentials.logOut(request.headers)).send({ ok: true }));
}

function parsed(body: unknown): unknown {
  try {
    return typeof body === 'string' ? (JSON.parse(body) as unknown) : undefined;
  } catch {
    return undefined;
  }
}
