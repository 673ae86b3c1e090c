/** What is done with a run that has ended: it is saved as a test, or replayed to see whether the engine takes the same way again. */
import type { Divergence } from '@switchyard/engine/run';
import { create } from 'zustand';
import { saveFile } from '../browser-files.ts';
import { messageOf } from '../api/api-error.ts';
import { sayDone, sayFailed } from '../ui/messages.ts';
import { session } from '../use-editor.ts';
import { serverRuns } from './run-source.ts';
import { runStore } from './run-store.ts';
import { openRow } from './trace-selection.ts';
import { endedRun } from './use-run.ts';

interface ReplayState {
  /** The run that was replayed last, or is being replayed. */
  run: string | undefined;
  isUnderWay: boolean;
  divergence: Divergence | undefined;
}

/** The last replay, as the trace shows it. */
export const useReplay = create<ReplayState>(() => ({ run: undefined, isUnderWay: false, divergence: undefined }));

/** Replays the run on screen; what came of it stands with the run's row in the trace. */
export async function replayRun(): Promise<void> {
  const run = endedRun();
  if (run === undefined) return;
  session.setState({ isDockOpen: true, dockTab: 'trace' });
  openRow('run');
  useReplay.setState({ run, isUnderWay: true, divergence: undefined });
  try {
    const { divergence } = await serverRuns.replay(run);
    if (useReplay.getState().run === run) useReplay.setState({ isUnderWay: false, divergence });
  } catch (error) {
    useReplay.setState({ run: undefined, isUnderWay: false });
    sayFailed('The run could not be replayed.', messageOf(error));
  }
}

/** Hands the run on screen over as the text of a test. */
export async function recordRun(): Promise<void> {
  const run = endedRun();
  if (run === undefined) return;
  try {
    const { text } = await serverRuns.record(run);
    // The name by which "switchyard test" finds tests.
    saveFile(runStore.getState().flow?.name ?? 'run', text, '.test.json');
    sayDone('The run was saved as a test. Put the file beside the flow and run "switchyard test".');
  } catch (error) {
    sayFailed('The run could not be saved as a test.', messageOf(error));
  }
}
