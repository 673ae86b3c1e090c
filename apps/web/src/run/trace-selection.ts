/** Which row of the trace is looked at. Apart from the trace itself, so that a failure or a card can point at one. */
import { create } from 'zustand';

interface TraceSelection {
  /** Id of the row: `run`, `task NAME`, or the key of a turn or call. */
  row: string | undefined;
}

/** The row looked at, as components watch it. */
export const useTraceSelection = create<TraceSelection>(() => ({ row: undefined }));

/** Looks at a row, or at none. */
export function lookAtRow(row: string | undefined): void {
  useTraceSelection.setState({ row });
}
