/** `switchyard record`: makes a regression test of a kept run. */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { CommandRefused, exitCodes, onlyPositional, type Command } from './command.ts';
import { dataFolderOf } from './data-flag.ts';
import { openKeptRuns } from './kept-runs.ts';

export const record: Command = {
  usage: `switchyard record RUN --data DIR [--name NAME] [--out FILE] [--json]

Makes a regression test of a kept run: its flow, its inputs, what its calls asked and gave, and how it ended. "switchyard test" runs it, calling nothing.

  --data DIR   the data folder that keeps the run; where a server holds it, that is asked
  --name NAME  the test's name (default: the flow's)
  --out FILE   writes it there, by custom as NAME.test.json (default: prints it)
  --json       with --out: prints { "file": FILE } and nothing else; without, the test is the one JSON value that is printed anyway

A test holds what the calls gave: see that it may be kept where you put it.`,

  async run(args, surroundings) {
    const options = { data: { type: 'string' }, name: { type: 'string' }, out: { type: 'string' }, json: { type: 'boolean' } } as const;
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
    const run = onlyPositional(positionals, 'run id');
    const kept = await openKeptRuns({ dataFolder: dataFolderOf(values.data) }, surroundings);
    try {
      const text = await kept.record(run, values.name);
      if (values.out === undefined) surroundings.print(text.trimEnd());
      else {
        write(values.out, text);
        if (values.json) surroundings.print(JSON.stringify({ file: values.out }));
      }
      return exitCodes.done;
    } finally {
      await kept.close();
    }
  },
};

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new CommandRefused(`${file} cannot be written: ${(error as Error).message}.`);
  }
}
