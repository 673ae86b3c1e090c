// @vitest-environment happy-dom
/** The menu of the canvas, while something else changes. */
import { emptyFlow } from '@switchyard/shared';
import { act } from 'react';
import { expect, test } from 'vitest';
import type { Action } from '../editor/action.ts';
import { canBeginAnew } from '../run/seeded-run.ts';
import { runStore } from '../run/run-store.ts';
import { setStage } from '../testing/stage.tsx';
import { editor } from '../use-editor.ts';
import { CanvasMenu } from './canvas-menu.tsx';
import { canvasStore } from './canvas-store.ts';

const stage = setStage();

const titles = ['Open the flow that it runs', 'Back to the flow around', 'Add a node', 'Paste', 'Select all', 'Fit the flow', 'Lay out automatically'];
const actions = titles.map((title): Action => ({ title, icon: 'plus', isEnabled: canBeginAnew, run: () => {} }) as unknown as Action);

function isOffered(name: string): boolean {
  const item = [...document.querySelectorAll('[role="menuitem"]')].find(({ textContent }) => textContent?.includes(name));
  if (!item) throw new Error(`The menu has no "${name}"`);
  return !item.hasAttribute('data-disabled');
}

test('what cannot be done while a run is on its way is offered in an open menu when the run has ended', async () => {
  editor.open({ id: 'test', revision: 1, flow: emptyFlow('Test') });
  runStore.setState({ isStarting: true });
  canvasStore.setState({ menu: { x: 10, y: 10 } });
  stage.render(<CanvasMenu actions={actions} keysOf={() => undefined} />);
  // The menu is placed a moment after it is drawn.
  await act(async () => {});
  expect(isOffered('Select all')).toBe(false);
  act(() => runStore.setState({ isStarting: false }));
  expect(isOffered('Select all')).toBe(true);
});
