import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { appRouter } from './router.ts';

const page = readFileSync(join(import.meta.dirname, '../../../docs/server.md'), 'utf8');
const procedures = Object.entries(appRouter._def.procedures as unknown as Record<string, { _def: { type: 'query' | 'mutation' | 'subscription' } }>);

test('docs/server.md tells every procedure of flows and runs by its method, and no other', () => {
  const rows = [...page.matchAll(/^\| (GET|POST) ([^|]+)\|/gm)];
  const told = rows.flatMap(([, method = '', names = '']) => [...names.matchAll(/`([a-z]+\.[a-zA-Z]+)`/g)].map(([, name = '']) => `${method} ${name}`));
  const there = procedures.filter(([name]) => /^(flows|runs)\./.test(name)).map(([name, { _def }]) => `${_def.type === 'mutation' ? 'POST' : 'GET'} ${name}`);
  expect(told.sort()).toEqual(there.sort());
});
