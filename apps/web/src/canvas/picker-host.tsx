/** Loads the picker when one is first opened; until then it costs the start nothing. */
import { Suspense } from 'react';
import { lazyPart } from '../ui/lazy-part.ts';
import { PartBoundary } from '../ui/part-boundary.tsx';
import { useCanvas } from './canvas-store.ts';

const NodePicker = lazyPart(async () => (await import('./node-picker.tsx')).default);

/** Nothing while no picker is open. */
export function PickerHost() {
  const picker = useCanvas((state) => state.picker);
  if (!picker) return null;
  return (
    <PartBoundary>
      <Suspense>
        <NodePicker key={`${picker.sort} ${picker.screen.x} ${picker.screen.y}`} picker={picker} />
      </Suspense>
    </PartBoundary>
  );
}
