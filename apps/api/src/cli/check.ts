/** `switchyard check`: compiles a flow and tells every problem. */
import { parseArgs } from 'node:util';
import { hasErrors } from '@switchyard/shared';
import { exitCodes, onlyPositional, type Command } from './command.ts';
import { countText, diagnosticText } from './diagnostic-text.ts';
import { compileFile, findWorkspace } from './documents.ts';

export const check: Command = {
  usage: `switchyard check FLOW [--workspace FILE] [--json]

Compiles the flow and tells every problem with its place, reason and fix.

  --workspace FILE  workspace to check names against (default: workspace.json beside the flow, if there)
  --json            prints { "diagnostics": [...] } and nothing else

Exit: 0 no errors, 2 errors.`,

  async run(args, surroundings) {
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { workspace: { type: 'string' }, json: { type: 'boolean' } } });
    const file = onlyPositional(positionals, 'flow file');
    const located = findWorkspace(values.workspace, file);
    const { diagnostics } = await compileFile(file, located?.workspace, surroundings);
    if (values.json) surroundings.print(JSON.stringify({ diagnostics }));
    else for (const text of [...diagnostics.map(diagnosticText), `${file}: ${countText(diagnostics)}`]) surroundings.print(text);
    return hasErrors(diagnostics) ? exitCodes.refused : exitCodes.done;
  },
};
