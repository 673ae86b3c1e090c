import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { conformance } from './suite.ts';
import { memoryDriver, sqliteDriver } from './embedded-drivers.ts';

const folder = mkdtempSync(join(tmpdir(), 'switchyard-conformance-'));
let count = 0;
afterAll(() => rmSync(folder, { recursive: true, force: true }));

conformance(memoryDriver);
conformance(
  sqliteDriver(() => {
    count += 1;
    return join(folder, `runs-${count}.db`);
  }),
);
