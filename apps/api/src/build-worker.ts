/** Opens what `work` works with. Part of the composition root, with main.ts. */
import { createRedactor } from '@switchyard/engine/adapters';
import { openDbos } from '@switchyard/engine/adapters/dbos';
import { openHost } from './build-runs.ts';
import { CommandRefused, type OpenWorkerOptions, type Worker } from './cli/command.ts';
import { unknownPoolsText } from './cli/distributed-flags.ts';
import { giveBackAtRest } from './heap-settings.ts';
import { createLog } from './log.ts';

/** A worker that takes calls. Everything it opened is closed by `close`, or before this rejects. */
export async function openWorker(options: OpenWorkerOptions, environment: Readonly<Record<string, string | undefined>>): Promise<Worker> {
  await using opening = new AsyncDisposableStack();
  const { host, secrets, workspace } = await openHost(options, environment, opening);
  const unknown = unknownPoolsText(options.pools, workspace);
  if (unknown !== undefined) throw new CommandRefused(`${unknown} See --pools and --workspace.`);
  const log = createLog({ level: environment.SWITCHYARD_LOG_LEVEL ?? 'warn', mask: (line) => createRedactor(secrets.values())(line) });
  const engine = await openDbos({
    databaseUrl: options.databaseUrl,
    host,
    redactor: () => createRedactor(secrets.values()),
    servedPools: options.pools,
    log: { info: (text) => log.info(text), warn: (text) => log.warn(text) },
  });
  opening.defer(giveBackAtRest());
  const opened = opening.move();
  return {
    async close(withinMs) {
      await engine.close(withinMs);
      await opened.disposeAsync();
    },
  };
}
