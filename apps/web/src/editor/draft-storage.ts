/** Drafts in this browser's IndexedDB; where it is refused (private windows), in memory for as long as the window lives. */
import type { DraftStore, StoredFlow } from './autosave.ts';

const databaseName = 'switchyard';
const storeName = 'drafts';

/** Drafts that outlive a closed tab and a crashed browser. */
export function createDraftStorage(factory: IDBFactory | undefined): DraftStore {
  const memory = new Map<string, StoredFlow>();
  const opened = factory ? open(factory).catch(() => undefined) : Promise.resolve(undefined);
  const within = async <T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T | undefined> => {
    const database = await opened;
    return database && settled(act(database.transaction(storeName, mode).objectStore(storeName)));
  };
  return {
    async read(id) {
      return (await within<StoredFlow | undefined>('readonly', (store) => store.get(id))) ?? memory.get(id);
    },
    async write(draft) {
      memory.set(draft.id, draft);
      await within('readwrite', (store) => store.put(draft, draft.id));
    },
    async remove(id) {
      memory.delete(id);
      await within('readwrite', (store) => store.delete(id));
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
