/**
 * Drafts in this browser's IndexedDB; where it is refused (private windows), in memory for as long as the window lives.
 *
 * 1. Each tab has a draft of its own for a flow: one tab's saving never drops what another still holds.
 * 2. A tab finds its own draft again, else the newest that a tab left which is gone; what a living tab holds is that tab's affair.
 */
import type { DraftStore, StoredFlow } from './autosave.ts';

/** Which tab this is, and which others are alive. */
export interface Tabs {
  own: Promise<string>;
  living(): Promise<ReadonlySet<string>>;
}

interface KeptDraft extends StoredFlow {
  tab: string;
  /** ms since the epoch. */
  at: number;
}

const databaseName = 'switchyard';
const storeName = 'drafts';

/** Drafts that outlive a closed tab and a crashed browser. */
export function createDraftStorage(factory: IDBFactory | undefined, tabs: Tabs): DraftStore {
  const memory = new Map<string, StoredFlow>();
  /** Of which tab the draft was that was found. */
  const found = new Map<string, string>();
  const opened = factory ? open(factory).catch(() => undefined) : Promise.resolve(undefined);
  const within = async <T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T | undefined> => {
    const database = await opened;
    return database && settled(act(database.transaction(storeName, mode).objectStore(storeName)));
  };
  return {
    async read(id) {
      const kept = (await within<KeptDraft[]>('readonly', (store) => store.getAll(IDBKeyRange.bound([id, ''], [id, '\uffff'])))) ?? [];
      const [own, living] = await Promise.all([tabs.own, tabs.living()]);
      const left = kept.filter((draft) => draft.tab === own || !living.has(draft.tab)).sort((one, other) => other.at - one.at);
      const draft = left.find((each) => each.tab === own) ?? left[0];
      if (draft) found.set(id, draft.tab);
      return memory.get(id) ?? draft;
    },
    async write({ id, revision, flow }) {
      memory.set(id, { id, revision, flow });
      const tab = await tabs.own;
      // While the tab's name was found out the draft may have changed, or have been saved.
      const draft = memory.get(id);
      if (draft) await within('readwrite', (store) => store.put({ ...draft, tab, at: Date.now() } satisfies KeptDraft, [id, tab]));
    },
    async remove(id) {
      memory.delete(id);
      const own = await tabs.own;
      for (const tab of [own, found.get(id) ?? own]) await within('readwrite', (store) => store.delete([id, tab]));
      found.delete(id);
    },
  };
}

function open(factory: IDBFactory): Promise<IDBDatabase> {
  const request = factory.open(databaseName, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(storeName);
  return settled(request);
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('The browser refused to store the draft.'));
  });
}
