/** Commands run in this process, on a registry of the test's own; what they print is kept. Ends as main.ts would. */
import type { Registry } from '@switchyard/engine';
import { builtinModels } from '@switchyard/engine/adapters';
import { readOffer, openRuns } from '../build-runs.ts';
import type { Prompt } from '../cli/ask-at-terminal.ts';
import { asRefusal, exitCodes, type Command, type Surroundings } from '../cli/command.ts';
import { serverOf } from '../data-folder.ts';
import { rememberedWorkspace } from '../work/run-workspaces.ts';

export interface CommandOutcome {
  code: number;
  out: string;
  notes: string;
}

export interface CommandLine {
  registry: Registry;
  environment?: Record<string, string>;
  prompt?: Prompt;
}

export async function runCommand(command: Command, args: string[], { registry, environment = {}, prompt }: CommandLine): Promise<CommandOutcome> {
  const out: string[] = [];
  const notes: string[] = [];
  const absent = () => Promise.reject(new Error('A test does not do this'));
  const surroundings: Surroundings = {
    print: (text) => void out.push(`${text}\n`),
    note: (text) => void notes.push(`${text}\n`),
    version: '0.0.0',
    defaultDataFolder: '/nowhere',
    openBrowser: () => {},
    onInterrupt: () => () => {},
    registry: async () => registry,
    findModels: async () => ({ ...builtinModels }),
    rememberedWorkspace,
    serverOf: (folder) => serverOf(folder, environment),
    prompt,
    openRuns: (options) => openRuns(options, registry, environment),
    serve: absent,
    openWorker: absent,
    readOffer: (options) => readOffer(options, environment),
    databaseUrl: undefined,
    retention: {},
  };
  const told = (code: number) => ({ code, out: out.join(''), notes: notes.join('') });
  try {
    return told(await command.run(args, surroundings));
  } catch (error) {
    const refusal = asRefusal(error);
    if (!refusal) throw error;
    if (args.includes('--json')) surroundings.print(JSON.stringify({ diagnostics: refusal.diagnostics }));
    surroundings.note(refusal.message);
    return told(exitCodes.refused);
  }
}
