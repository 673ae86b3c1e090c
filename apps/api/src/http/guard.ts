/**
 * The guard: runs before any body is read, for every route there is or is not, event streams included.
 *
 * Order: Host (421), Origin and Sec-Fetch-Site (403), method (405), public routes pass, credentials (401), then for a POST its header (403)
 * and content type (415). Public are GET /health and /health/ready, POST /login and the static files; a test walks every route to hold this list.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isAllowedHost, isOwnOrigin, type HostRules } from './allowed-hosts.ts';
import type { Credentials } from './credentials.ts';
import { isPageRequest } from './interface-files.ts';
import { refuse, type HttpRefusal } from './refuse.ts';
import { securityHeaders } from './security-headers.ts';

export interface GuardOptions {
  hosts: HostRules;
  credentials: Credentials;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Who calls: the same for all requests of one session or of the token; undefined on public routes. */
    session: string | undefined;
  }
  interface FastifyContextConfig {
    /** Served to anyone; absent means that the guard asks for credentials. */
    isPublic?: true;
  }
}

export function addGuard(app: FastifyInstance, options: GuardOptions): void {
  app.decorateRequest('session', undefined);
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(securityHeaders);
    const refusal = refuseForeign(request, options.hosts) ?? (await refuseUnknown(request, options.credentials)) ?? refuseMutation(request);
    if (refusal) return turnAway(reply, refusal);
  });
}

function refuseForeign(request: FastifyRequest, hosts: HostRules): HttpRefusal | undefined {
  const host = request.headers.host ?? '';
  if (!isAllowedHost(host, hosts)) {
    return {
      status: 421,
      reason: 'wrong-host',
      message: `This server does not answer to the name "${host.slice(0, 100)}". Open it by the address it printed at start, or add the name to SWITCHYARD_HOSTNAMES.`,
    };
  }
  const { origin } = request.headers;
  if (origin !== undefined && !isOwnOrigin(origin, host)) return foreign(`a page of ${origin.slice(0, 100)}`);
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return foreign('a page of another site');
  if (!['GET', 'HEAD', 'POST'].includes(request.method)) {
    return {
      status: 405,
      reason: 'method-not-allowed',
      message: `${request.method} is not used here: reads are GET, changes are POST.`,
      headers: { allow: 'GET, HEAD, POST' },
    };
  }
  return undefined;
}

async function refuseUnknown(request: FastifyRequest, credentials: Credentials): Promise<HttpRefusal | undefined> {
  if (request.routeOptions.config?.isPublic || (request.is404 && isPageRequest(request))) return undefined;
  request.session = await credentials.identify(request.headers);
  if (request.session !== undefined) return undefined;
  return {
    status: 401,
    reason: 'not-logged-in',
    headers: { 'www-authenticate': 'Bearer realm="switchyard"' },
    message:
      'No valid session or token came with this request. Open the login address that `switchyard start` prints, or send "Authorization: Bearer" with the token from the data folder.',
  };
}

function refuseMutation(request: FastifyRequest): HttpRefusal | undefined {
  if (request.method !== 'POST') return undefined;
  if (request.headers['x-switchyard'] !== '1') {
    return { status: 403, reason: 'header-missing', message: 'A change needs the header "x-switchyard: 1", which no foreign page can send.' };
  }
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') return { status: 415, reason: 'not-json', message: 'A change is sent as JSON, with "content-type: application/json".' };
  return undefined;
}

function foreign(what: string): HttpRefusal {
  return {
    status: 403,
    reason: 'foreign-origin',
    message: `The request came from ${what}; only this server's own pages and programs without a page may call it.`,
  };
}

function turnAway(reply: FastifyReply, refusal: HttpRefusal): FastifyReply {
  // The body that was not read must not be taken for a next request.
  if (reply.request.method === 'POST') reply.header('connection', 'close');
  return refuse(reply, refusal);
}
