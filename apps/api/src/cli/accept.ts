/** `switchyard accept`: accepts what a connection offers, as it is now, into the workspace file. */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { workspaceSchema, workspaceText } from '@switchyard/shared';
import { CommandRefused, exitCodes, onlyPositional, type Command } from './command.ts';
import { readWorkspaceFile } from './documents.ts';

export const accept: Command = {
  usage: `switchyard accept CONNECTION [--workspace FILE] [--json]

Tries the connection out, shows what it offers and what has changed since it was last accepted, and writes what it offers now into the workspace
file as accepted. For connections whose offer must be read by a person before models are told of it, such as MCP servers.

  --workspace FILE  the workspace (default: workspace.json)
  --json            prints { "connection", "message" } and nothing else`,

  async run(args, surroundings) {
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { workspace: { type: 'string' }, json: { type: 'boolean' } } });
    const name = onlyPositional(positionals, 'connection');
    const { workspace, folder, file } = readWorkspaceFile(values.workspace ?? 'workspace.json');
    const connection = Object.hasOwn(workspace.connections, name) ? workspace.connections[name] : undefined;
    if (!connection) throw new CommandRefused(`${file} has no connection named "${name}". It has: ${Object.keys(workspace.connections).join(', ') || 'none'}.`);
    const { message, fields } = await surroundings.acceptConnection({ workspace, baseDirectory: folder, connection: name });
    if (!fields) throw new CommandRefused(`Nothing of the connection "${name}" has to be accepted. ${message}`);
    const accepted = { ...workspace, connections: { ...workspace.connections, [name]: { ...connection, ...fields } } };
    writeFileSync(file, workspaceText(workspaceSchema.parse(accepted)));
    surroundings.print(values.json ? JSON.stringify({ connection: name, message }) : message);
    return exitCodes.done;
  },
};
