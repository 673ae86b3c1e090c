/** At start, goes on with every run that the last process left, in the background. */
import { builtinModels, type RunStore } from '@switchyard/engine/adapters';
import type { Workspace } from '@switchyard/shared';
import type { Logger } from 'pino';
import { readWorkspaceFile } from '../cli/documents.ts';
import { forgetWorkspace, rememberedWorkspace } from './run-workspaces.ts';
import type { Runner } from './runner-interface.ts';

export interface Interrupted {
  runs: RunStore;
  runner: Runner;
  /** Where runs of the command line have their workspace files noted. */
  folder: string;
  log: Logger;
  runnerFor(workspace: Workspace, baseDirectory: string): { runner: Runner; close(): Promise<void> };
}

/** Resolves once every run has ended; never rejects: a run that cannot go on is told in the log. */
export async function resumeInterrupted(interrupted: Interrupted): Promise<void> {
  const { runs, log } = interrupted;
  await Promise.all(
    runs.unfinished().map(async (run) => {
      try {
        const { status } = await resumeOne(interrupted, run);
        log.info({ run, status }, 'an interrupted run went on and ended');
      } catch (error) {
        log.error({ run, err: error }, 'an interrupted run could not go on');
      }
    }),
  );
}

async function resumeOne({ runner, folder, runnerFor }: Interrupted, run: string) {
  const file = rememberedWorkspace(folder, run);
  if (file === undefined) return await runner.resume(run);
  const { workspace, folder: baseDirectory } = readWorkspaceFile(file);
  const own = runnerFor({ ...workspace, models: { ...builtinModels, ...workspace.models } }, baseDirectory);
  try {
    const result = await own.runner.resume(run);
    if (result.status !== 'waiting') forgetWorkspace(folder, run);
    return result;
  } finally {
    await own.close();
  }
}
