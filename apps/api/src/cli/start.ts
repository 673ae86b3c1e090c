/** `switchyard start`: serves the application until it is told to stop. */
import { parseArgs } from 'node:util';
import { CommandRefused, exitCodes, type Command } from './command.ts';
import { readWorkspaceFile } from './documents.ts';

/** A stop that takes longer is not waited for. */
const stopWithinMs = 1500;

export const start: Command = {
  usage: `switchyard start [--port 4680] [--host 127.0.0.1] [--data DIR] [--workspace FILE] [--no-open]

Serves the application and prints the address to open, which logs one browser in.

  --port N          port; 0 picks a free one (default: 4680)
  --host ADDRESS    address to listen on (default: 127.0.0.1). Any other than loopback needs a token that was there before:
                    SWITCHYARD_TOKEN, or the file token in the data folder
  --data DIR        where flows, runs and secrets are kept (default: $XDG_DATA_HOME/switchyard or ~/.local/share/switchyard)
  --workspace FILE  models and connections to start with; read again at every start
  --no-open         does not open a browser

Environment: SWITCHYARD_TOKEN, SWITCHYARD_VAULT_KEY, SWITCHYARD_SECRET_<NAME>, SWITCHYARD_HOSTNAMES (further names to answer to, with commas
between), SWITCHYARD_LOG_LEVEL.

Exit: 0 stopped, 2 it could not start, such as where the port or the data folder is in use.`,

  async run(args, surroundings) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { port: { type: 'string' }, host: { type: 'string' }, data: { type: 'string' }, workspace: { type: 'string' }, 'no-open': { type: 'boolean' } },
    });
    if (positionals.length > 0) throw new CommandRefused(`start takes no "${positionals.join(' ')}".`, { isUsage: true });
    const port = Number(values.port ?? 4680);
    if (!Number.isInteger(port) || port < 0 || port > 65_535 || values.port?.trim() === '')
      throw new CommandRefused(`"${values.port}" is no port: 0 to 65535 are.`, { isUsage: true });
    // Listening before anything starts: a stop that comes early is not lost.
    const stop = Promise.withResolvers<void>();
    const stopListening = surroundings.onInterrupt(() => stop.resolve(), true);
    try {
      const serving = await surroundings.serve({
        port,
        host: values.host ?? '127.0.0.1',
        dataFolder: values.data ?? surroundings.defaultDataFolder,
        ...(values.workspace !== undefined && { workspace: readWorkspaceFile(values.workspace) }),
      });
      surroundings.print(serving.url);
      for (const note of serving.notes) surroundings.note(note);
      if (!values['no-open']) surroundings.openBrowser(serving.url);
      await stop.promise;
      surroundings.note('Stopping. Runs under way go on at the next start.');
      const late = Promise.withResolvers<void>();
      const timer = setTimeout(late.resolve, stopWithinMs);
      await Promise.race([serving.close(), late.promise]);
      clearTimeout(timer);
      return exitCodes.done;
    } finally {
      stopListening();
    }
  },
};
