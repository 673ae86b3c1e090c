// @vitest-environment happy-dom
/** One part that fails does not take the rest of the window with it. */
import { act, lazy, Suspense } from 'react';
import { expect, test, vi } from 'vitest';
import { setStage } from '../testing/stage.tsx';
import { PartBoundary } from './part-boundary.tsx';

const stage = setStage();

test('a part that cannot be loaded is told with its reason, and what stands beside it stays', async () => {
  // React tells the console of every error that a boundary catches.
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const Gone = lazy(() => Promise.reject(new Error('Failed to fetch part.js')));
  stage.render(
    <>
      <p>The canvas</p>
      <PartBoundary>
        <Suspense>
          <Gone />
        </Suspense>
      </PartBoundary>
    </>,
  );
  await vi.waitFor(async () => {
    await act(async () => {});
    expect(stage.host.querySelector('[role=alert]')).not.toBeNull();
  });
  expect(stage.host.textContent).toContain('The canvas');
  expect(stage.host.querySelector('[role=alert]')?.textContent).toContain('Failed to fetch part.js');
  expect(stage.host.querySelector('button')?.textContent).toBe('Reload');
});
