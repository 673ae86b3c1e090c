/** What is said of results that were given to a run in vain. */
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { runStore } from './run-store.ts';
import { UnusedEdits } from './unused-edits.tsx';

test('names the results that were not used, and is not there where all were', () => {
  const { view } = runStore.getState();
  expect(renderToStaticMarkup(<UnusedEdits />)).toBe('');
  runStore.setState({ view: { ...view, unusedEdits: ['second'] } });
  expect(renderToStaticMarkup(<UnusedEdits />)).toContain('second');
});
