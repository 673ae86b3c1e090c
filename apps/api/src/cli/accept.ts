/** `switchyard accept`: shows what a connection offers against what was accepted, and once a person agrees writes it into the workspace file. */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { workspaceSchema, workspaceText, type ConnectionOffer } from '@switchyard/shared';
import { CommandRefused, exitCodes, onlyPositional, type Command, type Surroundings } from './command.ts';
import { readWorkspaceFile } from './documents.ts';
import { offerText } from './offer-text.ts';

const options = { workspace: { type: 'string' }, yes: { type: 'boolean' }, json: { type: 'boolean' } } as const;

export const accept: Command = {
  usage: `switchyard accept CONNECTION [--workspace FILE] [--yes] [--json]

Tries the connection out, shows what it offers against what was accepted before (- was, + is now), asks, and writes exactly what was shown into the
workspace file as accepted. For connections whose offer must be read by a person before models are told of it, such as MCP servers.

  --workspace FILE  the workspace (default: workspace.json)
  --yes             accepts without asking; needed where there is no terminal to ask at
  --json            prints { "connection", "message", "accepted", "changes" } and nothing else; what is shown goes to stderr

Exit: 0 where it is accepted, or was already; 2 where the answer is no, nobody could be asked, or the connection does not answer. The file is then as it was.`,

  async run(args, surroundings) {
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
    const name = onlyPositional(positionals, 'connection');
    const { workspace, folder, file } = readWorkspaceFile(values.workspace ?? 'workspace.json');
    const connection = Object.hasOwn(workspace.connections, name) ? workspace.connections[name] : undefined;
    if (!connection) throw new CommandRefused(`${file} has no connection named "${name}". It has: ${Object.keys(workspace.connections).join(', ') || 'none'}.`);
    const { message, read } = await surroundings.readOffer({ workspace, baseDirectory: folder, connection: name });
    if (!read) throw new CommandRefused(`Nothing of the connection "${name}" has to be accepted. ${message}`);
    const { offer, fields } = read;
    const tell = values.json ? surroundings.note : surroundings.print;
    tell(message);
    if (offer.changes.length > 0) {
      tell(offerText(offer));
      if (!values.yes) await agree({ name, file, offer }, surroundings);
      const accepted = { ...workspace, connections: { ...workspace.connections, [name]: { ...connection, ...fields } } };
      writeFileSync(file, workspaceText(workspaceSchema.parse(accepted)));
    }
    const done = offer.changes.length > 0 ? `Accepted into ${file}.` : 'There is nothing to accept.';
    if (values.json) surroundings.print(JSON.stringify({ connection: name, message, accepted: offer.changes.length > 0, changes: offer.changes }));
    else surroundings.print(done);
    return exitCodes.done;
  },
};

/** Resolves once a person has said yes to what was shown; throws a refusal where not. */
async function agree({ name, file, offer }: { name: string; file: string; offer: ConnectionOffer }, { prompt, onInterrupt }: Surroundings): Promise<void> {
  if (!prompt)
    throw new CommandRefused(
      `Nothing was accepted: "${name}" offers what is not accepted yet, and there is no terminal to ask at. Read what is shown above, then accept it with --yes.`,
    );
  const interrupted = new AbortController();
  const stopListening = onInterrupt(() => interrupted.abort());
  const count = offer.changes.length;
  try {
    const word = await prompt(`Accept ${count === 1 ? 'this change' : `these ${count} changes`} of "${name}"? yes / no: `, interrupted.signal);
    if (!/^y(es)?$/i.test(word.trim())) throw new CommandRefused(`Nothing was accepted; ${file} is as it was.`);
  } catch (error) {
    if (error instanceof CommandRefused) throw error;
    throw new CommandRefused(`Nothing was accepted, since nobody answered; ${file} is as it was.`);
  } finally {
    stopListening();
  }
}
