/**
 * Keeps a document safe: every change at once in this browser, then, after a pause, on the server.
 *
 * 1. A change is handed to the draft store before anything else happens to it.
 * 2. At most one save is in flight; changes during it start another when it ends.
 * 3. The revision only ever comes from the server's answers.
 * 4. A save refused as stale stops saving until the person has chosen; theirs is never overwritten.
 * 5. A draft is dropped only after the server holds exactly that document.
 */
import type { Flow } from '@switchyard/shared';

export interface StoredFlow {
  id: string;
  revision: number;
  flow: Flow;
}

/** Where documents are saved. `save` rejects with a SaveConflictError where the revision is stale, with a SaveRefusedError where the document cannot be taken. */
export interface FlowServer {
  save(stored: StoredFlow): Promise<{ revision: number }>;
}

/** Documents not yet on the server, by flow id. */
export interface DraftStore {
  read(id: string): Promise<StoredFlow | undefined>;
  write(draft: StoredFlow): Promise<void>;
  remove(id: string): Promise<void>;
}

/** Someone else saved in between; theirs comes with it. */
export class SaveConflictError extends Error {
  readonly theirs: { revision: number; flow: Flow };
  constructor(theirs: { revision: number; flow: Flow }) {
    super('The flow was changed elsewhere since it was opened here.');
    this.name = 'SaveConflictError';
    this.theirs = theirs;
  }
}

/** The server cannot take the document, and never will as it is. */
export class SaveRefusedError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SaveRefusedError';
  }
}

/** The server answers, and cannot take the document now: its disk is full, or it is asked too often. */
export class SavePostponedError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SavePostponedError';
  }
}

export type SaveState =
  | { name: 'saved' }
  | { name: 'saving' }
  /** The server does not answer; tried again and again. */
  | { name: 'offline' }
  /** It answers, with the reason; tried again and again as well. */
  | { name: 'postponed'; message: string }
  | { name: 'refused'; message: string }
  | { name: 'conflict'; theirs: { revision: number; flow: Flow } };

/** Timers, so that a test need not wait. */
export interface Timers {
  set(task: () => void, ms: number): unknown;
  clear(handle: unknown): void;
}

export interface AutosaveOptions {
  server: FlowServer;
  drafts: DraftStore;
  timers: Timers;
  onState(state: SaveState, revision: number): void;
}

export interface Autosave {
  /** Begins with a document as the server holds it, or with a draft that it does not hold yet. */
  open(stored: StoredFlow, isDraft: boolean): void;
  changed(flow: Flow): void;
  /** Saves now what waits; resolves when nothing is in flight. */
  flush(): Promise<void>;
  /** Stops; what waits stays in the draft store. */
  close(): void;
}

const pauseMs = 800;
const retryMs = 4000;

/** An autosave with nothing open. */
export function createAutosave({ server, drafts, timers, onState }: AutosaveOptions): Autosave {
  let current: StoredFlow | undefined;
  let state: SaveState = { name: 'saved' };
  let isDirty = false;
  let timer: unknown;
  let flight: Promise<void> | undefined;

  const tell = (next: SaveState) => {
    state = next;
    onState(next, current?.revision ?? 0);
  };
  const later = (ms: number) => {
    timers.clear(timer);
    timer = timers.set(() => void start(), ms);
  };
  const start = (): Promise<void> => {
    timers.clear(timer);
    if (flight) return flight;
    if (!isDirty || !current || state.name === 'conflict') return Promise.resolve();
    flight = save(current).finally(() => {
      flight = undefined;
      if (isDirty && state.name === 'saving') void start();
    });
    return flight;
  };
  const save = async (sent: StoredFlow) => {
    tell({ name: 'saving' });
    isDirty = false;
    try {
      const { revision } = await server.save(sent);
      if (current?.id !== sent.id) return;
      current = { ...current, revision };
      // A draft keeps the revision it was made on: it is written anew, so that it does not look stale when it is found after a crash.
      if (!isDirty) await drafts.remove(sent.id);
      if (isDirty) await drafts.write(current);
      else tell({ name: 'saved' });
    } catch (error) {
      if (current?.id !== sent.id) return;
      isDirty = true;
      fail(error);
    }
  };
  const fail = (error: unknown) => {
    if (error instanceof SaveConflictError) tell({ name: 'conflict', theirs: error.theirs });
    else if (error instanceof SaveRefusedError) tell({ name: 'refused', message: error.message });
    else {
      tell(error instanceof SavePostponedError ? { name: 'postponed', message: error.message } : { name: 'offline' });
      later(retryMs);
    }
  };

  return {
    open(stored, isDraft) {
      timers.clear(timer);
      current = stored;
      isDirty = isDraft;
      tell({ name: isDraft ? 'saving' : 'saved' });
      if (isDraft) void start();
    },
    changed(flow) {
      if (!current || flow === current.flow) return;
      current = { ...current, flow };
      isDirty = true;
      // A draft that cannot be written is not lost: the server save follows all the same.
      drafts.write(current).catch(() => undefined);
      if (state.name === 'conflict') return;
      if (state.name !== 'offline' && state.name !== 'postponed') tell({ name: 'saving' });
      later(pauseMs);
    },
    async flush() {
      await start();
      await flight;
    },
    close() {
      timers.clear(timer);
      current = undefined;
      isDirty = false;
    },
  };
}
