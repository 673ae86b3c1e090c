/** The editor and session of this window, on the real server, storage and clock. */
import type { compile } from '@switchyard/engine/compile';
import { kinds } from '@switchyard/engine/nodes';
import { conflictOf, httpStatusOf, messageOf } from './api/api-error.ts';
import { api } from './api/client.ts';
import { SaveConflictError, SavePostponedError, SaveRefusedError, type FlowServer } from './editor/autosave.ts';
import { browserTabs } from './browser-tabs.ts';
import { createDraftStorage } from './editor/draft-storage.ts';
import { createEditor } from './editor/editor-store.ts';
import { createMemoryStorage, createSession } from './editor/session.ts';

const server: FlowServer = {
  async save(stored) {
    try {
      return await api.flows.save.mutate(stored);
    } catch (error) {
      const theirs = conflictOf(error);
      if (theirs) throw new SaveConflictError(theirs);
      const status = httpStatusOf(error);
      if (status !== undefined && status >= 400 && status < 500 && status !== 401 && status !== 429) throw new SaveRefusedError(messageOf(error));
      if (status !== undefined) throw new SavePostponedError(messageOf(error));
      throw error;
    }
  },
};

/** Waits for a pause, then for an idle moment; browsers without idle callbacks take the first moment. */
function idle(task: () => void, ms: number): () => void {
  let request: number | undefined;
  const timer = setTimeout(() => {
    if (typeof requestIdleCallback === 'function') request = requestIdleCallback(task, { timeout: 1000 });
    else task();
  }, ms);
  return () => {
    clearTimeout(timer);
    if (request !== undefined) cancelIdleCallback(request);
  };
}

/** Drafts not yet on the server, kept in this browser. */
export const browserDrafts = createDraftStorage(globalThis.indexedDB, browserTabs);

/** Loaded beside the first picture, which does not need it. */
let compiler: typeof compile | undefined;

export const browserSession = createSession(globalThis.localStorage ?? createMemoryStorage());

export const browserEditor = createEditor({
  registry: kinds,
  compile: (flow, workspace) => compiler?.(flow, workspace, kinds),
  server,
  drafts: browserDrafts,
  timers: { set: (task, ms) => setTimeout(task, ms), clear: (handle) => clearTimeout(handle as number | undefined) },
  idle,
  now: () => Date.now(),
});

/** Settles once flows are checked as they are edited. */
export const compilerLoaded = import('@switchyard/engine/compile').then((loaded) => {
  compiler = loaded.compile;
  browserEditor.check();
});
