/** The recorded tests among the examples pass; whoever changes what an example does records them anew. */
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { kinds } from '@switchyard/engine/nodes';
import { runCommand } from '../testing/command-line.ts';
import { test } from './test.ts';

const folder = dirname(fileURLToPath(import.meta.resolve('@switchyard/examples')));
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.test.json'));

it.each(files)('%s', async (file) => {
  const path = join(folder, file);
  // As it was recorded, and on the example's flow as it is now.
  for (const flow of [[], ['--flow', join(dirname(path), 'flow.json')]])
    expect(await runCommand(test, [path, ...flow], { registry: kinds })).toMatchObject({ code: 0 });
});
