/** The one window: bar above, rail, canvas over dock, inspector. */
import { QueryClientProvider } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useLayoutEffect } from 'react';
import { queryClient } from '../api/client.ts';
import { SessionGate } from '../api/session-gate.tsx';
import { IconButton } from '../ui/button.tsx';
import { lazyPart } from '../ui/lazy-part.ts';
import { TooltipProvider } from '../ui/tooltip.tsx';
import { editor, session, useRemembered } from '../use-editor.ts';
import { actions, keysOf } from './app-actions.ts';
import { Dialogs } from './dialogs.tsx';
import { Dock } from './dock.tsx';
import { InspectorFrame } from './inspector-frame.tsx';
import { LevelBar } from './level-bar.tsx';
import { LeftRail } from './left-rail.tsx';
import { PastRunFrame } from './past-run-frame.tsx';
import { TopBar } from './top-bar.tsx';
import { useKeymap } from './use-keymap.ts';

/** Asked for at once, beside the first data: bar and rails need not wait for it. */
const canvas = import('../canvas/flow-canvas.tsx');
const FlowCanvas = lazy(async () => ({ default: (await canvas).FlowCanvas }));
const CanvasMenu = lazyPart(async () => (await import('../canvas/canvas-menu.tsx')).CanvasMenu);
const CardToolbar = lazyPart(async () => (await import('../canvas/card-toolbar.tsx')).CardToolbar);
const Welcome = lazyPart(async () => (await import('./welcome.tsx')).Welcome);
const Toaster = lazyPart(async () => (await import('../ui/toaster.tsx')).Toaster);

/** Everything that is on screen. */
export function App() {
  useTheme();
  useKeymap();
  useLeaving();
  const isLeftOpen = useRemembered((remembered) => remembered.isLeftOpen);
  const isRightOpen = useRemembered((remembered) => remembered.isRightOpen);
  return (
    <QueryClientProvider client={queryClient}>
      <TooltipProvider>
        <SessionGate>
          <div className="grid h-full" style={{ gridTemplate: `48px minmax(0, 1fr) / ${isLeftOpen ? 264 : 48}px minmax(0, 1fr) ${isRightOpen ? 328 : 0}px` }}>
            <TopBar />
            <LeftRail />
            <main className="relative flex min-h-0 min-w-0 flex-col">
              <LevelBar />
              <div className="relative min-h-0 flex-1">
                <Suspense>
                  <FlowCanvas>
                    <PastRunFrame />
                    <InspectorToggle />
                    <Suspense>
                      <Welcome />
                    </Suspense>
                    <Suspense>
                      <CanvasMenu actions={actions} keysOf={keysOf} />
                      <CardToolbar actions={actions} keysOf={keysOf} />
                    </Suspense>
                  </FlowCanvas>
                </Suspense>
              </div>
              <Dock />
            </main>
            <InspectorFrame />
          </div>
          <Dialogs />
        </SessionGate>
        <Suspense>
          <Toaster />
        </Suspense>
      </TooltipProvider>
    </QueryClientProvider>
  );
}

function InspectorToggle() {
  const isOpen = useRemembered((remembered) => remembered.isRightOpen);
  return (
    <div className="absolute top-2 right-2 z-30 rounded-md bg-panel/80">
      <IconButton
        icon="panel-right"
        label={isOpen ? 'Hide the inspector' : 'Show the inspector'}
        size="small"
        onClick={() => session.setState({ isRightOpen: !isOpen })}
      />
    </div>
  );
}

/** The system's theme unless another was chosen. */
function useTheme(): void {
  const theme = useRemembered((remembered) => remembered.theme);
  useLayoutEffect(() => {
    if (theme === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  }, [theme]);
}

/** Leaving saves what waits; what does not arrive is found again in this browser. */
function useLeaving(): void {
  useEffect(() => {
    const onHide = () => void editor.flush().catch(() => undefined);
    window.addEventListener('pagehide', onHide);
    return () => window.removeEventListener('pagehide', onHide);
  }, []);
}
