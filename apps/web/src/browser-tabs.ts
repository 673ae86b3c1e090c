/** Which tab this is. A tab's name outlives a reload; a lock tells that it is alive, so that a duplicated tab gets a name of its own. */
import type { Tabs } from './editor/draft-storage.ts';

const nameKey = 'switchyard.tab';
const lockName = (tab: string) => `switchyard.tab.${tab}`;

/** This window's tabs; where the browser has no locks, every tab is taken to be alone. */
export const browserTabs: Tabs = {
  own: ownName(),
  async living() {
    const held = (await globalThis.navigator?.locks?.query())?.held ?? [];
    return new Set(held.flatMap(({ name }) => (name?.startsWith(lockName('')) ? [name.slice(lockName('').length)] : [])));
  },
};

async function ownName(): Promise<string> {
  const before = globalThis.sessionStorage?.getItem(nameKey);
  const tab = before && (await hold(before)) ? before : crypto.randomUUID();
  if (tab !== before) await hold(tab);
  globalThis.sessionStorage?.setItem(nameKey, tab);
  return tab;
}

/** Holds the tab's lock until it is closed; gives whether it was free. */
function hold(tab: string): Promise<boolean> {
  const { locks } = globalThis.navigator ?? {};
  if (!locks) return Promise.resolve(true);
  return new Promise((resolve) => {
    void locks.request(lockName(tab), { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      return lock === null ? undefined : new Promise(() => {});
    });
  });
}
