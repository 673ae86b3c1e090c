/** The two bands behind the flow. Drawn in the window's own pixels and moved with the flow, so that they reach as far as anyone pans. */
import { useStore } from '@xyflow/react';
import { useMemo } from 'react';
import { positionsOf } from '../editor/auto-layout.ts';
import { dividerOf } from '../editor/bands.ts';
import { editor, useEditor } from '../use-editor.ts';

/** Dots, the line between the layers, and their names at the left edge. */
export function BandsView() {
  const flow = useEditor((state) => state.shown);
  const divider = useMemo(() => dividerOf(flow, positionsOf(flow, editor.face), editor.face), [flow]);
  // The bar of a past run lies over the upper edge.
  const top = useEditor((state) => (state.frozen ? 56 : 12));
  const height = useStore((state) => state.height);
  const [x, y, zoom] = useStore((state) => state.transform);
  const line = Math.round(divider * zoom + y);
  const step = 20 * zoom;
  const hasDots = zoom >= 0.5;
  return (
    <div aria-hidden className="pointer-events-none absolute inset-0 overflow-hidden">
      {hasDots && (
        <div className="canvas-dots absolute inset-0" style={{ backgroundSize: `${step}px ${step}px`, backgroundPosition: `${x % step}px ${y % step}px` }} />
      )}
      <div
        className="canvas-band absolute inset-x-0 bottom-0 border-t border-dashed border-data-line"
        style={{ top: Math.max(-1, line), display: line > height ? 'none' : undefined }}
      />
      <span className="absolute left-4 text-xs font-semibold text-control" style={{ top: Math.min(top, line - 28) }}>
        Control layer
      </span>
      <span className="absolute left-4 text-xs font-semibold text-data" style={{ top: Math.max(top, Math.min(line + 12, height - 28)) }}>
        Data layer
      </span>
    </div>
  );
}
