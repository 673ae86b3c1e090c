/** The dock below the canvas: run, trace and problems. Its upper edge is dragged, or moved with the arrow keys; its height is remembered. */
import { useEffect, useRef, type KeyboardEvent, type PointerEvent } from 'react';
import { RunFigures } from '../run/run-figures.tsx';
import { dockHeights, type DockTab } from '../editor/session.ts';
import { useQuestionKeys } from '../run/use-run.ts';
import { IconButton } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { session, useEditor, useRemembered } from '../use-editor.ts';
import { ProblemsPanel, RunPanel, TracePanel } from './lazy-panels.tsx';

/** Folded, only its tabs are seen. */
export function Dock() {
  const tab = useRemembered((remembered) => remembered.dockTab);
  const isOpen = useRemembered((remembered) => remembered.isDockOpen);
  const height = useRemembered((remembered) => remembered.dockHeight);
  const toggle = () => session.setState({ isDockOpen: !isOpen });
  const items = [
    { value: 'run', label: <RunLabel />, content: <RunPanel /> },
    { value: 'trace', label: 'Trace', content: <TracePanel /> },
    { value: 'problems', label: <ProblemsLabel />, content: <ProblemsPanel /> },
  ];
  return (
    <section
      data-panel="dock"
      aria-label="Dock"
      className="relative flex min-h-0 shrink-0 flex-col border-t border-line bg-panel"
      style={{ height: isOpen ? `min(${height}px, 70%)` : 40 }}
    >
      {isOpen && <Edge height={height} />}
      <Tabs
        label="Dock"
        value={isOpen ? tab : ''}
        onChange={(value) => session.setState({ dockTab: value as DockTab, isDockOpen: true })}
        className="h-full"
        listClassName="px-2 pt-1 pr-2"
        items={items}
        aside={
          <div className="flex min-w-0 items-center gap-2">
            <RunFigures />
            <IconButton icon={isOpen ? 'chevron-down' : 'chevron-up'} label={isOpen ? 'Fold the dock' : 'Open the dock'} size="small" onClick={toggle} />
          </div>
        }
      />
    </section>
  );
}

function RunLabel() {
  const keys = useQuestionKeys();
  const count = keys === '' ? 0 : keys.split('\n').length;
  return (
    <>
      Run
      {count > 0 && (
        <span className="flex items-center gap-0.5 text-xs text-warn tabular-nums">
          <Icon name="hand" size={12} label="Questions" />
          {count}
        </span>
      )}
    </>
  );
}

function ProblemsLabel() {
  const count = useEditor((state) => state.derived.diagnostics.length);
  const hasErrors = useEditor((state) => state.derived.hasErrors);
  return (
    <>
      Problems
      {count > 0 && <span className={`text-xs tabular-nums ${hasErrors ? 'text-bad' : 'text-warn'}`}>{count}</span>}
    </>
  );
}

const step = 24;

function Edge({ height }: { height: number }) {
  const edge = useRef<HTMLDivElement>(null);
  const start = useRef<{ y: number; height: number }>(undefined);
  const most = () => Math.max(dockHeights.least, window.innerHeight * 0.7);
  const set = (next: number) => session.setState({ dockHeight: Math.round(Math.min(most(), Math.max(dockHeights.least, next))) });
  useEffect(() => edge.current?.setAttribute('aria-valuemax', String(Math.round(most()))));
  const onPointerDown = (event: PointerEvent) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    start.current = { y: event.clientY, height };
  };
  const onPointerMove = (event: PointerEvent) => {
    if (start.current) set(start.current.height + start.current.y - event.clientY);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
    event.preventDefault();
    set(height + (event.key === 'ArrowUp' ? step : -step));
  };
  return (
    <div
      ref={edge}
      role="separator"
      aria-orientation="horizontal"
      aria-label="Height of the dock"
      aria-valuenow={height}
      aria-valuemin={dockHeights.least}
      tabIndex={0}
      className="absolute inset-x-0 -top-1 z-10 h-2 cursor-row-resize hover:bg-run/30 focus-visible:bg-run/30"
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={() => (start.current = undefined)}
      onDoubleClick={() => set(dockHeights.usual)}
      onKeyDown={onKeyDown}
    />
  );
}
