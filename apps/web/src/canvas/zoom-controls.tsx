/** Zoom and fit, at the canvas's lower right. */
import { useStore } from '@xyflow/react';
import { Button, IconButton } from '../ui/button.tsx';
import { canvasControl } from './canvas-control.ts';

/** The figure is the zoom; pressing it goes back to 100%. */
export function ZoomControls() {
  const zoom = useStore((state) => Math.round(state.transform[2] * 100));
  return (
    <div className="absolute right-3 bottom-3 z-10 flex items-center rounded-md border border-line bg-panel">
      <IconButton icon="minus" label="Zoom out" keys="-" size="small" onClick={() => canvasControl()?.zoomBy(0.8)} />
      <Button variant="quiet" size="small" className="w-12 tabular-nums" aria-label={`Zoom ${zoom}%, go to 100%`} onClick={() => canvasControl()?.zoomTo(1)}>
        {zoom}%
      </Button>
      <IconButton icon="plus" label="Zoom in" keys="+" size="small" onClick={() => canvasControl()?.zoomBy(1.25)} />
      <IconButton icon="maximize" label="Fit the flow" keys="1" size="small" onClick={() => canvasControl()?.fit()} />
    </div>
  );
}
