/**
 * The editor: one open document, which flow of it is open, its history, what is selected, what is derived from it, and how it is kept safe. No React here:
 * components read it through `useEditor` (src/use-editor.ts) and change it only through `edit` with the commands of commands.ts.
 *
 * For panels:
 *   useEditor((state) => state.shown.nodes[id])             any part of the state; draws again when that part changes
 *   editor.edit('Set model', (flow) => setField(flow, { node, field, value }), { merge: `${node}.${field}` })
 *   editor.seal()                                           on blur: the next change is an undo step of its own
 *   editor.face(node)                                       kind, title, summary, ports of a node, known at once (node-face.ts)
 *   editor.select([id]); editor.undo(); editor.redo()
 *   state.here.byNode.get(id)                               diagnostics at a node, from compile in idle moments (derive-levels.ts)
 *   editor.openLevel(level); editor.leave()                 which flow of the document is open (levels.ts)
 *   state.workspace.models / .connections                   names with tiers for pickers (workspace-names.ts); editor.setWorkspace(answer)
 *   state.reveal                                            a field that a panel is asked to show, from editor.revealField(node, field)
 *
 * 1. The document changes only in `edit`, `editDocument`, `undo`, `redo` and `open`; while a past run is shown (`frozen`) only `open` changes it.
 * 2. Every change goes to autosave in the same tick.
 * 3. `level`, `flow`, `shown`, `here` and `selection` always fit one another and the document: they change together, in `settle`.
 */
import type { Registry } from '@switchyard/engine';
import { emptyFlow, type Diagnostic, type Flow, type FlowNode } from '@switchyard/shared';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { createAutosave, type DraftStore, type FlowServer, type SaveState, type StoredFlow, type Timers } from './autosave.ts';
import { createDeriver, nothingDerived, type Compile, type Derived, type Idle } from './derive.ts';
import { nothingAtLevel, type LevelDerived } from './derive-levels.ts';
import { emptyHistory, recordChange, redoStep, sealHistory, undoStep, type History, type Moved } from './history.ts';
import { changeAt, flowAt, flowNameAt, isSameLevel, settleLevels, standing, topLevel, type Level } from './levels.ts';
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
  /** All that is being edited and saved. */
  document: Flow;
  /** Which flow of the document is open. */
  level: Level;
  /** The open flow as it is edited: the document seen at the level. */
  flow: Flow;
  /** The open flow as it is on screen: `flow`, or that level of the past run shown. */
  shown: Flow;
  revision: number;
  saveState: SaveState;
  history: History;
  selection: SelectionState;
  derived: Derived;
  /** What of that is about the open flow. */
  here: LevelDerived;
  workspace: WorkspaceNames;
  /** The document of a past run, shown instead of `document` and not to be changed. */
  frozen: Flow | undefined;
  /** A field that the inspector is asked to show; `count` grows so that the same field can be asked for again. */
  reveal: { node: string; field: string; count: number } | undefined;
}

export interface EditOptions {
  /** Changes with the same key that follow one another soon are one undo step. */
  merge?: string;
  /** What is selected afterwards. */
  select?: readonly string[];
  /** The level that the change is about; the open one, if nothing is said. */
  level?: Level;
  /** The level that is open afterwards. */
  open?: Level;
}

