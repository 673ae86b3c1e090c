/** Seeding: the file counts at every start, what was edited in the browser stays, and the example comes once. */
import { join } from 'node:path';
import { emptyWorkspace, type Workspace } from '@switchyard/shared';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listEntries, putEntry } from '../db/entries.ts';
import { listFlows, removeFlow } from '../db/flows.ts';
import { openStore, type Store } from '../db/open-store.ts';
import { echoFlow } from '../testing/ask-flow.ts';
import { temporaryFolder } from '../testing/test-server.ts';
import { anchored, seedFromExample, seedFromFile } from './seed.ts';

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

const workspaceOf = (models: Record<string, string>): Workspace => ({
  ...emptyWorkspace(),
  models: Object.fromEntries(Object.entries(models).map(([name, model]) => [name, { provider: 'ollama', model }])),
});
const fromFile = (workspace: Workspace) => seedFromFile(store.database, { workspace, folder: '/flows', file: '/flows/workspace.json' });
const names = async () => (await listEntries(store.database)).map(({ name, origin, value }) => `${name} ${origin} ${'model' in value ? value.model : ''}`);

describe('seeding', () => {
  it('follows the workspace file, but not over what was edited', async () => {
    expect(await fromFile(workspaceOf({ a: 'one', b: 'one', c: 'one' }))).toEqual([]);
    await putEntry(store.database, { sort: 'model', name: 'b', origin: 'stored', value: { provider: 'ollama', model: 'edited' } });
    const notes = await fromFile(workspaceOf({ a: 'two', b: 'two' }));
    expect(await names()).toEqual(['a file two', 'b stored edited']);
    expect(notes).toEqual([expect.stringContaining('The model "b" was changed in the browser')]);
  });

  it('brings the example once, beside the file', async () => {
    await fromFile(workspaceOf({ a: 'mine' }));
    const example = { id: 'demo', flow: echoFlow('Demo'), workspace: workspaceOf({ a: 'theirs', z: 'theirs' }) };
    await seedFromExample(store.database, example);
    expect(await names()).toEqual(['a file mine', 'z stored theirs']);
    await removeFlow(store.database, 'demo');
    await seedFromExample(store.database, example);
    expect(await listFlows(store.database)).toEqual([]);
  });

  it('makes paths of files absolute', () => {
    const urls = ['file:shop.db', 'data/my%20shop.db', 'file:data/my%20shop.db', 'file:///elsewhere/x.db', 'file:/abs/x.db', ':memory:'];
    const workspace: Workspace = { ...emptyWorkspace(), connections: Object.fromEntries(urls.map((url, index) => [`c${index}`, { type: 'sqlite', url }])) };
    const found = Object.values(anchored(workspace, '/flows').connections).map((connection) => connection.type === 'sqlite' && connection.url);
    expect(found).toEqual([
      'file:///flows/shop.db',
      'file:///flows/data/my%2520shop.db',
      'file:///flows/data/my%20shop.db',
      'file:///elsewhere/x.db',
      'file:///abs/x.db',
      ':memory:',
    ]);
  });
});
