/** The rows of a trace under their time axis. Only those in sight are drawn; the arrow keys walk them. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useId, useMemo, useRef, type KeyboardEvent, type ReactNode, type RefObject } from 'react';
import { useNow } from '../run/use-now.ts';
import { classNames } from '../ui/class-names.ts';
import { countText } from '../ui/figures.ts';
import { axisTicks } from './time-axis.ts';
import { rowColumns, rowHeight, TraceRow, type Axis } from './trace-row.tsx';
import type { TraceRow as Row } from './trace-rows.ts';
import type { TraceItem } from './trace-tree.ts';
import { useNodeLooks, type Trace } from './use-trace.ts';

interface TraceTableProps {
  /** The element that takes the keys. */
  gridRef: RefObject<HTMLDivElement | null>;
  trace: Trace;
  rows: readonly Row[];
  selected: string | undefined;
  onSelect: (item: TraceItem) => void;
  onFold: (item: TraceItem) => void;
  /** Enter on a row. */
  onOpen: () => void;
  /** Stands over the labels. */
  filter: ReactNode;
  /** Stands in the place of the rows where there are none. */
  none: ReactNode;
  /** Whether further rows are on their way. */
  isReading: boolean;
}

/** One stop of the Tab key; within it arrows move, left and right fold and unfold, Enter opens. */
export function TraceTable({ gridRef, trace, rows, selected, onSelect, onFold, onOpen, filter, none, isReading }: TraceTableProps) {
  const clock = useNow(trace.isRunning);
  // Of a run that rests, time stands still: what it waits for lasts as long as the run did.
  const now = trace.isRunning ? clock : (trace.root?.endedAt ?? clock);
  const total = Math.max(1, now - trace.startedAt);
  const axis = useMemo((): Axis => ({ start: trace.startedAt, total }), [trace.startedAt, total]);
  const { layer } = useNodeLooks();
  const hasCost = (trace.root?.cost ?? 0) > 0;
  const prefix = useId();
  const at = rows.findIndex((row) => row.item.id === selected);
  const virtualizer = useVirtualizer({ count: rows.length, getScrollElement: () => gridRef.current, estimateSize: () => rowHeight, overscan: 12 });
  const latest = useRef({ at, virtualizer });
  latest.current = { at, virtualizer };
  const toShow = at >= 0 ? selected : undefined;
  useEffect(() => {
    // Only a new selection scrolls; rows that arrive meanwhile do not.
    if (toShow !== undefined) latest.current.virtualizer.scrollToIndex(latest.current.at, { align: 'auto' });
  }, [toShow]);

  const press = (event: KeyboardEvent) => {
    const next = rowAfterKey(event.key, rows, at);
    if (next === undefined && event.key !== 'Enter') return;
    event.preventDefault();
    if (event.key === 'Enter') onOpen();
    else if (next === 'fold') onFold((rows[at] as Row).item);
    else if (next !== undefined) onSelect((rows[next] as Row).item);
  };
  return (
    <div className="@container flex min-h-0 min-w-0 flex-1 flex-col">
      <AxisHead axis={axis} filter={filter} hasCost={hasCost} />
      {rows.length === 0 && <div className="grid flex-1 place-content-center justify-items-center gap-2 text-xs text-dim">{none}</div>}
      <div
        ref={gridRef}
        role="treegrid"
        aria-label="Trace"
        aria-rowcount={rows.length}
        tabIndex={0}
        {...(at >= 0 && { 'aria-activedescendant': `${prefix}${at}` })}
        onKeyDown={press}
        hidden={rows.length === 0}
        className="min-h-0 flex-1 overflow-auto focus-visible:-outline-offset-2"
      >
        <div role="rowgroup" className="relative" style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map(({ index, start }) => {
            const row = rows[index] as Row;
            return (
              <TraceRow
                key={row.item.id}
                row={row}
                layer={layer(row.item.site)}
                axis={axis}
                now={now}
                isSelected={index === at}
                hasCost={hasCost}
                id={`${prefix}${index}`}
                top={start}
                onSelect={onSelect}
                onFold={onFold}
              />
            );
          })}
        </div>
      </div>
      {isReading && (
        <p role="status" className="h-6 shrink-0 border-t border-line px-3 text-xs leading-6 text-dim tabular-nums">
          Reading the run: {countText(rows.length)} rows so far
        </p>
      )}
    </div>
  );
}

/** Index of the row that a key leads to, `fold` where it folds or unfolds the present one, undefined where it means nothing. */
function rowAfterKey(key: string, rows: readonly Row[], at: number): number | 'fold' | undefined {
  const last = rows.length - 1;
  const row = rows[at];
  if (last < 0) return undefined;
  switch (key) {
    case 'ArrowDown':
      return Math.min(last, at + 1);
    case 'ArrowUp':
      return Math.max(0, at - 1);
    case 'PageDown':
      return Math.min(last, at + 10);
    case 'PageUp':
      return Math.max(0, at - 10);
    case 'Home':
      return 0;
    case 'End':
      return last;
    case 'ArrowRight':
      return row?.isFolded ? 'fold' : row?.hasChildren ? at + 1 : undefined;
    case 'ArrowLeft':
      return row?.hasChildren && !row.isFolded ? 'fold' : row && parentOf(rows, at);
    default:
      return undefined;
  }
}

function parentOf(rows: readonly Row[], at: number): number {
  const depth = rows[at]?.depth ?? 0;
  for (let index = at - 1; index >= 0; index -= 1) if ((rows[index]?.depth ?? 0) < depth) return index;
  return Math.max(0, at);
}

function AxisHead({ axis, filter, hasCost }: { axis: Axis; filter: ReactNode; hasCost: boolean }) {
  return (
    <div className={classNames(rowColumns(hasCost), 'h-9 shrink-0 border-b border-line text-xs text-faint tabular-nums')}>
      <div className="min-w-0 pr-3">{filter}</div>
      <div className="relative h-4 overflow-hidden" aria-hidden>
        {axisTicks(axis.total, 4).map((tick) => (
          <span
            key={tick.ms}
            className={classNames('absolute whitespace-nowrap @max-[640px]:even:hidden', tick.ms > 0 && '-translate-x-1/2')}
            // The last label is not cut at the edge, however narrow the axis.
            style={{ left: `min(${(tick.ms / axis.total) * 100}%, 100% - 1.8em)` }}
          >
            {tick.label}
          </span>
        ))}
      </div>
      <span />
      <span className="text-right">time</span>
      <span className="hidden text-right @min-[640px]:block">tokens</span>
      {hasCost && <span className="hidden text-right @min-[640px]:block">cost</span>}
    </div>
  );
}
