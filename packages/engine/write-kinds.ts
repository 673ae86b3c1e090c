/** Writes docs/kinds.md: `node packages/engine/write-kinds.ts`. A test checks that it is up to date. */
import { writeFileSync } from 'node:fs';
import { currentKindsPage } from './src/kinds-page.ts';

writeFileSync(new URL('../../docs/kinds.md', import.meta.url), currentKindsPage());
