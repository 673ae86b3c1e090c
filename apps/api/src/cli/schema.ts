/** `switchyard schema`: prints the JSON Schema of a document. */
import { parseArgs } from 'node:util';
import { flowJsonSchema, workspaceJsonSchema } from '@switchyard/shared';
import { CommandRefused, exitCodes, onlyPositional, type Command } from './command.ts';

export const schema: Command = {
  usage: `switchyard schema flow|workspace [--json]

Prints the JSON Schema of the flow or workspace document.`,

  async run(args, surroundings) {
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { json: { type: 'boolean' } } });
    const name = onlyPositional(positionals, 'document');
    if (name !== 'flow' && name !== 'workspace') throw new CommandRefused(`There is no schema of "${name}": it is flow or workspace.`, { isUsage: true });
    const published = name === 'flow' ? flowJsonSchema() : workspaceJsonSchema();
    surroundings.print(JSON.stringify(published, null, values.json ? 0 : 2));
    return exitCodes.done;
  },
};
