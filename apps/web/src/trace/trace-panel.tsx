/** The trace: a tree and a waterfall of the run on screen, and the exact request and response of the row looked at. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { showPlace } from '../run/body-level.ts';
import { useOpenBody } from '../run/open-body.ts';
import { closeDetails, lookAtRow, openRow, useTraceSelection } from '../run/trace-selection.ts';
import { useRunState } from '../run/use-run.ts';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { useEditor } from '../use-editor.ts';
import { TraceDetails } from './trace-details.tsx';
import { TraceFilter } from './trace-filter.tsx';
import { noFilter, traceParts, traceRows } from './trace-rows.ts';
import { TraceTable } from './trace-table.tsx';
import type { TraceItem } from './trace-tree.ts';
import { useNodeLooks, useTrace } from './use-trace.ts';

/** Row and node select each other; a row's details open when it is chosen here. */
export function TracePanel() {
  const trace = useTrace();
  const { title } = useNodeLooks();
  const [filter, setFilter] = useState(noFilter);
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const { row: selected, isOpen } = useTraceSelection();
  const details = useRef<HTMLElement>(null);
  const grid = useRef<HTMLDivElement>(null);
  const rows = useMemo(() => traceRows(trace.root, filter, folded), [trace, filter, folded]);
  const parts = useMemo(() => traceParts(trace.root), [trace]);
  const item = useMemo(() => (selected === undefined ? undefined : findItem(trace.root, (each) => each.id === selected)), [trace, selected]);
  const isReading = useRunState((state) => state.isReading);
  useFollowNode(trace.root);

  const select = useCallback((chosen: TraceItem) => {
    openRow(chosen.id);
    showPlace(chosen.body, chosen.node);
  }, []);
  const fold = useCallback((chosen: TraceItem) => setFolded((before) => toggled(before, chosen.id)), []);

  if (!trace.root) {
    return (
      <EmptyState icon="list-tree" title="No run on screen">
        Run the flow with Ctrl+Enter, or open an earlier run under <em>Run</em>. Every step then stands here: who called whom, when, for how long, and with
        what.
      </EmptyState>
    );
  }
  return (
    <div className="flex h-full min-h-0">
      <TraceTable
        gridRef={grid}
        trace={trace}
        rows={rows}
        selected={selected}
        onSelect={select}
        onFold={fold}
        onOpen={() => {
          if (selected !== undefined) openRow(selected);
          requestAnimationFrame(() => details.current?.focus());
        }}
        filter={<TraceFilter filter={filter} onChange={setFilter} parts={parts} title={title} />}
        none={
          <>
            No row fits the filter.
            <Button size="small" onClick={() => setFilter(noFilter)}>
              Show every row
            </Button>
          </>
        }
        isReading={isReading}
      />
      {item && isOpen && (
        <TraceDetails
          ref={details}
          item={item}
          onClose={() => {
            closeDetails();
            grid.current?.focus();
          }}
        />
      )}
    </div>
  );
}

/** Selecting a node elsewhere leads to its first row, unless a row of that node is looked at already. */
function useFollowNode(root: TraceItem | undefined): void {
  const node = useEditor((state) => (state.selection.nodes.length === 1 ? state.selection.nodes[0] : undefined));
  const body = useOpenBody();
  const latest = useRef(root);
  latest.current = root;
  useEffect(() => {
    if (node === undefined) return;
    const { row } = useTraceSelection.getState();
    const at = row === undefined ? undefined : findItem(latest.current, (item) => item.id === row);
    const isHere = (item: TraceItem) => item.node === node && item.body === body;
    if (at && isHere(at)) return;
    const first = findItem(latest.current, isHere);
    if (first) lookAtRow(first.id);
  }, [node, body]);
}

function findItem(item: TraceItem | undefined, isWanted: (item: TraceItem) => boolean): TraceItem | undefined {
  if (!item || isWanted(item)) return item;
  for (const child of item.children) {
    const found = findItem(child, isWanted);
    if (found) return found;
  }
  return undefined;
}

function toggled(set: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(set);
  if (!next.delete(id)) next.add(id);
  return next;
}
