/** Parts of the window that are loaded while the server is away, or after it was replaced. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { loadPatiently } from './lazy-part.ts';
import { useMessages } from './messages.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('a part that is asked for while the server is away comes when the server is back, and that is told once', async () => {
  const before = useMessages.getState().messages.length;
  let isAway = true;
  vi.stubGlobal('fetch', async () => {
    if (isAway) throw new TypeError('Failed to fetch');
    return new Response();
  });
  const part = loadPatiently(async () => {
    if (isAway) throw new TypeError('Failed to fetch dynamically imported module');
    return 'the part';
  });
  await vi.advanceTimersByTimeAsync(60_000);
  isAway = false;
  await vi.advanceTimersByTimeAsync(5000);
  expect(await part).toBe('the part');
  const told = useMessages.getState().messages.slice(before);
  expect(told.map(({ description }) => description)).toEqual([expect.stringContaining('as soon as the server answers')]);
});

test('a part that a server which answers does not have is an error', async () => {
  vi.stubGlobal('fetch', async () => new Response());
  await expect(loadPatiently(() => Promise.reject(new Error('404')))).rejects.toThrow('404');
});
