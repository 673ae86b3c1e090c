/** The HTTP server: the guard first, then health, login, the procedures, and the interface's files. */
import Fastify, { LogController, type FastifyBaseLogger, type FastifyError, type FastifyInstance } from 'fastify';
import type { Application } from '../application.ts';
import type { HostRules } from './allowed-hosts.ts';
import { createCredentials } from './credentials.ts';
import { addGuard } from './guard.ts';
import { addInterfaceFiles, isPageRequest } from './interface-files.ts';
import { addJsonBody, bodyLimits, RequestRefused } from './json-body.ts';
import { limitLargeBodies } from './large-bodies.ts';
import { addLogin } from './login.ts';
import { refuse } from './refuse.ts';
import { securityHeaders } from './security-headers.ts';
import { addTrpcRoutes } from './trpc-routes.ts';

export interface ServerOptions {
  application: Application;
  logger: FastifyBaseLogger;
  /** The address it is to listen on, as a URL writes it, where that is one to be opened by. */
  address?: string | undefined;
  /** Names besides loopback's and the address that the server answers to. */
  names: readonly string[];
  token: string;
  /** The login code of this start. */
  code: string;
  /** Folder of the built interface. */
  interfaceFolder: string;
  version: string;
  /** Whether runs are taken; by default always. */
  isReady?(): boolean;
}

/** Procedures check what they are given: no route has a schema, and what would compile them (a hundred modules) is not loaded. */
function noSchemas(): never {
  throw new Error('Routes have no schemas here. Check what is given in a procedure.');
}

/** The server, ready to listen. Its port is that of its socket. */
export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const app = Fastify({
    loggerInstance: options.logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: bodyLimits.plain,
    requestTimeout: 60_000,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 4000 },
    schemaController: { compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas } },
    // An address that cannot be decoded never reaches the guard, and gets nothing but this.
    frameworkErrors: (_error, _request, reply) => {
      refuse(reply.headers(securityHeaders), { status: 400, reason: 'address-malformed', message: 'The address of this request cannot be read.' });
    },
  });
  const port = (): number | undefined => {
    const address = app.server.address();
    return typeof address === 'object' && address !== null ? address.port : undefined;
  };
  const hosts: HostRules = { port, address: options.address, names: options.names };
  const credentials = createCredentials({ database: options.application.database, token: options.token, code: options.code, port });
  addGuard(app, { hosts, credentials });
  limitLargeBodies(app);
  addJsonBody(app);
  app.get('/health', { config: { isPublic: true } }, async () => ({ status: 'ok', version: options.version }));
  app.get('/health/ready', { config: { isPublic: true } }, async (_request, reply) => {
    const isReady = options.isReady?.() ?? true;
    return await reply.code(isReady ? 200 : 503).send({ status: isReady ? 'ready' : 'not-ready' });
  });
  addLogin(app, credentials);
  addTrpcRoutes(app, options.application);
  const files = await addInterfaceFiles(app, options.interfaceFolder);
  app.setNotFoundHandler(async (request, reply) => {
    if (isPageRequest(request)) return files.sendPage(reply);
    return refuse(reply, {
      status: 404,
      reason: 'no-such-route',
      message: `There is nothing at ${request.method} ${request.url.split('?')[0]?.slice(0, 200)}.`,
    });
  });
  addErrorHandler(app);
  return app;
}

function addErrorHandler(app: FastifyInstance): void {
  app.setErrorHandler(async (error: FastifyError, request, reply) => {
    if (error instanceof RequestRefused) return refuse(reply, error.refusal);
    if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
      const limit = request.routeOptions.bodyLimit ?? bodyLimits.plain;
      return refuse(reply, {
        status: 413,
        reason: 'body-too-large',
        message: `The request's body is over ${limit} bytes, the most that this call accepts.`,
        headers: { connection: 'close' },
      });
    }
    const status = error.statusCode ?? 500;
    if (status < 500) return refuse(reply, { status, reason: 'request-malformed', message: `The request could not be read: ${error.message}` });
    request.log.error({ err: error }, 'a request failed unexpectedly');
    return refuse(reply, {
      status: 500,
      reason: 'internal',
      message: 'Switchyard failed on this request in a way it did not foresee; its log has the details.',
    });
  });
}
