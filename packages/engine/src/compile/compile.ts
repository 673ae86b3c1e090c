/**
 * Flow -> Plan. Pure, also in the browser; never throws for a user's mistake. The stages in order:
 * read (a current document), resolve (kinds, configs, ports, links and grants bound), check (one rule per file), plan.
 */
import { hasErrors, type Diagnostic, type Flow, type Requires, type Workspace } from '@switchyard/shared';
import type { Kind, Ports, Registry } from '../node.ts';
import type { Plan } from '../plan.ts';
import { readSource } from './1-read.ts';
import { resolve } from './2-resolve.ts';
import { check } from './3-check.ts';
import { makePlan } from './4-plan.ts';
import { requiresOf } from './requires.ts';

/** A node as it was resolved: of an unknown kind or an unfinished config, its ports are those that its links name. */
export interface CompiledNode {
  kind?: Kind;
  ports: Ports;
  /** Runs as a step of the flow. */
  isStep: boolean;
  /** Is called by grants. */
  isOnCall: boolean;
}

export interface Compiled {
  /** The document as it was read; absent where it could not be. Paths of diagnostics and patches of fixes are within it. */
  flow?: Flow;
  /** Only where no diagnostic is an error. */
  plan?: Plan;
  /** By node id. */
  nodes: Record<string, CompiledNode>;
  /** Names of the workspace that the flow uses. */
  requires: Requires;
  diagnostics: Diagnostic[];
}

/** Compiles JSON text or a document. Without a workspace, names of models and connections are not checked. */
export function compile(source: unknown, workspace: Workspace | undefined, registry: Registry): Compiled {
  const { document: flow, diagnostics } = readSource(source);
  if (!flow) return { nodes: {}, requires: { connections: [], models: [], secrets: [] }, diagnostics };
  const graph = resolve(flow, workspace, registry);
  const found = [...diagnostics, ...graph.diagnostics, ...check(graph)];
  return {
    flow,
    ...(!hasErrors(found) && { plan: makePlan(graph) }),
    nodes: Object.fromEntries([...graph.nodes].map(([id, { kind, ports, isStep, isOnCall }]) => [id, { ...(kind && { kind }), ports, isStep, isOnCall }])),
    requires: requiresOf(graph),
    diagnostics: found,
  };
}
