/** `switchyard work`: makes the calls of chosen pools for the processes that execute runs. */
import { parseArgs } from 'node:util';
import { CommandRefused, exitCodes, type Command } from './command.ts';
import { databaseUrlOf, drainMsOf, poolsOf } from './distributed-flags.ts';
import { readWorkspaceFile } from './documents.ts';

export const work: Command = {
  usage: `switchyard work --pools POOLS [--database-url URL] [--workspace FILE] [--data DIR] [--drain-seconds 20]

Makes the calls of chosen pools, which servers started with --engine dbos --remote-pools leave to workers. Start as many as are needed.

  --pools POOLS         such as model:mood,db:shop: the pools this worker serves, and no others
  --database-url URL    the PostgreSQL database of the servers (default: SWITCHYARD_DATABASE_URL)
  --workspace FILE      the models and connections that the pools belong to; without it, those stored in the data folder
  --data DIR            a data folder whose workspace and secrets are used; no other process may use it
  --drain-seconds N     how long calls under way may take when the worker is told to stop (default: 20)

Environment: SWITCHYARD_DATABASE_URL, SWITCHYARD_SECRET_<NAME>, SWITCHYARD_VAULT_KEY, SWITCHYARD_LOG_LEVEL.

Exit: 0 stopped, 2 it could not start, such as where the database does not answer.`,

  async run(args, surroundings) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        pools: { type: 'string' },
        'database-url': { type: 'string' },
        workspace: { type: 'string' },
        data: { type: 'string' },
        'drain-seconds': { type: 'string' },
      },
    });
    if (positionals.length > 0) throw new CommandRefused(`work takes no "${positionals.join(' ')}".`, { isUsage: true });
    if (values.pools === undefined) throw new CommandRefused('--pools is missing: name the pools that this worker serves.', { isUsage: true });
    const pools = poolsOf(values.pools, '--pools');
    const drainMs = drainMsOf(values['drain-seconds']);
    const located = values.workspace === undefined ? undefined : readWorkspaceFile(values.workspace);
    const found = located && { ...located.workspace, models: { ...(await surroundings.findModels()), ...located.workspace.models } };
    const stop = Promise.withResolvers<void>();
    const stopListening = surroundings.onInterrupt(() => stop.resolve(), true);
    try {
      const worker = await surroundings.openWorker({
        pools,
        databaseUrl: databaseUrlOf(values['database-url'], surroundings.databaseUrl),
        baseDirectory: located?.folder ?? process.cwd(),
        ...(found && { workspace: found }),
        ...(values.data !== undefined && { dataFolder: values.data }),
      });
      surroundings.print(`Serving ${pools.join(', ')}.`);
      await stop.promise;
      surroundings.note('Stopping: no more calls are taken, and those under way may end.');
      await worker.close(drainMs);
      return exitCodes.done;
    } finally {
      stopListening();
    }
  },
};
