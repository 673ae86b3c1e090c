/**
 * What follows from the document: what is wrong, and what each of its levels shows of that (derive-levels.ts).
 *
 * 1. Compiling waits for a pause and for an idle moment; a newer change takes the place of an older one that still waits.
 * 2. A change of positions alone compiles nothing.
 */
import type { Registry } from '@switchyard/engine';
import type { Compiled } from '@switchyard/engine/compile';
import { hasErrors, type Diagnostic, type Flow, type Requires, type Subflow, type Workspace } from '@switchyard/shared';
import { deriveLevels, type Levels } from './derive-levels.ts';
import type { Flows } from './flow-references.ts';

/** The compiler, bound to the registry; undefined as long as it is not there yet. */
export type Compile = (flow: Flow, workspace: Workspace | undefined) => Compiled | undefined;

/** Calls back after about `ms`, in an idle moment. Gives the function that calls it off. */
export type Idle = (task: () => void, ms: number) => () => void;

export interface Derived {
  /** The document these results are of. */
  of: Flow | undefined;
  /** Of the whole document. */
  diagnostics: readonly Diagnostic[];
  hasErrors: boolean;
  requires: Requires;
  levels: Levels;
}

export const nothingDerived: Derived = {
  of: undefined,
  diagnostics: [],
  hasErrors: false,
  requires: { connections: [], models: [], secrets: [] },
  levels: new Map(),
};

const pauseMs = 150;

function deriveFrom(flow: Flow, compiled: Compiled, registry: Registry): Derived {
  return {
    of: flow,
    diagnostics: compiled.diagnostics,
    hasErrors: hasErrors(compiled.diagnostics),
    requires: compiled.requires,
    levels: deriveLevels(flow, compiled, registry),
  };
}

export interface Deriver {
  /** Compiles soon, unless only positions have changed since the last time. */
  update(flow: Flow, workspace: Workspace | undefined): void;
  /** Compiles now, whether or not anything has changed. */
  now(flow: Flow, workspace: Workspace | undefined): void;
}

/** The world around it. */
interface Deriving {
  compile: Compile;
  registry: Registry;
  idle: Idle;
}

/** Compiles in idle moments and hands over the results. */
export function createDeriver({ compile, registry, idle }: Deriving, onDerived: (derived: Derived) => void): Deriver {
  let last: { flow: Flow; workspace: Workspace | undefined } | undefined;
  let callOff = () => {};
  const now = (flow: Flow, workspace: Workspace | undefined) => {
    callOff();
    const compiled = compile(flow, workspace);
    if (!compiled) return;
    last = { flow, workspace };
    onDerived(deriveFrom(flow, compiled, registry));
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
  return isSameBody(one, other) && one.limits === other.limits && isSameFlows(one.flows ?? {}, other.flows ?? {});
}

function isSameBody(one: Subflow, other: Subflow): boolean {
  return one.nodes === other.nodes && one.links === other.links && one.grants === other.grants;
}

/** Cards may have been moved in a flow of the document as well. */
function isSameFlows(one: Flows, other: Flows): boolean {
  if (one === other) return true;
  const names = Object.keys(one);
  const isSame = (name: string) => Object.hasOwn(other, name) && isSameBody(one[name] as Subflow, other[name] as Subflow);
  return names.length === Object.keys(other).length && names.every(isSame);
}
