/** Serves the application. Part of the composition root, with main.ts. */
import { randomBytes } from 'node:crypto';
import type { Host, Registry } from '@switchyard/engine';
import { createRedactor, keepPruned, type Redact } from '@switchyard/engine/adapters';
import { FailureError, failure } from '@switchyard/shared';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Application } from './application.ts';
import { buildApplication } from './build-application.ts';
import type { ServeOptions, Serving } from './cli/command.ts';
import { unknownPoolsText, type DistributedOptions } from './cli/distributed-flags.ts';
import { noteAddress, openDataFolder } from './data-folder.ts';
import { getFlow } from './db/flows.ts';
import { giveBackAtRest } from './heap-settings.ts';
import { createServer } from './http/server.ts';
import { createLog } from './log.ts';
import { readAccessToken } from './secrets/access-token.ts';
import { modelNotes } from './start-notes.ts';
import type { DistributedRunner } from './work/distributed-runner.ts';
import { resumeInterrupted } from './work/resume-interrupted.ts';

export interface ServerSurroundings {
  registry: Registry;
  environment: Readonly<Record<string, string | undefined>>;
  version: string;
  interfaceFolder: string;
}

/** Resolves once the server answers; rejects with everything closed again. */
export async function serve(options: ServeOptions, surroundings: ServerSurroundings): Promise<Serving> {
  await using opening = new AsyncDisposableStack();
  const { registry, environment } = surroundings;
  const folder = openDataFolder(options.dataFolder);
  opening.defer(() => folder.release());
  const token = readAccessToken({
    file: folder.file('token'),
    isExposed: !isLoopback(options.host),
    ...(environment.SWITCHYARD_TOKEN !== undefined && { fromEnvironment: environment.SWITCHYARD_TOKEN }),
  });
  const code = randomBytes(32).toString('base64url');
  let secretsNow = (): readonly string[] => [];
  const log = createLog({ level: environment.SWITCHYARD_LOG_LEVEL ?? 'warn', mask: (line) => createRedactor([...secretsNow(), token, code])(line) });
  const distributed = options.distributed && distributedRunner(options.distributed, registry, log);
  const built = await buildApplication(
    { folder, registry, environment, log, ...(options.workspace && { workspace: options.workspace }), ...(distributed && { openRunner: distributed.open }) },
    opening,
  );
  const { application, secrets, runs, localRunner } = built;
  secretsNow = () => secrets.values();
  const server = await createServer({
    application,
    logger: log,
    token,
    code,
    version: surroundings.version,
    interfaceFolder: surroundings.interfaceFolder,
    address: ['0.0.0.0', '::'].includes(options.host) ? undefined : hostInUrl(options.host),
    names: configuredNames(environment.SWITCHYARD_HOSTNAMES),
    isReady: () => distributed?.runner()?.isReady() ?? true,
  });
  opening.defer(() => server.close());
  await listen(server, options);
  for (const pruning of [runs.pruning, distributed?.runner()?.pruning]) if (pruning) opening.defer(keepPruned(pruning, options.retention, log));
  opening.defer(noteAddress(folder, addressOf(server, options.host)));
  opening.defer(giveBackAtRest());
  void resumeInterrupted({ runs, runner: localRunner, log });
  const exposed = isLoopback(options.host)
    ? []
    : ['Other machines can reach this server, over HTTP that anyone between can read: put a proxy with TLS before it.'];
  const unknown = unknownPoolsText(options.distributed?.remotePools ?? [], application.workspace.current());
  const unserved = unknown === undefined ? [] : [`${unknown} See --remote-pools: calls of a pool that is not named there are made here.`];
  const notes = [...exposed, ...unserved, ...built.notes, ...modelNotes(application.workspace.view(), await demoOf(application))];
  const opened = opening.move();
  return { url: `${addressOf(server, options.host)}/#${code}`, notes, ...(distributed && { drain: distributed.drain }), close: () => opened.disposeAsync() };
}

/** The runner of the distributed engine, opened on the application's host once there is one. Its code is loaded only here. */
function distributedRunner({ databaseUrl, remotePools }: DistributedOptions, registry: Registry, log: Logger) {
  let runner: DistributedRunner | undefined;
  return {
    runner: () => runner,
    drain: async (withinMs: number) => await runner?.drain(withinMs),
    open: async ({ host, redactor }: { host: Host; redactor(): Redact }) => {
      const { openDistributedRunner } = await import('./work/distributed-runner.ts');
      const told = { info: (text: string) => log.info(text), warn: (text: string) => log.warn(text) };
      runner = await openDistributedRunner({ databaseUrl, remotePools, registry, host, redactor, log: told });
      return runner;
    },
  };
}

async function listen(server: FastifyInstance, { host, port }: ServeOptions): Promise<void> {
  try {
    await server.listen({ host, port });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE')
      throw new FailureError(
        failure(
          'port-in-use',
          `Port ${port} of ${host} is in use by another program. Stop that one, or choose another port with --port; --port 0 picks a free one.`,
        ),
      );
    throw new FailureError(failure('address-unusable', `Listening on ${host}, port ${port}, failed: ${message}. Choose another --host or --port.`));
  }
}

async function demoOf(application: Application) {
  const [demo] = application.examples;
  const stored = demo && (await getFlow(application.database, demo.id));
  return stored && { flow: stored.flow, requires: application.compile(stored.flow).requires.models ?? [] };
}

/** Whether only this machine can reach an address. */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

function configuredNames(text = ''): string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

function hostInUrl(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

function addressOf(server: FastifyInstance, host: string): string {
  const address = server.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${hostInUrl(name)}:${port}`;
}
