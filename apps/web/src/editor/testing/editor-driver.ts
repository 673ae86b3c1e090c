/** An editor driven in a person's words, on the real kinds and compiler, with a server, timers and a clock that the test holds in its hand. */
import { compile } from '@switchyard/engine/compile';
import { kinds } from '@switchyard/engine/nodes';
import { emptyFlow, flowText, type Flow, type Json, type Position } from '@switchyard/shared';
import { addKind } from '../add-kind.ts';
import { SaveConflictError, type StoredFlow } from '../autosave.ts';
import { connect, grant, moveNodes, setField, setTitle } from '../commands.ts';
import { createEditor, type Editor } from '../editor-store.ts';
import { copySelection, cutSelection, deleteSelection, duplicateSelection, pasteText } from '../selection-edits.ts';

export interface EditorDriver {
  editor: Editor;
  /** What the server holds. */
  server: { stored: StoredFlow; isDown: boolean; saves: number; refusal: Error | undefined; saveElsewhere(flow: Flow): void };
  drafts: Map<string, StoredFlow>;
  flow(): Flow;
  text(): string;
  adds(kind: string, at?: Position): string;
  links(from: string, to: string): void;
  grants(from: string, to: string): void;
  drags(id: string, at: Position): void;
  renames(id: string, title: string): void;
  types(node: string, field: string, text: Json): void;
  selects(...ids: string[]): void;
  copies(): string;
  cuts(): string;
  pastes(text: string, at?: Position): string | undefined;
  duplicates(): void;
  deletes(): void;
  undoes(): void;
  redoes(): void;
  /** Lets time pass; timers that fall due run. */
  waits(ms: number): Promise<void>;
}

/** An editor with a flow open, by default an empty one. */
export function openEditor(flow: Flow = emptyFlow('Test')): EditorDriver {
  const clock = createClock();
  const drafts = new Map<string, StoredFlow>();
  const server: EditorDriver['server'] = {
    stored: { id: 'flow', revision: 1, flow },
    isDown: false,
    saves: 0,
    refusal: undefined,
    saveElsewhere(other) {
      server.stored = { ...server.stored, revision: server.stored.revision + 1, flow: other };
    },
  };
  const editor = createEditor({
    registry: kinds,
    compile: (source, workspace) => compile(source, workspace, kinds),
    server: { save: (sent) => save(server, sent) },
    drafts: {
      read: async (id) => drafts.get(id),
      write: async (draft) => void drafts.set(draft.id, draft),
      remove: async (id) => void drafts.delete(id),
    },
    timers: clock.timers,
    idle: (task, ms) => {
      const timer = clock.timers.set(task, ms);
      return () => clock.timers.clear(timer);
    },
    now: clock.now,
  });
  editor.open(server.stored);
  return { editor, server, drafts, ...acts(editor), waits: clock.waits };
}

function acts(editor: Editor) {
  return {
    flow: () => editor.state().flow,
    text: () => flowText(editor.state().flow),
    adds: (kind: string, at: Position = [0, 0]) => {
      const known = kinds.get(kind);
      if (!known) throw new Error(`There is no kind "${kind}"`);
      return addKind(editor, known, { at });
    },
    links: (from: string, to: string) => editor.edit('Connect', (flow) => connect(flow, { from, to })),
    grants: (from: string, to: string) => editor.edit('Grant', (flow) => grant(flow, { from, to })),
    drags: (id: string, at: Position) => editor.edit('Move node', (flow) => moveNodes(flow, { [id]: at })),
    renames: (id: string, title: string) => editor.edit('Rename', (flow) => setTitle(flow, id, title)),
    types: (node: string, field: string, value: Json) => editor.edit('Set', (flow) => setField(flow, { node, field, value }), { merge: `${node}.${field}` }),
    selects: (...ids: string[]) => editor.select(ids),
    copies: () => copySelection(editor),
    cuts: () => cutSelection(editor),
    pastes: (text: string, at: Position = [0, 0]) => pasteText(editor, text, at),
    duplicates: () => duplicateSelection(editor),
    deletes: () => deleteSelection(editor),
    undoes: () => editor.undo(),
    redoes: () => editor.redo(),
  };
}

async function save(server: EditorDriver['server'], sent: StoredFlow): Promise<{ revision: number }> {
  server.saves += 1;
  if (server.isDown) throw new Error('The server does not answer.');
  if (server.refusal) throw server.refusal;
  if (sent.revision !== server.stored.revision) throw new SaveConflictError(server.stored);
  server.stored = { id: sent.id, revision: sent.revision + 1, flow: sent.flow };
  return { revision: server.stored.revision };
}

function createClock() {
  let at = 0;
  let lastId = 0;
  const due = new Map<number, { at: number; task: () => void }>();
  const settle = async () => {
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
  };
  return {
    now: () => at,
    timers: {
      set: (task: () => void, ms: number) => {
        lastId += 1;
        due.set(lastId, { at: at + ms, task });
        return lastId;
      },
      clear: (id: unknown) => void due.delete(id as number),
    },
    async waits(ms: number) {
      const end = at + ms;
      await settle();
      for (let next = firstDue(due, end); next; next = firstDue(due, end)) {
        due.delete(next.id);
        at = next.at;
        next.task();
        await settle();
      }
      at = end;
    },
  };
}

function firstDue(due: ReadonlyMap<number, { at: number; task: () => void }>, end: number) {
  const timers = [...due].map(([id, timer]) => ({ id, ...timer })).filter((timer) => timer.at <= end);
  return timers.sort((one, other) => one.at - other.at || one.id - other.id)[0];
}
