/** What an action is: one thing a person can do, named once, from which menus, tooltips, keys, the command bar and the help are made. */
import type { Position } from '@switchyard/shared';
import type { Editor } from './editor-store.ts';
import type { SessionStore } from './session.ts';

export type ActionGroup = 'Run' | 'Edit' | 'Add' | 'View' | 'Walk' | 'Flow' | 'Help';

/** Why something cannot be done, and what to do about it. */
export type Refusal = readonly [what: string, hint?: string];

export interface Action {
  id: string;
  title: string;
  group: ActionGroup;
  /** What else people call it; the command bar answers to these words too. */
  words?: string;
  /** Any of these presses, such as "Mod+K"; the first is the one shown. */
  keys: readonly string[];
  /** Name of its icon. */
  icon?: string;
  /** `anywhere`: also while typing. `canvas`: only while the canvas has the focus. Else: unless someone is typing. */
  scope: 'anywhere' | 'window' | 'canvas';
  /** The browser does it itself on these keys (copy, paste): they are shown, not caught. */
  isNative?: true;
  isEnabled(): boolean;
  /** What whoever presses its key is told while it is not enabled; undefined where nothing has to be. */
  whyNot(): Refusal | undefined;
  run(): void;
}

/** The canvas as actions use it; absent while no canvas is on screen. */
export interface CanvasControl {
  /** Shows all nodes, or those named. */
  fit(nodes?: readonly string[]): void;
  zoomTo(zoom: number): void;
  zoomBy(factor: number): void;
  /** Brings a node into view, moving no more than needed. */
  reveal(node: string): void;
  rename(node: string): void;
  /** Opens the picker of kinds in the middle of what is seen. */
  openPicker(): void;
  /** Opens the picker of wires that the node could get. */
  openWirePicker(node: string): void;
  /** Where new things are put: the pointer's last place, or the middle of what is seen. */
  aim(): Position;
  focus(): void;
}

/** Runs as actions use them. */
export interface RunControl {
  start(): void;
  stop(): void;
  isRunning(): boolean;
  /** Whether a run may be begun at this node now. */
  canBegin(node: string): boolean;
  fromNode(node: string): void;
  nodeAlone(node: string): void;
  toNode(node: string): void;
  /** Why the outputs of the node cannot be pinned, and what to do; undefined where they can, or are. */
  whyNoPin(node: string): Refusal | undefined;
  togglePin(node: string): void;
  /** Whether a run that has ended is on screen. */
  hasEnded(): boolean;
  saveAsTest(): void;
  replay(): void;
}

export type DialogName = 'commands' | 'find' | 'help';

/** What actions act on. */
export interface ActionHost {
  editor: Editor;
  session: SessionStore;
  canvas(): CanvasControl | undefined;
  run: RunControl;
  files: { create(): void; importFile(): void; download(): void; copyText(): void; duplicate(): void };
  clipboard: { copy(text: string): void; paste(): void };
  /** Makes a flow of what is selected, or says why that cannot be. */
  makeFlow(): void;
  openDialog(name: DialogName): void;
  nextPanel(step: 1 | -1): void;
  /** Tells of something that was done and can be undone, or why it was not. */
  say(message: string): void;
}
