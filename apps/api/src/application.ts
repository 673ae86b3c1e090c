/** What the procedures work with, built once in main.ts: plain data and functions, no globals. */
import type { Kind, Plan, Ports, Registry } from '@switchyard/engine';
import type { CatalogueRequest, Diagnostic, Flow, Json, Requires } from '@switchyard/shared';
import type { Database } from './db/schema.ts';
import type { Runner } from './work/runner-interface.ts';
import type { Acceptance } from './workspace/check-connection.ts';
import type { ConnectionCheck, LiveWorkspace, ModelCheck } from './workspace/live-workspace.ts';

/** What compile gives, as far as the server needs it. */
export interface CompiledFlow {
  flow?: Flow;
  plan?: Plan;
  nodes: Record<string, { kind?: Kind; ports: Ports }>;
  /** Nodes of the document's other flows, by flow name and node id. */
  flows?: Record<string, Record<string, { kind?: Kind; ports: Ports }>>;
  requires: Requires;
  diagnostics: Diagnostic[];
}

/** An example that ships with Switchyard. */
export interface Example {
  id: string;
  title: string;
  description: string;
  flow: Flow;
}

export interface Application {
  database: Database;
  registry: Registry;
  runner: Runner;
  workspace: LiveWorkspace;
  examples: readonly Example[];
  /** Compiles against the workspace as it is now. */
  compile(source: unknown): CompiledFlow;
  testModel(name: string, signal: AbortSignal): Promise<ModelCheck>;
  testConnection(name: string, signal: AbortSignal): Promise<ConnectionCheck>;
  /** Accepts what the connection offers, where that is what was shown under this hash. */
  acceptConnection(name: string, hash: string, signal: AbortSignal): Promise<Acceptance>;
  catalogue(request: CatalogueRequest, signal: AbortSignal): Promise<Json>;
}
