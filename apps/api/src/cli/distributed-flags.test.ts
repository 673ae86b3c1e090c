import { emptyWorkspace, type Workspace } from '@switchyard/shared';
import { expect, test } from 'vitest';
import { openWorker } from '../build-worker.ts';
import { CommandRefused } from './command.ts';
import { unknownPoolsText } from './distributed-flags.ts';

const workspace: Workspace = {
  ...emptyWorkspace(),
  models: { mood: { provider: 'builtin', model: 'classifier' } },
  connections: { shop: { type: 'sqlite', url: 'shop.db' } },
};

test('pools of models and connections that are there are known, and the sandbox', () => {
  expect(unknownPoolsText(['model:mood', 'db:shop', 'http:shop', 'sandbox'], workspace)).toBeUndefined();
});

test('a mistyped pool is named, with what there is', () => {
  const text = 'The workspace has nothing for model:mod, db:mood, http:constructor. Its models: mood; its connections: shop.';
  expect(unknownPoolsText(['model:mod', 'model:mood', 'db:mood', 'http:constructor'], workspace)).toBe(text);
  expect(unknownPoolsText(['model:x'], emptyWorkspace())).toContain('Its models: none; its connections: none.');
});

test('a worker that could make no call of its pool does not start', async () => {
  const options = { pools: ['model:mod'], databaseUrl: 'postgresql://127.0.0.1:1/none', baseDirectory: '/', workspace };
  await expect(openWorker(options, { XDG_CACHE_HOME: process.env.TMPDIR ?? '/tmp' })).rejects.toThrow(CommandRefused);
});
