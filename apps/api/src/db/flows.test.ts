/** Flows in the store: the revision decides who may save, and nothing is lost by removing. */
import { join } from 'node:path';
import type { Flow } from '@switchyard/shared';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { echoFlow } from '../testing/ask-flow.ts';
import { temporaryFolder } from '../testing/test-server.ts';
import { createFlow, getFlow, listFlows, removeFlow, restoreFlow, saveFlow } from './flows.ts';
import { openStore, type Store } from './open-store.ts';

let folder: ReturnType<typeof temporaryFolder>;
let store: Store;
beforeEach(() => {
  folder = temporaryFolder();
  store = openStore(join(folder.path, 'switchyard.db'));
});
afterEach(() => {
  store.close();
  folder.remove();
});

describe('flows', () => {
  it('are saved only over the revision that was read', async () => {
    const { database } = store;
    await createFlow(database, echoFlow('First'), 'a');
    expect(await saveFlow(database, 'a', { revision: 1, flow: echoFlow('Second') })).toEqual({ revision: 2 });
    const stale = await saveFlow(database, 'a', { revision: 1, flow: echoFlow('Third') });
    expect(stale).toMatchObject({ conflict: { revision: 2, flow: { name: 'Second' } } });
    expect(await getFlow(database, 'a')).toMatchObject({ revision: 2, flow: { name: 'Second' } });
    expect(await saveFlow(database, 'no-such', { revision: 1, flow: echoFlow() })).toBeUndefined();
  });

  it('of many savers at once take exactly one', async () => {
    const { database } = store;
    await createFlow(database, echoFlow(), 'a');
    const outcomes = await Promise.all(Array.from({ length: 20 }, (_, index) => saveFlow(database, 'a', { revision: 1, flow: echoFlow(`Saver ${index}`) })));
    const winners = outcomes.flatMap((outcome, index) => (outcome && 'revision' in outcome ? [`Saver ${index}`] : []));
    expect(winners).toHaveLength(1);
    expect((await getFlow(database, 'a'))?.flow.name).toBe(winners[0]);
  });

  it('are removed and restored whole, and their ids stay taken', async () => {
    const { database } = store;
    await createFlow(database, echoFlow(), 'a');
    expect(await removeFlow(database, 'a')).toBe(true);
    expect(await listFlows(database)).toEqual([]);
    expect(await getFlow(database, 'a')).toBeUndefined();
    expect(await saveFlow(database, 'a', { revision: 1, flow: echoFlow('Late') })).toBeUndefined();
    expect(await removeFlow(database, 'a')).toBe(false);
    expect(await createFlow(database, echoFlow(), 'a')).toBeUndefined();
    expect(await restoreFlow(database, 'a')).toBe(true);
    expect(await restoreFlow(database, 'a')).toBe(false);
    expect(await getFlow(database, 'a')).toMatchObject({ revision: 1, flow: echoFlow() });
  });

  it('come back as they were, whatever stands in them', async () => {
    const flow: Flow = { ...echoFlow('Ünïcode 🚂 "quoted"'), description: 'a\u0000b\u2028c', layout: { ask: [1, -2] }, limits: { seconds: 5 } };
    const created = await createFlow(store.database, flow);
    expect((await getFlow(store.database, created?.id ?? ''))?.flow).toEqual(flow);
  });

  it('are listed with the one changed last first', async () => {
    const { database } = store;
    for (const id of ['a', 'b', 'c']) await createFlow(database, echoFlow(id), id);
    store.sqlite.exec("UPDATE flows SET updated_at = CASE id WHEN 'b' THEN 3 WHEN 'a' THEN 2 ELSE 1 END");
    expect((await listFlows(database)).map(({ id }) => id)).toEqual(['b', 'a', 'c']);
  });
});
