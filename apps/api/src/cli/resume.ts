/** `switchyard resume`: goes on with an interrupted run from its journal. */
import { parseArgs } from 'node:util';
import { CommandRefused, onlyPositional, type Command } from './command.ts';
import { dataFolderOf } from './data-flag.ts';
import { openFolder } from './kept-runs.ts';
import { watchRun } from './watch-run.ts';

export const resume: Command = {
  usage: `switchyard resume RUN --data DIR [--workspace FILE] [--events] [--json]

Goes on with an interrupted or waiting run from its journal. What was completed is not done again; a run that has ended gives its result.

  --data DIR        the data folder that keeps the run
  --workspace FILE  models and connections (default: those the run was started with)
  --events          prints one event per line as JSON
  --json            prints the result as one JSON value

Exit: as for run.`,

  async run(args, surroundings) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { workspace: { type: 'string' }, data: { type: 'string' }, events: { type: 'boolean' }, json: { type: 'boolean' } },
    });
    const run = onlyPositional(positionals, 'run id');
    const dataFolder = dataFolderOf(values.data);
    const open = await openFolder({ dataFolder, run, ...(values.workspace !== undefined && { workspaceFile: values.workspace }) }, surroundings);
    try {
      if (!(await open.runner.get(run))) throw new CommandRefused(`The data folder ${dataFolder} keeps no run with the id "${run}".`);
      const watched = { run, open, outcome: open.runner.resume(run) };
      return await watchRun(watched, { json: values.json ?? false, events: values.events ?? false, data: dataFolder }, surroundings);
    } finally {
      await open.close();
    }
  },
};
