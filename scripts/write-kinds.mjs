/** Writes docs/kinds.md: `node scripts/write-kinds.mjs`. A test checks that it is up to date. */
import { writeFileSync } from 'node:fs';
import { currentKindsPage } from '../packages/engine/src/kinds-page.ts';

writeFileSync(new URL('../docs/kinds.md', import.meta.url), currentKindsPage());
