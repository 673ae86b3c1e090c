/**
 * The editor: one open document, its history, what is selected, what is derived from it, and how it is kept safe. No React here:
 * components read it through `useEditor` (src/use-editor.ts) and change it only through `edit` with the commands of commands.ts.
 *
 * For panels:
 *   useEditor((state) => state.flow.nodes[id])              any part of the state; draws again when that part changes
 *   editor.edit('Set model', (flow) => setField(flow, { node, field, value }), { merge: `${node}.${field}` })
 *   editor.seal()                                           on blur: the next change is an undo step of its own
 *   editor.face(node)                                       kind, title, summary, ports of a node, known at once (node-face.ts)
 *   editor.select([id]); editor.undo(); editor.redo()
 *   state.derived.byNode.get(id)                            diagnostics at a node, from compile in idle moments (derive.ts)
 *   state.workspace.models / .connections                   names with tiers for pickers (workspace-names.ts); editor.setWorkspace(answer)
 *   state.reveal                                            a field that a panel is asked to show, from editor.revealField(node, field)
 *
 * 1. The document changes only in `edit`, `undo`, `redo` and `open`; while a past run is shown (`frozen`) the first three change nothing.
 * 2. Every change goes to autosave in the same tick.
 */
import type { Registry } from '@switchyard/engine';
import { emptyFlow, type Diagnostic, type Flow, type FlowNode } from '@switchyard/shared';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { createAutosave, type DraftStore, type FlowServer, type SaveState, type StoredFlow, type Timers } from './autosave.ts';
import { settleLayout } from './auto-layout.ts';
import { createDeriver, nothingDerived, type Compile, type Derived, type Idle } from './derive.ts';
import { emptyHistory, recordChange, redoStep, sealHistory, undoStep, type History } from './history.ts';
import { createFaces, type NodeFace } from './node-face.ts';
import { grantId, linkId, type WireId } from './wire-commands.ts';
import { noWorkspace, type WorkspaceNames } from './workspace-names.ts';

export interface SelectionState {
  nodes: readonly string[];
  wires: readonly WireId[];
}

export interface EditorState {
  /** Undefined while nothing is open. */
  flowId: string | undefined;
  flow: Flow;
  revision: number;
  saveState: SaveState;
  history: History;
  selection: SelectionState;
  derived: Derived;
  workspace: WorkspaceNames;
  /** Ids of the flows that the server holds, as last heard. */
  savedFlows: readonly string[];
  /** The document of a past run, shown instead of `flow` and not to be changed. */
  frozen: Flow | undefined;
  /** A field that the inspector is asked to show; `count` grows so that the same field can be asked for again. */
  reveal: { node: string; field: string; count: number } | undefined;
}

export interface EditOptions {
  /** Changes with the same key that follow one another soon are one undo step. */
  merge?: string;
  /** What is selected afterwards. */
  select?: readonly string[];
}

export interface Editor {
  readonly store: StoreApi<EditorState>;
  readonly registry: Registry;
  state(): EditorState;
  /** The document on screen: the one being edited, or that of the past run shown. */
  shown(): Flow;
  face(node: FlowNode): NodeFace;
  /** Opens a document; with `isDraft` the server does not hold it as it is yet. */
  open(stored: StoredFlow, isDraft?: boolean): void;
  /** The one way in which the document changes. `label` names the undo step. */
  edit(label: string, command: (flow: Flow) => Flow, options?: EditOptions): void;
  undo(): void;
  redo(): void;
  /** The next change is an undo step of its own, whatever its merge key. */
  seal(): void;
  select(nodes: readonly string[], wires?: readonly WireId[]): void;
  revealField(node: string, field: string): void;
  freeze(flow: Flow | undefined): void;
  setWorkspace(workspace: WorkspaceNames): void;
  setSavedFlows(ids: readonly string[]): void;
  /** What is wrong with another document, as far as the workspace is known; nothing as long as the compiler is not there. */
  diagnose(flow: Flow): readonly Diagnostic[];
  /** Compiles the document now and gives the result. */
  check(): Derived;
  /** Saves now what waits. */
  flush(): Promise<void>;
}

/** The world around the editor, so that tests can stand in for it. */
export interface EditorEnvironment {
  registry: Registry;
  compile: Compile;
  server: FlowServer;
  drafts: DraftStore;
  timers: Timers;
  idle: Idle;
  /** ms since the epoch. */
  now(): number;
}

