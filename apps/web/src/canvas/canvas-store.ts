/** What the canvas alone knows: cards and wires as React Flow draws them, the wire being drawn, the picker that is open. Nothing here is part of the document. */
import type { Link, Position } from '@switchyard/shared';
import { createStore } from 'zustand/vanilla';
import { useStore } from 'zustand';
import type { WireEnd } from '../editor/can-connect.ts';
import type { CanvasEdge, CardNode } from './build-elements.ts';

/** A wire on its way, and what it may join. */
export interface Wiring {
  from: WireEnd;
  /** Cards by id, with the ports (`in:x`, `out:y`, `called`) that it may join there. */
  lit: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Where a picker stands, in pixels of the window, and where what it gives is put. */
interface PickerPlace {
  screen: { x: number; y: number };
  flow: Position;
}

export type Picker =
  | ({ sort: 'add' } & PickerPlace)
  | ({ sort: 'wire'; from: WireEnd } & PickerPlace)
  | ({ sort: 'insert'; link: Link } & PickerPlace)
  | ({ sort: 'connect'; node: string } & PickerPlace);

export interface CanvasState {
  nodes: CardNode[];
  edges: CanvasEdge[];
  wiring: Wiring | undefined;
  picker: Picker | undefined;
  renaming: string | undefined;
  /** The wire under the pointer. */
  hovered: string | undefined;
  /** Where the menu is open, in pixels of the window. */
  menu: { x: number; y: number } | undefined;
  /** Why the wire cannot join where the pointer is; shown beside it. */
  refusal: string | undefined;
}

export const canvasStore = createStore<CanvasState>(() => ({
  nodes: [],
  edges: [],
  wiring: undefined,
  picker: undefined,
  renaming: undefined,
  hovered: undefined,
  menu: undefined,
  refusal: undefined,
}));

/** Any part of the canvas's own state. */
export function useCanvas<T>(select: (state: CanvasState) => T): T {
  return useStore(canvasStore, select);
}
