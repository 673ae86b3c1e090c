/** The runs of a data folder, for commands that look at them or answer them: read here, or asked of the server that holds the folder. */
import type { Divergence } from '@switchyard/engine/run';
import { FailureError, type Answer, type OpenWait, type RunResult } from '@switchyard/shared';
import { recordTest } from '../work/recorded-test.ts';
import { readRecorded, replay } from '../work/recorded-run.ts';
import type { StoredRun } from '../work/runner-interface.ts';
import { CommandRefused, type OpenRuns, type Surroundings } from './command.ts';
import { dirname } from 'node:path';
import { readWorkspaceFile } from './documents.ts';
import { callServer, type KnownServer } from './server-client.ts';

export interface KeptRuns {
  /** Throws a refusal where the run that is named is not there: it would be told as one that asks nothing. */
  questions(filter: { run?: string }): Promise<OpenWait[]>;
  /** False where another answer came first. */
  answer(run: string, key: string, answer: Answer): Promise<boolean>;
  replay(run: string): Promise<Divergence | undefined>;
  record(run: string, name?: string): Promise<string>;
  /** Goes on with the run here; absent where a server does. */
  resume?(run: string): Promise<RunResult>;
  /** Where the folder is held by this process. */
  open?: OpenRuns;
  close(): Promise<void>;
}

export interface KeptRunsOptions {
  dataFolder: string;
  /** Its workspace is needed to go on with it. */
  run?: string;
  /** Instead of the one that the run was started with. */
  workspaceFile?: string;
}

/** Throws a refusal where the folder is held by a process that cannot be asked. */
export async function openKeptRuns(options: KeptRunsOptions, surroundings: Surroundings): Promise<KeptRuns> {
  let open: OpenRuns;
  try {
    open = await openFolder(options, surroundings);
  } catch (error) {
    const isLocked = error instanceof FailureError && error.failure.code === 'data-folder-locked';
    const server = isLocked ? surroundings.serverOf(options.dataFolder) : undefined;
    if (!server) throw error;
    surroundings.note(`The data folder is held by the server at ${server.url}, which is asked.`);
    return servedRuns(server);
  }
  return await localRuns(open, surroundings);
}

/** The data folder with the workspace that a run needs. */
export async function openFolder({ dataFolder, run, workspaceFile }: KeptRunsOptions, surroundings: Surroundings): Promise<OpenRuns> {
  const file = workspaceFile ?? (run === undefined ? undefined : surroundings.rememberedWorkspace(dataFolder, run));
  const located = file === undefined ? undefined : readWorkspaceFile(file);
  return await surroundings.openRuns({
    dataFolder,
    baseDirectory: located ? dirname(located.file) : dataFolder,
    ...(located && {
      workspace: { ...located.workspace, models: { ...(await surroundings.findModels()), ...located.workspace.models } },
      workspaceFile: located.file,
    }),
  });
}

async function localRuns(open: OpenRuns, surroundings: Surroundings): Promise<KeptRuns> {
  const { runner } = open;
  const stored = async (run: string): Promise<StoredRun> => {
    const found = await runner.get(run);
    if (!found) throw new CommandRefused(`The data folder keeps no run with the id "${run}".`);
    return found;
  };
  return {
    questions: async (filter) => {
      const open = await runner.questions(filter);
      if (open.length === 0 && filter.run !== undefined) await stored(filter.run);
      return open;
    },
    answer: (run, key, answer) => runner.answer(run, key, answer),
    replay: async (run) => await replay(await readRecorded(runner, await stored(run)), await surroundings.registry()),
    record: async (run, name) => await recordTest(runner, await stored(run), name),
    resume: (run) => runner.resume(run),
    open,
    close: () => open.close(),
  };
}

function servedRuns(server: KnownServer): KeptRuns {
  return {
    questions: async (filter) => {
      const open = (await callServer(server, 'query', { path: 'runs.questions', input: filter })) as OpenWait[];
      if (open.length === 0 && filter.run !== undefined) await callServer(server, 'query', { path: 'runs.get', input: { run: filter.run } });
      return open;
    },
    answer: async (run, key, answer) =>
      ((await callServer(server, 'mutation', { path: 'runs.answer', input: { run, key, answer } })) as { accepted: boolean }).accepted,
    replay: async (run) => ((await callServer(server, 'query', { path: 'runs.replay', input: { run } })) as { divergence?: Divergence }).divergence,
    record: async (run, name) =>
      ((await callServer(server, 'query', { path: 'runs.record', input: { run, ...(name !== undefined && { name }) } })) as { text: string }).text,
    close: async () => {},
  };
}
