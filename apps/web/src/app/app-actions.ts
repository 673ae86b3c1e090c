/** The actions of this window, over its editor, canvas, runs, files and dialogs. */
import { create } from 'zustand';
import { messageOf } from '../api/api-error.ts';
import { saveFile } from '../browser-files.ts';
import { createFlow, openFlowText } from '../browser-flows.ts';
import { canvasControl } from '../canvas/canvas-control.ts';
import type { Action, ActionHost, DialogName } from '../editor/action.ts';
import { createActions } from '../editor/actions.ts';
import { keysText } from '../editor/keys.ts';
import { pasteText } from '../editor/selection-edits.ts';
import { importFlowText } from '../flows/imported-flow.ts';
import { togglePin, whyNoPin } from '../run/pins.ts';
import { runOrStop } from '../run/run-flow.ts';
import { runStore } from '../run/run-store.ts';
import { canBegin, runFromNode, runNodeAlone, runToNode } from '../run/seeded-run.ts';
import { endedRun, runStatus } from '../run/use-run.ts';
import { loadPatiently } from '../ui/lazy-part.ts';
import { sayDone, sayFailed } from '../ui/messages.ts';
import { editor, session } from '../use-editor.ts';
import { nextPanel } from './panels.ts';

interface Dialogs {
  open: DialogName | undefined;
}

/** The dialog that is open. */
export const useDialogs = create<Dialogs>(() => ({ open: undefined }));

export function openDialog(open: DialogName | undefined): void {
  useDialogs.setState({ open });
}

const isMac = /mac/i.test(navigator.platform);

const host: ActionHost = {
  editor,
  session,
  canvas: canvasControl,
  run: {
    start: () => void runOrStop(),
    stop: () => void runOrStop(),
    isRunning: () => ['starting', 'running', 'waiting'].includes(runStatus(runStore.getState())),
    canBegin,
    fromNode: (node) => void runFromNode(node),
    nodeAlone: (node) => void runNodeAlone(node),
    toNode: (node) => void runToNode(node),
    whyNoPin,
    togglePin: (node) => void togglePin(node),
    hasEnded: () => endedRun() !== undefined,
    saveAsTest: () => attempt(recorded().then(({ recordRun }) => recordRun())),
    replay: () => attempt(recorded().then(({ replayRun }) => replayRun())),
  },
  files: {
    create: () => attempt(createFlow()),
    duplicate: () => attempt(createFlow({ ...editor.state().document, name: `${editor.state().document.name} copy`.slice(0, 200) })),
    importFile: () => void chooseFile().then((text) => (text === undefined ? undefined : importFlowText(text))),
    download: () => saveFile(editor.state().document.name, openFlowText()),
    copyText: () => void copy(openFlowText()).then(() => sayDone('The flow was copied as JSON.')),
  },
  clipboard: {
    copy: (text) => void copy(text),
    paste: () =>
      void navigator.clipboard
        .readText()
        .then(pasteHere, () => sayFailed('The browser does not let pages read the clipboard. Press Ctrl+V on the canvas instead.')),
  },
  makeFlow: () => attempt(makeFlow()),
  openDialog,
  nextPanel,
  say: (message) => sayDone(message),
};

/** Every action of the window. */
export const actions: readonly Action[] = createActions(host);

/** One action by its title. */
export function actionNamed(title: string): Action {
  const action = actions.find((each) => each.title === title);
  if (!action) throw new Error(`There is no action "${title}"`);
  return action;
}

/** The first keys of an action, as shown; undefined where it has none. */
export function keysOf(action: Action): string | undefined {
  return action.keys[0] === undefined ? undefined : keysText(action.keys[0], isMac);
}

/** All keys of an action, as shown. */
export function allKeysOf(action: Action): string[] {
  return action.keys.map((keys) => keysText(keys, isMac));
}

/** Is the window's keyboard a Mac's? */
export const hasCommandKey = isMac;

/** Pastes text where the canvas is aimed at. */
export function pasteHere(text: string): void {
  if (editor.state().frozen) return;
  const refusal = pasteText(editor, text, canvasControl()?.aim() ?? [0, 0]);
  if (refusal) sayFailed(refusal);
}

function attempt(work: Promise<unknown>): void {
  work.catch((error: unknown) => sayFailed(messageOf(error)));
}

// Loaded when they are first asked for: the start need not wait for them.

function recorded() {
  return loadPatiently(() => import('../run/recorded-run.ts'));
}

async function makeFlow(): Promise<void> {
  const { collapseSelection } = await loadPatiently(() => import('../editor/collapse.ts'));
  const why = collapseSelection(editor);
  if (why !== undefined) sayFailed(why);
}

async function copy(text: string): Promise<void> {
  await navigator.clipboard.writeText(text).catch(() => sayFailed('The browser does not let pages write to the clipboard.'));
}

function chooseFile(): Promise<string | undefined> {
  return new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.accept = '.json,application/json';
    input.onchange = () => {
      const [file] = input.files ?? [];
      resolve(file?.text());
    };
    input.oncancel = () => resolve(undefined);
    input.click();
  });
}
