/** Where components stand in tests: in an element of its own for each test, with all around them that every part of the interface counts on. */
import { QueryClientProvider } from '@tanstack/react-query';
import { act, type ReactNode } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterAll, afterEach, beforeEach, vi } from 'vitest';
import { queryClient } from '../api/client.ts';
import { compilerLoaded } from '../browser-editor.ts';
import { TooltipProvider } from '../ui/tooltip.tsx';

export interface Stage {
  /** Of the test that runs now. */
  readonly host: HTMLElement;
  render(shown: ReactNode): void;
}

/** Called once in a test file, which says by `@vitest-environment` that it wants a document. What a test puts in place of a global is gone after it. */
export function setStage(): Stage {
  (globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;
  let root: Root;
  let host: HTMLElement;
  beforeEach(() => {
    host = document.body.appendChild(document.createElement('div'));
    root = createRoot(host);
    queryClient.clear();
  });
  afterEach(() => {
    act(() => root.unmount());
    host.remove();
    vi.unstubAllGlobals();
  });
  // What is still being loaded when a test file ends is an error.
  afterAll(() => compilerLoaded);
  return {
    get host() {
      return host;
    },
    render: (shown) =>
      act(() =>
        root.render(
          <QueryClientProvider client={queryClient}>
            <TooltipProvider>{shown}</TooltipProvider>
          </QueryClientProvider>,
        ),
      ),
  };
}
