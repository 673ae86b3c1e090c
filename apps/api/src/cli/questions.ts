/** `switchyard questions`: what the runs of a data folder ask people. */
import { parseArgs } from 'node:util';
import { exitCodes, type Command } from './command.ts';
import { dataFolderOf } from './data-flag.ts';
import { openKeptRuns } from './kept-runs.ts';
import { questionText } from './questions-text.ts';

export const questions: Command = {
  usage: `switchyard questions --data DIR [--run RUN] [--json]

Lists the questions of runs that wait for a person, the oldest first. Answer one with "switchyard answer".

  --data DIR  the data folder that keeps the runs; where a server holds it, that is asked
  --run RUN   of this run only
  --json      prints { "questions": [...] } and nothing else`,

  async run(args, surroundings) {
    const { values } = parseArgs({ args, options: { data: { type: 'string' }, run: { type: 'string' }, json: { type: 'boolean' } } });
    const kept = await openKeptRuns({ dataFolder: dataFolderOf(values.data) }, surroundings);
    try {
      const open = await kept.questions({ ...(values.run !== undefined && { run: values.run }) });
      if (values.json) surroundings.print(JSON.stringify({ questions: open }));
      else if (open.length === 0) surroundings.print(values.run === undefined ? 'No run waits for a person.' : `The run "${values.run}" asks nothing.`);
      else for (const question of open) surroundings.print(questionText(question));
      return exitCodes.done;
    } finally {
      await kept.close();
    }
  },
};
