/** Panels around the canvas, each loaded when it is first shown, the rest in idle moments, so that the canvas comes first. Their frames have fixed sizes: nothing shifts. */
import { Suspense, type ComponentType } from 'react';
import { lazyPart } from '../ui/lazy-part.ts';
import { PartBoundary } from '../ui/part-boundary.tsx';

/** The panel that a module exports, drawn as soon as it is there. */
function panel(load: () => Promise<ComponentType>): ComponentType {
  const Panel = lazyPart(load);
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
