/** `switchyard start`: serves the application until it is told to stop. */
import { parseArgs } from 'node:util';
import { CommandRefused, exitCodes, type Command, type Serving } from './command.ts';
import { databaseUrlOf, drainMsOf, poolsOf, type DistributedOptions } from './distributed-flags.ts';
import { readWorkspaceFile } from './documents.ts';
import { retentionOf } from './retention-flags.ts';

/** A stop that takes longer is not waited for. */
const stopWithinMs = 1500;

export const start: Command = {
  usage: `switchyard start [--port 4680] [--host 127.0.0.1] [--data DIR] [--workspace FILE] [--no-open]
                 [--keep-days 30] [--keep-runs 10000]
                 [--engine dbos [--database-url URL] [--remote-pools POOLS] [--drain-seconds 20]]

Serves the application and prints the address to open, which logs one browser in.

  --port N          port; 0 picks a free one (default: 4680)
  --host ADDRESS    address to listen on (default: 127.0.0.1). Any other than loopback needs a token that was there before:
                    SWITCHYARD_TOKEN, or the file token in the data folder
  --data DIR        where flows, runs and secrets are kept (default: $XDG_DATA_HOME/switchyard or ~/.local/share/switchyard)
  --workspace FILE  models and connections to start with; read again at every start
  --no-open         does not open a browser
  --keep-days N     removes runs that ended longer ago, with all that is kept of them; 0 keeps all (default: 30)
  --keep-runs N     keeps at most so many ended runs, the latest; 0 keeps all (default: 10000)
  --engine dbos     keeps runs in PostgreSQL, shared with all servers on the same database (docs/scale.md); else they are in the data folder
  --database-url URL    that database (default: SWITCHYARD_DATABASE_URL)
  --remote-pools POOLS  such as model:mood,db:shop: pools whose calls are left to processes of "switchyard work"
  --drain-seconds N     how long runs under way may take when told to stop, before other servers go on with them (default: 20)

Environment: SWITCHYARD_TOKEN, SWITCHYARD_VAULT_KEY, SWITCHYARD_SECRET_<NAME>, SWITCHYARD_HOSTNAMES (further names to answer to, with commas
between), SWITCHYARD_KEEP_DAYS, SWITCHYARD_KEEP_RUNS, SWITCHYARD_DATABASE_URL, SWITCHYARD_LOG_LEVEL (docs/server.md tells what each says).

Exit: 0 stopped, 2 it could not start, such as where the port or the data folder is in use.`,

  async run(args, surroundings) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        port: { type: 'string' },
        host: { type: 'string' },
        data: { type: 'string' },
        workspace: { type: 'string' },
        'no-open': { type: 'boolean' },
        'keep-days': { type: 'string' },
        'keep-runs': { type: 'string' },
        engine: { type: 'string' },
        'database-url': { type: 'string' },
        'remote-pools': { type: 'string' },
        'drain-seconds': { type: 'string' },
      },
    });
    if (positionals.length > 0) throw new CommandRefused(`start takes no "${positionals.join(' ')}".`, { isUsage: true });
    const port = Number(values.port ?? 4680);
    if (!Number.isInteger(port) || port < 0 || port > 65_535 || values.port?.trim() === '')
      throw new CommandRefused(`"${values.port}" is no port: 0 to 65535 are.`, { isUsage: true });
    const distributed = distributedOf(values, surroundings.databaseUrl);
    const retention = retentionOf({ days: values['keep-days'], runs: values['keep-runs'] }, surroundings.retention);
    const drainMs = drainMsOf(values['drain-seconds']);
    // Listening before anything starts: a stop that comes early is not lost.
    const stop = Promise.withResolvers<void>();
    const stopListening = surroundings.onInterrupt(() => stop.resolve(), true);
    try {
      const serving = await surroundings.serve({
        port,
        host: values.host ?? '127.0.0.1',
        dataFolder: values.data ?? surroundings.defaultDataFolder,
        retention,
        ...(values.workspace !== undefined && { workspace: readWorkspaceFile(values.workspace) }),
        ...(distributed && { distributed }),
      });
      surroundings.print(serving.url);
      for (const note of serving.notes) surroundings.note(note);
      if (!values['no-open']) surroundings.openBrowser(serving.url);
      await stop.promise;
      await stopServing(serving, drainMs, (text) => surroundings.note(text));
      return exitCodes.done;
    } finally {
      stopListening();
    }
  },
};

async function stopServing(serving: Serving, drainMs: number, note: (text: string) => void): Promise<void> {
  if (serving.drain) {
    note('Stopping. No more runs are taken; what is not done in time is given to other servers.');
    await serving.drain(drainMs);
  } else note('Stopping. Runs under way go on at the next start.');
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(late.resolve, stopWithinMs);
  await Promise.race([serving.close(), late.promise]);
  clearTimeout(timer);
}

type DistributedFlags = Partial<Record<'engine' | 'database-url' | 'remote-pools' | 'drain-seconds', string>>;

function distributedOf(flags: DistributedFlags, environmentUrl: string | undefined): DistributedOptions | undefined {
  const { engine = 'embedded', 'database-url': url, 'remote-pools': remote, 'drain-seconds': drain } = flags;
  if (engine === 'dbos') return { databaseUrl: databaseUrlOf(url, environmentUrl), remotePools: remote === undefined ? [] : poolsOf(remote, '--remote-pools') };
  if (engine !== 'embedded') throw new CommandRefused(`There is no engine "${engine}": embedded and dbos are there.`, { isUsage: true });
  if (url !== undefined || remote !== undefined || drain !== undefined)
    throw new CommandRefused('--database-url, --remote-pools and --drain-seconds go with --engine dbos.', { isUsage: true });
  return undefined;
}
