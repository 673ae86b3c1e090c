/** The canvas on screen as actions use it. One holder: actions are made before the canvas is. */
import type { CanvasControl } from '../editor/action.ts';

let current: CanvasControl | undefined;

/** The canvas on screen, if there is one. */
export function canvasControl(): CanvasControl | undefined {
  return current;
}

/** Tells which canvas is on screen. Gives the function that takes it back. */
export function holdCanvas(control: CanvasControl): () => void {
  current = control;
  return () => {
    if (current === control) current = undefined;
  };
}

/** The data type under which a kind is dragged from the palette. */
export const draggedKind = 'application/x-switchyard-kind';
