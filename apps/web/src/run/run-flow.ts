/** Run and stop, as the button, the keys and the command bar do: the open flow as it is drawn, with the inputs as typed. */
import type { Flow, JsonObject } from '@switchyard/shared';
import { create } from 'zustand';
import { messageOf } from '../api/api-error.ts';
import { sayFailed } from '../ui/messages.ts';
import { editor, session } from '../use-editor.ts';
import { inputFields, readInputs } from './run-inputs.ts';
import { pinnedSeed } from './pins.ts';
import { runStore } from './run-store.ts';
import { runStatus } from './use-run.ts';

interface RunForm {
  /** By field name. */
  mistakes: Readonly<Record<string, string>>;
  /** Grows whenever a run was asked for with mistakes, so that the form takes the focus. */
  refused: number;
}

/** What is wrong with the inputs as typed, told when a run is asked for. */
export const useRunForm = create<RunForm>(() => ({ mistakes: {}, refused: 0 }));

/** What is typed anew is not held against anyone. */
export function forgetMistake(field: string): void {
  const { [field]: mistake, ...mistakes } = useRunForm.getState().mistakes;
  if (mistake !== undefined) useRunForm.setState({ mistakes });
}

/**
 * What a run of the open flow is given, as typed; a field left empty takes what it has in `otherwise`. What keeps the flow from running is shown where it
 * can be mended, and undefined is given.
 */
export function readyInputs(flow: Flow, flowId: string, otherwise: JsonObject = {}): JsonObject | undefined {
  const typed = session.getState().drafts[flowId] ?? {};
  const isTyped = (value: unknown) => value !== undefined && !(typeof value === 'string' && value.trim() === '');
  const given = { ...otherwise, ...Object.fromEntries(Object.entries(typed).filter(([, value]) => isTyped(value))) };
  const { inputs, mistakes } = readInputs(inputFields(flow, editor.face), given);
  if (Object.keys(mistakes).length > 0) {
    session.setState({ isDockOpen: true, dockTab: 'run' });
    useRunForm.setState((state) => ({ mistakes, refused: state.refused + 1 }));
    return undefined;
  }
  useRunForm.setState({ mistakes: {} });
  session.setState(({ dockTab }) => ({ isDockOpen: true, dockTab: dockTab === 'trace' ? 'trace' : 'run' }));
  const { diagnostics, hasErrors } = editor.check();
  if (!hasErrors) return inputs;
  session.setState({ dockTab: 'run' });
  runStore.getState().refuse(
    'The flow has errors, so it does not run.',
    diagnostics.filter((diagnostic) => diagnostic.severity === 'error'),
  );
  return undefined;
}

/** Starts a run of the open flow. */
async function runOpenFlow(): Promise<void> {
  const { flowId } = editor.state();
  if (flowId === undefined) return;
  if (runStore.getState().mode === 'past') runStore.getState().close();
  const { document: flow } = editor.state();
  const inputs = readyInputs(flow, flowId);
  if (inputs) await runStore.getState().startRun({ flow, flowId, inputs, ...pinnedSeed(flow, flowId) });
}

// Another flow's run says nothing of the one that is opened: it leaves the screen, and goes on at the server.
editor.store.subscribe(({ flowId }, before) => {
  if (flowId !== before.flowId && runStore.getState().mode !== 'none') runStore.getState().close();
});

/** Stops the run on its way, or starts one. */
export async function runOrStop(): Promise<void> {
  if (!['starting', 'running', 'waiting'].includes(runStatus(runStore.getState()))) return runOpenFlow();
  try {
    await runStore.getState().cancel();
  } catch (error) {
    sayFailed('The run was not stopped', messageOf(error));
  }
}
