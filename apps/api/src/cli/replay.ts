/** `switchyard replay`: runs a kept run again from its journal, without calling anything. */
import { parseArgs } from 'node:util';
import { exitCodes, onlyPositional, type Command } from './command.ts';
import { dataFolderOf } from './data-flag.ts';
import { divergenceText } from './divergence-text.ts';
import { openKeptRuns } from './kept-runs.ts';

export const replay: Command = {
  usage: `switchyard replay RUN --data DIR [--json]

Runs a kept run again from its journal, strictly: nothing is called, and the first call that differs from what is recorded is told.

  --data DIR  the data folder that keeps the run; where a server holds it, that is asked
  --json      prints { "divergence"?: … } and nothing else

Exit: 0 the same, 1 it diverges, 2 bad usage or no such run.`,

  async run(args, surroundings) {
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { data: { type: 'string' }, json: { type: 'boolean' } } });
    const run = onlyPositional(positionals, 'run id');
    const kept = await openKeptRuns({ dataFolder: dataFolderOf(values.data) }, surroundings);
    try {
      const divergence = await kept.replay(run);
      if (values.json) surroundings.print(JSON.stringify({ ...(divergence && { divergence }) }));
      else surroundings.print(divergence ? divergenceText(divergence) : `${run}: the same.`);
      return divergence ? exitCodes.failed : exitCodes.done;
    } finally {
      await kept.close();
    }
  },
};
