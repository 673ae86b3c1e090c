/**
 * The composition root: reads the process's arguments and environment, builds what commands work with, and says how each ended.
 * With the build-*.ts files beside it, the only place that does. Each command loads its own code when it is asked for.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { visibleText } from '@switchyard/shared';
import { asRefusal, type CommandRefused, exitCodes, type Command, type Surroundings } from './cli/command.ts';
import { diagnosticText } from './cli/diagnostic-text.ts';
import { defaultDataFolder, serverOf } from './data-folder.ts';
import { promptAtTerminal } from './cli/prompt.ts';
import { usageText } from './cli/usage-text.ts';
import { settleHeap } from './heap-settings.ts';
import { rememberedWorkspace } from './work/run-workspaces.ts';

const commands: Readonly<Record<string, () => Promise<Command>>> = {
  start: async () => (await import('./cli/start.ts')).start,
  check: async () => (await import('./cli/check.ts')).check,
  run: async () => (await import('./cli/run.ts')).run,
  work: async () => (await import('./cli/work.ts')).work,
  resume: async () => (await import('./cli/resume.ts')).resume,
  questions: async () => (await import('./cli/questions.ts')).questions,
  answer: async () => (await import('./cli/answer.ts')).answer,
  replay: async () => (await import('./cli/replay.ts')).replay,
  record: async () => (await import('./cli/record.ts')).record,
  test: async () => (await import('./cli/test.ts')).test,
  accept: async () => (await import('./cli/accept.ts')).accept,
  schema: async () => (await import('./cli/schema.ts')).schema,
};

const usage = `switchyard COMMAND

  start      serves the application
  check      tells the problems of a flow
  run        runs a flow, whole or from what an earlier run recorded
  resume     goes on with an interrupted run
  questions  lists what runs ask people
  answer     answers a question of a run that waits
  replay     runs a kept run again without calling anything
  record     makes a regression test of a kept run
  test       runs recorded tests
  work       makes calls for servers on the distributed engine
  accept     accepts what a connection offers
  schema     prints the JSON Schema of a document

switchyard COMMAND --help tells more; --version prints the version.`;

/** Runs the command line; gives the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  settleHeap();
  const [name, ...args] = argv;
  const surroundings = surround(process.env);
  if (name === '--version' || name === '-v') {
    surroundings.print(surroundings.version);
    return exitCodes.done;
  }
  if (name === '--help' || name === '-h' || name === 'help') {
    surroundings.print(usage);
    return exitCodes.done;
  }
  const load = name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!load) {
    surroundings.note(`${name === undefined ? 'A command is missing.' : `There is no command "${name}".`}\n\n${usage}`);
    return exitCodes.refused;
  }
  // Whatever a command writes is its user's own.
  process.umask(0o077);
  const command = await load();
  const flags = args.slice(0, args.includes('--') ? args.indexOf('--') : undefined);
  if (flags.includes('--help') || flags.includes('-h')) {
    surroundings.print(command.usage);
    return exitCodes.done;
  }
  try {
    return await command.run(args, surroundings);
  } catch (error) {
    const refusal = asRefusal(error);
    if (!refusal) throw error;
    return tellRefusal(refusal, { command, surroundings, asJson: flags.includes('--json') });
  }
}

function tellRefusal(refusal: CommandRefused, { command, surroundings, asJson }: { command: Command; surroundings: Surroundings; asJson: boolean }): number {
  if (asJson) surroundings.print(JSON.stringify({ diagnostics: refusal.diagnostics }));
  surroundings.note(refusal.isUsage ? usageText(refusal.message, command.usage) : refusal.message);
  if (!asJson) for (const diagnostic of refusal.diagnostics) if (diagnostic.message !== refusal.message) surroundings.note(diagnosticText(diagnostic));
  return exitCodes.refused;
}

function surround(environment: NodeJS.ProcessEnv): Surroundings {
  const registry = async () => (await import('@switchyard/engine/nodes')).kinds;
  const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8')) as { version: string };
  // Notes quote what models, services and documents say, and are for people: none of it moves the terminal.
  const note = (text: string) => void process.stderr.write(`${visibleText(text)}\n`);
  return {
    print: (text) => void process.stdout.write(`${text}\n`),
    note,
    version,
    registry,
    onInterrupt,
    defaultDataFolder: defaultDataFolder(environment),
    rememberedWorkspace,
    serverOf: (dataFolder) => serverOf(dataFolder, environment),
    prompt: process.stdin.isTTY && process.stderr.isTTY ? promptAtTerminal : undefined,
    openBrowser: (url) => openBrowser(url, environment, note),
    async findModels() {
      const { builtinModels, discoverModels } = await import('@switchyard/engine/adapters');
      const found = await discoverModels(environment);
      return { ...builtinModels, ...Object.fromEntries(Object.entries(found).map(([name, { model }]) => [name, model])) };
    },
    async openRuns(options) {
      const { openRuns } = await import('./build-runs.ts');
      return await openRuns(options, await registry(), environment);
    },
    async readOffer(options) {
      const { readOffer } = await import('./build-runs.ts');
      return await readOffer(options, environment);
    },
    databaseUrl: environment.SWITCHYARD_DATABASE_URL,
    retention: { days: environment.SWITCHYARD_KEEP_DAYS, runs: environment.SWITCHYARD_KEEP_RUNS },
    async openWorker(options) {
      const { openWorker } = await import('./build-worker.ts');
      return await openWorker(options, environment);
    },
    async serve(options) {
      const { serve } = await import('./build-server.ts');
      return await serve(options, { registry: await registry(), environment, version, interfaceFolder: join(import.meta.dirname, '../../web/dist') });
    },
  };
}

/** The first interrupt is passed on; a second one, a moment later, ends the process: whoever presses Ctrl+C twice means it. */
function onInterrupt(callback: () => void, orTerminate = false): () => void {
  const signals: NodeJS.Signals[] = orTerminate ? ['SIGINT', 'SIGTERM'] : ['SIGINT'];
  let firstAt: number | undefined;
  const listener = () => {
    if (firstAt !== undefined && Date.now() - firstAt > 500) process.exit(exitCodes.cancelled);
    if (firstAt !== undefined) return;
    firstAt = Date.now();
    callback();
  };
  for (const signal of signals) process.on(signal, listener);
  return () => {
    for (const signal of signals) process.off(signal, listener);
  };
}

/** Only where a person looks on: at a terminal, with a display. */
function openBrowser(url: string, environment: NodeJS.ProcessEnv, note: (text: string) => void): void {
  const opener =
    { darwin: ['open', url], win32: ['rundll32', 'url.dll,FileProtocolHandler', url] }[process.platform as string] ??
    (environment.DISPLAY || environment.WAYLAND_DISPLAY ? ['xdg-open', url] : undefined);
  const [program, ...args] = opener ?? [];
  if (program === undefined || !process.stdout.isTTY || environment.CI) return;
  const child = spawn(program, args, { stdio: 'ignore', detached: true });
  child.on('error', () => note('No browser could be opened; open the address above.'));
  child.unref();
}
