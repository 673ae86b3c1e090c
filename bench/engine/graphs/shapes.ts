/** The graphs of the scheduling benchmark: nodes that do nothing, so that what is measured is what it costs to get to them. */

export const shapes = ['chain', 'wide', 'layered'] as const;
export type Shape = (typeof shapes)[number];

/** Nodes side by side in one layer of a layered graph; each takes from two of the layer before. */
export const layerWidth = 10;

/** Per node, the nodes it takes from, all of them before it; one that takes from none takes the run's input. */
export function predecessorsOf(shape: Shape, count: number): number[][] {
  return Array.from({ length: count }, (_, index) => {
    if (shape === 'wide') return [];
    if (shape === 'chain') return index === 0 ? [] : [index - 1];
    if (index < layerWidth) return [];
    const layer = Math.floor(index / layerWidth) - 1;
    return [index - layerWidth, layer * layerWidth + ((index + 1) % layerWidth)];
  });
}

export interface Graph {
  /** Before each run; not measured. */
  open?(): Promise<void>;
  /** Runs it once; throws where not every node ran. */
  run(): Promise<void>;
  /** After each run; not measured. */
  close?(): Promise<void>;
}

/** Builds a graph, which is not measured. */
export type BuildGraph = (shape: Shape, count: number) => Promise<Graph>;
