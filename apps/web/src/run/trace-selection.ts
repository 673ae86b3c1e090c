/** Which row of the trace is looked at. Apart from the trace itself, so that a failure or a card can point at one. */
import { create } from 'zustand';

interface TraceSelection {
  /** Id of the row: `run`, `task NAME`, or the key of a turn or call. */
  row: string | undefined;
  /** Whether its details are shown beside the rows. */
  isOpen: boolean;
}

/** The row looked at, as components watch it. */
export const useTraceSelection = create<TraceSelection>(() => ({ row: undefined, isOpen: false }));

/** Marks a row; its details are shown only if details were. */
export function lookAtRow(row: string | undefined): void {
  useTraceSelection.setState({ row });
}

/** Marks a row and shows its details. */
export function openRow(row: string): void {
  useTraceSelection.setState({ row, isOpen: true });
}

/** Leaves the rows alone on screen. */
export function closeDetails(): void {
  useTraceSelection.setState({ isOpen: false });
}
