/** One row of the trace: where it stands in the tree, its bar on the common time axis, its figures. */
import { memo } from 'react';
import { classNames } from '../ui/class-names.ts';
import { costText, countText, durationText } from '../ui/figures.ts';
import { Icon } from '../ui/icon.tsx';
import { StatusMark } from '../ui/status-mark.tsx';
import { noteOf, type TraceRow as Row } from './trace-rows.ts';
import type { TraceItem } from './trace-tree.ts';
import type { Layer } from './use-trace.ts';

export const rowHeight = 24;

/** Columns of rows and of the axis above them; tokens and cost stand only where there is room, cost only where there is any. */
export function rowColumns(hasCost: boolean): string {
  return classNames(
    'grid items-center px-3 grid-cols-[minmax(8rem,1.4fr)_minmax(4rem,1fr)_28px_60px]',
    hasCost ? '@min-[640px]:grid-cols-[minmax(8rem,308px)_1fr_28px_60px_64px_64px]' : '@min-[640px]:grid-cols-[minmax(8rem,308px)_1fr_28px_60px_64px]',
  );
}

const paints: Record<Layer, { mark: string; bar: string; first: string }> = {
  control: { mark: 'bg-control', bar: 'bg-control/80', first: 'bg-control/30' },
  data: { mark: 'bg-data', bar: 'bg-data/80', first: 'bg-data/30' },
  end: { mark: 'bg-faint', bar: 'bg-faint/80', first: 'bg-faint/30' },
};

/** What the bars are drawn against. */
export interface Axis {
  /** ms since the epoch. */
  start: number;
  /** ms. */
  total: number;
}

interface TraceRowProps {
  row: Row;
  layer: Layer;
  axis: Axis;
  /** End of what still runs, ms since the epoch. */
  now: number;
  isSelected: boolean;
  hasCost: boolean;
  id: string;
  top: number;
  onSelect: (item: TraceItem) => void;
  onFold: (item: TraceItem) => void;
}

/** Selected by a click; its triangle folds what is below it. */
export const TraceRow = memo(function TraceRow(props: TraceRowProps) {
  const { row, isSelected, hasCost, id, top, onSelect } = props;
  const { item, depth } = row;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid that holds the rows takes the keys; a row is only clicked.
    <div
      role="row"
      id={id}
      aria-level={depth + 1}
      aria-selected={isSelected}
      {...(row.hasChildren && { 'aria-expanded': !row.isFolded })}
      onClick={() => onSelect(item)}
      className={classNames(rowColumns(hasCost), 'absolute inset-x-0 top-0 cursor-default tabular-nums', isSelected ? 'bg-run-soft' : 'hover:bg-panel2')}
      style={{ height: rowHeight, transform: `translateY(${top}px)` }}
    >
      <Label {...props} />
      <span role="gridcell" className="min-w-0">
        <Bar {...props} />
      </span>
      <span role="gridcell" className="grid place-items-center">
        <StatusMark status={item.status} size={13} />
      </span>
      <Figure text={durationText(Math.max(0, (item.endedAt ?? props.now) - item.startedAt))} />
      <Figure text={item.inputTokens + item.outputTokens > 0 ? countText(item.inputTokens + item.outputTokens) : ''} isExtra />
      {hasCost && <Figure text={item.cost ? costText(item.cost) : ''} isExtra />}
    </div>
  );
});

function Label({ row: { item, depth, hasChildren, isFolded }, layer, onFold }: TraceRowProps) {
  const note = noteOf(item);
  const attempts = item.call?.attempt ?? 1;
  return (
    <span role="gridcell" className="flex min-w-0 items-center gap-2 pr-2" style={{ paddingLeft: depth * 12 }}>
      {hasChildren ? (
        <button
          type="button"
          tabIndex={-1}
          aria-label={isFolded ? `Unfold ${item.label}` : `Fold ${item.label}`}
          onClick={(event) => {
            event.stopPropagation();
            onFold(item);
          }}
          className="-mr-1 grid size-4 shrink-0 place-items-center text-faint hover:text-text"
        >
          <Icon name={isFolded ? 'chevron-right' : 'chevron-down'} size={12} />
        </button>
      ) : (
        <span className="-mr-1 size-4 shrink-0" />
      )}
      <i className={classNames('size-2 shrink-0 rounded-[2px]', paints[layer].mark)} />
      <span className="min-w-0 truncate" title={item.label}>
        {item.label}
      </span>
      {item.call?.replayed && (
        <Icon name="history" size={12} className="text-dim" label={item.call.from === undefined ? 'Replayed from the journal' : 'From an earlier run'} />
      )}
      {item.task?.pinned && <Icon name="pin" size={12} className="text-dim" label="Its outputs were given" />}
      {attempts > 1 && <span className="shrink-0 text-xs text-warn">try {attempts}</span>}
      {note && (
        <span
          className={classNames(
            'hidden min-w-0 shrink-[1000] truncate text-xs text-faint @min-[520px]:inline',
            item.sort === 'call' && item.call?.kind !== 'model' && 'font-mono',
          )}
        >
          {note}
        </span>
      )}
    </span>
  );
}

function Bar({ row: { item }, layer, axis, now }: TraceRowProps) {
  const share = (ms: number) => `${Math.min(100, Math.max(0, (ms / axis.total) * 100))}%`;
  const end = Math.max(item.endedAt ?? now, item.startedAt);
  const first = item.call?.firstTextAt;
  const paint = paints[layer];
  const isWaitKnown = first !== undefined && first > item.startedAt && first < end;
  return (
    <span className="relative block h-2.5">
      {isWaitKnown && (
        <span
          className={classNames('absolute inset-y-0 rounded-l-[3px]', paint.first)}
          style={{ left: share(item.startedAt - axis.start), width: share(first - item.startedAt) }}
        />
      )}
      <span
        className={classNames(
          'absolute inset-y-0 min-w-0.5',
          isWaitKnown ? 'rounded-r-[3px]' : 'rounded-[3px]',
          item.status === 'failed' && item.call ? 'bg-bad/80' : paint.bar,
        )}
        style={{ left: share((isWaitKnown ? first : item.startedAt) - axis.start), width: share(end - (isWaitKnown ? first : item.startedAt)) }}
      />
    </span>
  );
}

function Figure({ text, isExtra }: { text: string; isExtra?: boolean }) {
  return (
    <span role="gridcell" className={classNames('text-right text-xs text-dim', isExtra && 'hidden @min-[640px]:block')}>
      {text}
    </span>
  );
}