const noSelection: SelectionState = { nodes: [], wires: [] };

/** What each document begins with. */
const fresh = { history: emptyHistory, selection: noSelection, derived: nothingDerived, frozen: undefined, reveal: undefined };

/** An editor with an empty document that is stored nowhere. */
export function createEditor(environment: EditorEnvironment): Editor {
  const store = createStore<EditorState>(() => ({
    ...fresh,
    flowId: undefined,
    flow: emptyFlow('Untitled'),
    revision: 0,
    saveState: { name: 'saved' },
    workspace: noWorkspace,
    savedFlows: [],
  }));
  const state = () => store.getState();
  const faces = createFaces(environment.registry, () => (state().frozen ?? state().flow).flows);
  const known = () => (state().workspace.isKnown ? state().workspace.document : undefined);
  const deriver = createDeriver(environment.compile, environment.idle, (derived) => store.setState({ derived }));
  const autosave = createAutosave({ ...environment, onState: (saveState, revision) => store.setState({ saveState, revision }) });

  const put = (flow: Flow, change: Partial<EditorState>) => {
    store.setState({ ...change, flow, selection: stillThere(change.selection ?? state().selection, flow) });
    autosave.changed(flow);
    deriver.update(flow, known());
  };
  const step = (moved: ReturnType<typeof undoStep>) => {
    if (moved && !state().frozen) put(moved.flow, { history: moved.history });
  };

  return {
    store,
    registry: environment.registry,
    state,
    shown: () => state().frozen ?? state().flow,
    face: faces,
    open(stored, isDraft = false) {
      store.setState({ ...fresh, flowId: stored.id, flow: stored.flow, revision: stored.revision });
      autosave.open(stored, isDraft);
      deriver.now(stored.flow, known());
    },
    edit(label, command, { merge, select } = {}) {
      const { flow: before, history, frozen } = state();
      if (frozen) return;
      const changed = command(before);
      if (changed === before) {
        if (select) store.setState({ selection: stillThere({ nodes: select, wires: [] }, before) });
        return;
      }
      const after = settleLayout(before, changed, faces);
      const recorded = recordChange(history, { before, after }, { label, merge, at: environment.now() });
      put(after, { history: recorded, ...(select && { selection: { nodes: select, wires: [] } }) });
    },
    undo: () => step(undoStep(state().history, state().flow)),
    redo: () => step(redoStep(state().history, state().flow)),
    seal: () => store.setState({ history: sealHistory(state().history) }),
    select(nodes, wires = []) {
      const next = stillThere({ nodes, wires }, state().frozen ?? state().flow);
      if (!isSameSelection(next, state().selection)) store.setState({ selection: next });
    },
    revealField(node, field) {
      const count = (state().reveal?.count ?? 0) + 1;
      store.setState({ selection: stillThere({ nodes: [node], wires: [] }, state().flow), reveal: { node, field, count } });
    },
    freeze: (frozen) => store.setState({ frozen, selection: stillThere(state().selection, frozen ?? state().flow) }),
    setWorkspace(workspace) {
      store.setState({ workspace });
      deriver.update(state().flow, known());
    },
    setSavedFlows: (savedFlows) => store.setState({ savedFlows }),
    diagnose: (flow) => environment.compile(flow, known())?.diagnostics ?? [],
    check() {
      if (state().derived.of !== state().flow) deriver.now(state().flow, known());
      return state().derived;
    },
    flush: () => autosave.flush(),
  };
}

/** What of a selection the document still has. */
function stillThere({ nodes, wires }: SelectionState, flow: Flow): SelectionState {
  if (nodes.length === 0 && wires.length === 0) return noSelection;
  const named = wires.length === 0 ? undefined : new Set<string>([...flow.links.map(linkId), ...flow.grants.map(grantId)]);
  return { nodes: nodes.filter((id) => Object.hasOwn(flow.nodes, id)), wires: wires.filter((id) => named?.has(id)) };
}

function isSameSelection(one: SelectionState, other: SelectionState): boolean {
  return (
    one.nodes.length === other.nodes.length &&
    one.wires.length === other.wires.length &&
    one.nodes.every((id, index) => id === other.nodes[index]) &&
    one.wires.every((id, index) => id === other.wires[index])
  );
}
