/** The frame of the inspector on the right. */
import { useRemembered } from '../use-editor.ts';
import { Inspector } from './lazy-panels.tsx';

/** Nothing while it is hidden. */
export function InspectorFrame() {
  const isOpen = useRemembered((remembered) => remembered.isRightOpen);
  if (!isOpen) return null;
  return (
    <aside data-panel="inspector" aria-label="Inspector" className="flex min-h-0 min-w-0 flex-col border-l border-line bg-panel">
      <Inspector />
    </aside>
  );
}
