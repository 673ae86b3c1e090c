/** `switchyard run`: runs a flow file once; with --data its journal is kept, so that `resume` can go on with it. */
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { emptyWorkspace, FailureError, type Flow } from '@switchyard/shared';
import type { Plan } from '@switchyard/engine';
import { CommandRefused, onlyPositional, type Command, type OpenRuns, type Surroundings } from './command.ts';
import { countText, diagnosticText } from './diagnostic-text.ts';
import { compileFile, findWorkspace, type CompiledFile } from './documents.ts';
import { newRunId } from '../work/run-id.ts';
import type { RunRequest } from '../work/runner-interface.ts';
import { lastOf, seedMissing } from '../work/seeding.ts';
import { askWhileRunning } from './ask-at-terminal.ts';
import { readInputs, type InputTexts } from './run-inputs-from-text.ts';
import { seedOf, seedOptions } from './seed-flags.ts';
import { watchRun } from './watch-run.ts';

const options = {
  workspace: { type: 'string' },
  data: { type: 'string' },
  'run-id': { type: 'string' },
  input: { type: 'string', multiple: true },
  'input-json': { type: 'string' },
  events: { type: 'boolean' },
  json: { type: 'boolean' },
  ...seedOptions,
} as const;

export const run: Command = {
  usage: `switchyard run FLOW [--input NAME=VALUE]... [--input-json JSON] [--workspace FILE] [--data DIR] [--run-id ID] [--events] [--json]
                    [--of RUN [--from NODE [--only]] [--edit KEY=JSON]...] [--to NODE] [--pin NODE=JSON]...

Runs the flow and prints its outputs.

  --input NAME=VALUE  a value for an input field, converted by its schema; may be given several times
  --input-json JSON   values for several fields as one JSON object
  --workspace FILE    models and connections (default: workspace.json beside the flow, if there)
  --data DIR          keeps the run in this data folder, so that "switchyard resume" can go on with it
  --run-id ID         the run's id (default: a new one)
  --events            prints one event per line as JSON, as they happen
  --json              prints the result as one JSON value; with --only or --to also what that node gave, as "last"

Beginning from an earlier run of the same data folder: what it recorded is used again, and not done again, where it is not stale.

  --of RUN            that run; its inputs too, where none are given
  --from NODE         a node, or the key of a call: it and what depends on it is done anew
  --only              with --from: nothing after that node is started, and what it gives is printed
  --to NODE           nothing after this node is started, and what it gives is printed
  --pin NODE=JSON     the node is not run, and gives these outputs: a JSON object by port
  --edit KEY=JSON     the result of this call in place of the recorded one; what follows from it is done anew

A run that waits for a person ends the command with 3 and goes on when it is answered ("switchyard answer"); without --data it asks at the terminal.

Exit: 0 done, 1 failed, 2 bad usage or a flow with errors, 3 waiting for a person, 130 cancelled by Ctrl+C.`,

  async run(args, surroundings) {
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
    const file = onlyPositional(positionals, 'flow file');
    if (values['run-id'] !== undefined && !/^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}$/.test(values['run-id'])) {
      throw new CommandRefused(`"${values['run-id']}" is no run id: up to 128 letters, digits, _ . and - are.`, { isUsage: true });
    }
    const located = findWorkspace(values.workspace, file);
    const registry = await surroundings.registry();
    const compiled = await compileFile(file, located?.workspace ?? emptyWorkspace(), surroundings);
    const { flow, plan } = compiledOrRefused(file, compiled, surroundings);
    const seed = seedOf(values);
    const prompt = values.data === undefined ? surroundings.prompt : undefined;
    const open = await surroundings.openRuns({
      workspace: compiled.workspace ?? emptyWorkspace(),
      baseDirectory: located?.folder ?? dirname(resolve(file)),
      ...(located && { workspaceFile: located.file }),
      ...(values.data !== undefined && { dataFolder: values.data }),
      ...(prompt && { isAttended: true }),
    });
    try {
      const texts = { pairs: values.input ?? [], ...(values['input-json'] !== undefined && { json: values['input-json'] }) };
      const inputs = readInputs(plan, registry, await withInputsOf(seed?.of, texts, open));
      const run = values['run-id'] ?? newRunId();
      // Before it starts: a process that dies at once leaves a run that can be gone on with.
      if (!(await open.runner.get(run))) open.remember(run);
      await startOrForget({ flow, plan, inputs, run, ...(seed && { seed }) }, open);
      const asking = prompt && askWhileRunning(run, open, { note: surroundings.note, prompt });
      const last = seed && lastOf(seed);
      const watched = { run, open, outcome: open.runner.result(run), ...(last !== undefined && { last }) };
      const output = { json: values.json ?? false, events: values.events ?? false, ...(values.data !== undefined && { data: values.data }) };
      const code = await watchRun(watched, output, surroundings);
      await asking;
      return code;
    } finally {
      await open.close();
    }
  },
};

/** The inputs of the run that this one is begun from, where none are given. Throws where there is no such run: that would be told as missing inputs. */
async function withInputsOf(of: string | undefined, texts: InputTexts, { runner }: OpenRuns): Promise<InputTexts> {
  if (of === undefined || texts.pairs.length > 0 || texts.json !== undefined) return texts;
  const earlier = await runner.get(of);
  if (!earlier) throw seedMissing(of);
  return { ...texts, json: JSON.stringify(earlier.inputs) };
}

async function startOrForget(request: RunRequest & { run: string }, { runner, forget }: OpenRuns): Promise<void> {
  try {
    await runner.start(request);
  } catch (error) {
    if (!(error instanceof FailureError && error.failure.code === 'run-exists')) forget(request.run);
    throw error;
  }
}

function compiledOrRefused(file: string, compiled: CompiledFile, surroundings: Surroundings): { flow: Flow; plan: Plan } {
  const { flow, plan, diagnostics } = compiled;
  if (!flow || !plan) throw new CommandRefused(`${file} does not run: ${countText(diagnostics)}.`, { diagnostics });
  for (const warning of diagnostics) surroundings.note(diagnosticText(warning));
  return { flow, plan };
}
