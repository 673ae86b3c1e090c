/** Panels around the canvas, each loaded when it is first shown, the rest in idle moments, so that the canvas comes first. Their frames have fixed sizes: nothing shifts. */
import { lazy, Suspense, type ComponentType } from 'react';
import { PartBoundary } from '../ui/part-boundary.tsx';

const loaders: (() => Promise<unknown>)[] = [];

/** The panel that a module exports, drawn as soon as it is there. */
function panel(load: () => Promise<ComponentType>): ComponentType {
  loaders.push(load);
  const Panel = lazy(async () => ({ default: await load() }));
  return function LazyPanel() {
    return (
      <PartBoundary>
        <Suspense>
          <Panel />
        </Suspense>
      </PartBoundary>
    );
  };
}

export const FlowsPanel = panel(async () => (await import('../flows/flows-panel.tsx')).FlowsPanel);
export const WorkspacePanel = panel(async () => (await import('../workspace/workspace-panel.tsx')).WorkspacePanel);
export const RunPanel = panel(async () => (await import('../run/run-panel.tsx')).RunPanel);
export const TracePanel = panel(async () => (await import('../trace/trace-panel.tsx')).TracePanel);
export const ProblemsPanel = panel(async () => (await import('../problems/problems-panel.tsx')).ProblemsPanel);
export const Inspector = panel(async () => (await import('../inspector/inspector.tsx')).Inspector);

/** Loads what has not been shown yet, so that showing it later waits for nothing. */
export function preloadPanels(): void {
  for (const load of [...loaders, () => import('./command-bar.tsx'), () => import('../canvas/node-picker.tsx')]) void load().catch(() => undefined);
}
