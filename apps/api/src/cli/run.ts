/** `switchyard run`: runs a flow file once; with --data its journal is kept, so that `resume` can go on with it. */
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { emptyWorkspace, type Flow } from '@switchyard/shared';
import type { Plan } from '@switchyard/engine';
import { CommandRefused, onlyPositional, type Command, type Surroundings } from './command.ts';
import { countText, diagnosticText } from './diagnostic-text.ts';
import { compileFile, findWorkspace, type CompiledFile } from './documents.ts';
import { newRunId } from '../work/run-id.ts';
import { readInputs } from './run-inputs-from-text.ts';
import { watchRun } from './watch-run.ts';

const options = {
  workspace: { type: 'string' },
  data: { type: 'string' },
  'run-id': { type: 'string' },
  input: { type: 'string', multiple: true },
  'input-json': { type: 'string' },
  events: { type: 'boolean' },
  json: { type: 'boolean' },
} as const;

export const run: Command = {
  usage: `switchyard run FLOW [--input NAME=VALUE]... [--input-json JSON] [--workspace FILE] [--data DIR] [--run-id ID] [--events] [--json]

Runs the flow and prints its outputs.

  --input NAME=VALUE  a value for an input field, converted by its schema; may be given several times
  --input-json JSON   values for several fields as one JSON object
  --workspace FILE    models and connections (default: workspace.json beside the flow, if there)
  --data DIR          keeps the run in this data folder, so that "switchyard resume" can go on with it
  --run-id ID         the run's id (default: a new one)
  --events            prints one event per line as JSON, as they happen
  --json              prints the result as one JSON value

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
    const inputs = readInputs(plan, registry, { pairs: values.input ?? [], ...(values['input-json'] !== undefined && { json: values['input-json'] }) });
    const open = await surroundings.openRuns({
      workspace: compiled.workspace ?? emptyWorkspace(),
      baseDirectory: located?.folder ?? dirname(resolve(file)),
      ...(located && { workspaceFile: located.file }),
      ...(values.data !== undefined && { dataFolder: values.data }),
    });
    try {
      const run = values['run-id'] ?? newRunId();
      // Before it starts: a process that dies at once leaves a run that can be gone on with.
      if (!(await open.runner.get(run))) open.remember(run);
      await open.runner.start({ flow, plan, inputs, run });
      const watched = { run, open, outcome: open.runner.result(run) };
      return await watchRun(watched, { json: values.json ?? false, events: values.events ?? false }, surroundings);
    } finally {
      await open.close();
    }
  },
};

function compiledOrRefused(file: string, compiled: CompiledFile, surroundings: Surroundings): { flow: Flow; plan: Plan } {
  const { flow, plan, diagnostics } = compiled;
  if (!flow || !plan) throw new CommandRefused(`${file} does not run: ${countText(diagnostics)}.`, { diagnostics });
  for (const warning of diagnostics) surroundings.note(diagnosticText(warning));
  return { flow, plan };
}