export interface Editor {
  readonly store: StoreApi<EditorState>;
  readonly registry: Registry;
  state(): EditorState;
  face(node: FlowNode): NodeFace;
  /** Opens a document; with `isDraft` the server does not hold it as it is yet. */
  open(stored: StoredFlow, isDraft?: boolean): void;
  /** Changes the open flow: its nodes, wires and layout. `label` names the undo step. */
  edit(label: string, command: (flow: Flow) => Flow, options?: EditOptions): void;
  /** Changes what belongs to the document as a whole: its name, limits, and flows. */
  editDocument(label: string, command: (document: Flow) => Flow, options?: EditOptions): void;
  undo(): void;
  redo(): void;
  /** The next change is an undo step of its own, whatever its merge key. */
  seal(): void;
  select(nodes: readonly string[], wires?: readonly WireId[]): void;
  /** Opens a flow of the document; what was selected there before is selected again. */
  openLevel(level: Level): void;
  /** Goes back to the level from which the open flow was entered. */
  leave(): void;
  /** Selects a node, of the open flow if no level is given, and shows a field of it. */
  revealField(node: string, field: string, level?: Level): void;
  freeze(flow: Flow | undefined): void;
  setWorkspace(workspace: WorkspaceNames): void;
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
const fresh = {
  history: emptyHistory,
  level: topLevel,
  selection: noSelection,
  derived: nothingDerived,
  here: nothingAtLevel,
  frozen: undefined,
  reveal: undefined,
};

/** An editor with an empty document that is stored nowhere. */
export function createEditor(environment: EditorEnvironment): Editor {
  const empty = emptyFlow('Untitled');
  const store = createStore<EditorState>(() => ({
    ...fresh,
    flowId: undefined,
    document: empty,
    flow: empty,
    shown: empty,
    revision: 0,
    saveState: { name: 'saved' },
    workspace: noWorkspace,
  }));
  const state = () => store.getState();
  const left = new Map<string | undefined, SelectionState>();
  const set = (change: Partial<EditorState>) => store.setState(settle(state(), change, left));
  const faces = createFaces(environment.registry, () => state().shown.flows);
  const known = () => (state().workspace.isKnown ? state().workspace.document : undefined);
  const deriver = createDeriver(environment, (derived) => set({ derived }));
  const autosave = createAutosave({ ...environment, onState: (saveState, revision) => store.setState({ saveState, revision }) });

  const put = (document: Flow, change: Partial<EditorState>) => {
    set({ ...change, document });
    autosave.changed(document);
    deriver.update(document, known());
  };
  const step = (moved: Moved | undefined) => {
    if (moved && !state().frozen) put(moved.flow, { history: moved.history, level: moved.level });
  };
  const editDocument: Editor['editDocument'] = (label, command, { merge, select, level = state().level, open } = {}) => {
    const { document: before, history, frozen } = state();
    if (frozen) return;
    const chosen = { ...(open && { level: open }), ...(select && { selection: { nodes: select, wires: [] } }) };
    const changed = command(before);
    if (changed === before) {
      set(chosen);
      return;
    }
    const after = settleLevels(before, changed, faces);
    put(after, { history: recordChange(history, { before, after }, { label, merge, at: environment.now(), level, opened: open }), ...chosen });
  };

  return {
    store,
    registry: environment.registry,
    state,
    face: faces,
    open(stored, isDraft = false) {
      set({ ...fresh, flowId: stored.id, document: stored.flow, revision: stored.revision });
      left.clear();
      autosave.open(stored, isDraft);
      deriver.now(stored.flow, known());
    },
    edit: (label, command, options) => editDocument(label, (document) => changeAt(document, state().level, command), options),
    editDocument,
    undo: () => step(undoStep(state().history, state().document)),
    redo: () => step(redoStep(state().history, state().document)),
    seal: () => store.setState({ history: sealHistory(state().history) }),
    select: (nodes, wires = []) => set({ selection: { nodes, wires } }),
    openLevel: (level) => set({ level }),
    leave: () => set({ level: state().level.slice(0, -1) }),
    revealField(node, field, level = state().level) {
      const count = (state().reveal?.count ?? 0) + 1;
      set({ level, selection: { nodes: [node], wires: [] }, reveal: { node, field, count } });
    },
    freeze: (frozen) => set({ frozen }),
    setWorkspace(workspace) {
      store.setState({ workspace });
      deriver.update(state().document, known());
    },
    diagnose: (flow) => environment.compile(flow, known())?.diagnostics ?? [],
    check() {
      if (state().derived.of !== state().document) deriver.now(state().document, known());
      return state().derived;
    },
    flush: () => autosave.flush(),
  };
}

/** The change, with what follows from it; `left` remembers what was selected in flows that are not open. */
function settle(before: EditorState, change: Partial<EditorState>, left: Map<string | undefined, SelectionState>): Partial<EditorState> {
  const { document, frozen, derived, level: wished } = { ...before, ...change };
  const outermost = frozen ?? document;
  const level = standing(wished, outermost);
  const name = flowNameAt(level);
  const shown = flowAt(outermost, level);
  let selection = change.selection ?? before.selection;
  if (name !== flowNameAt(before.level)) {
    left.set(flowNameAt(before.level), before.selection);
    const remembered = left.get(name) ?? noSelection;
    selection = change.selection ?? (isAny(remembered) ? remembered : enteredThrough(before.level, level));
  }
  selection = stillThere(selection, shown);
  return {
    ...change,
    level: isSameLevel(level, before.level) ? before.level : level,
    flow: flowAt(document, level),
    shown,
    here: derived.levels.get(name) ?? nothingAtLevel,
    selection: isSameSelection(selection, before.selection) ? before.selection : selection,
  };
}

function isAny({ nodes, wires }: SelectionState): boolean {
  return nodes.length > 0 || wires.length > 0;
}

/** Whoever comes back stands where they went in. */
function enteredThrough(inner: Level, outer: Level): SelectionState {
  const node = inner.length > outer.length ? inner[outer.length]?.node : undefined;
  return node === undefined ? noSelection : { nodes: [node], wires: [] };
}

/** What of a selection the document still has. */
function stillThere({ nodes, wires }: SelectionState, flow: Flow): SelectionState {
  if (!isAny({ nodes, wires })) return noSelection;
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
