/**
 * What follows from the document: problems by node, and which nodes run as steps.
 *
 * 1. Compiling waits for a pause and for an idle moment; a newer change takes the place of an older one that still waits.
 * 2. A change of positions alone compiles nothing.
 */
import type { Compiled } from '@switchyard/engine/compile';
import type { Diagnostic, Flow, Requires, Workspace } from '@switchyard/shared';

/** The compiler, bound to the registry; undefined as long as it is not there yet. */
export type Compile = (flow: Flow, workspace: Workspace | undefined) => Compiled | undefined;

/** Calls back after about `ms`, in an idle moment. Gives the function that calls it off. */
export type Idle = (task: () => void, ms: number) => () => void;

export interface Derived {
  /** The document these results are of. */
  of: Flow | undefined;
  diagnostics: readonly Diagnostic[];
  byNode: ReadonlyMap<string, readonly Diagnostic[]>;
  hasErrors: boolean;
  requires: Requires;
  /** Nodes that run as steps; the others run only when called. */
  steps: ReadonlySet<string>;
  onCall: ReadonlySet<string>;
}

export const nothingDerived: Derived = {
  of: undefined,
  diagnostics: [],
  byNode: new Map(),
  hasErrors: false,
  requires: { connections: [], models: [], secrets: [] },
  steps: new Set(),
  onCall: new Set(),
};

const pauseMs = 150;

/** Problems and roles of one compiled document. */
function deriveFrom(flow: Flow, compiled: Compiled): Derived {
  const byNode = new Map<string, Diagnostic[]>();
  for (const diagnostic of compiled.diagnostics) {
    if (diagnostic.node === undefined) continue;
    const list = byNode.get(diagnostic.node);
    if (list) list.push(diagnostic);
    else byNode.set(diagnostic.node, [diagnostic]);
  }
  const nodes = Object.entries(compiled.nodes);
  return {
    of: flow,
    diagnostics: compiled.diagnostics,
    byNode,
    hasErrors: compiled.diagnostics.some((diagnostic) => diagnostic.severity === 'error'),
    requires: compiled.requires,
    steps: new Set(nodes.filter(([, node]) => node.isStep).map(([id]) => id)),
    onCall: new Set(nodes.filter(([, node]) => node.isOnCall).map(([id]) => id)),
  };
}

export interface Deriver {
  /** Compiles soon, unless only positions have changed since the last time. */
  update(flow: Flow, workspace: Workspace | undefined): void;
  /** Compiles now, whether or not anything has changed. */
  now(flow: Flow, workspace: Workspace | undefined): void;
}

/** Compiles in idle moments and hands over the results. */
export function createDeriver(compile: Compile, idle: Idle, onDerived: (derived: Derived) => void): Deriver {
  let last: { flow: Flow; workspace: Workspace | undefined } | undefined;
  let callOff = () => {};
  const now = (flow: Flow, workspace: Workspace | undefined) => {
    callOff();
    const compiled = compile(flow, workspace);
    if (!compiled) return;
    last = { flow, workspace };
    onDerived(deriveFrom(flow, compiled));
  };
  return {
    now,
    update(flow, workspace) {
      callOff();
      if (last && last.workspace === workspace && isSameLogic(last.flow, flow)) return;
      callOff = idle(() => now(flow, workspace), pauseMs);
    },
  };
}

function isSameLogic(one: Flow, other: Flow): boolean {
  return one.nodes === other.nodes && one.links === other.links && one.grants === other.grants && one.limits === other.limits && one.flows === other.flows;
}
