/** The workspace as flows and people see it. */
import type { Connection, Failure, Model, Workspace } from '@switchyard/shared';

export type ModelOrigin = 'stored' | 'file' | 'environment' | 'builtin';

export interface WorkspaceView {
  models: { name: string; model: Model; origin: ModelOrigin; isUsable: boolean }[];
  connections: { name: string; connection: Connection }[];
  secrets: { name: string; isSet: boolean }[];
  /** What a person should know: what was found, what is missing. */
  notes: string[];
}

export interface ModelCheck {
  ok: boolean;
  latencyMs: number;
  /** Whether it called the tool that it was offered. */
  toolCalling: boolean;
  message: string;
  failure?: Failure;
}

export interface ConnectionCheck {
  ok: boolean;
  latencyMs: number;
  message: string;
}

/** Stored entries, what was discovered, and the built-in models, as one workspace that changes while the server runs. */
export interface LiveWorkspace {
  /** As runs and compile see it now. */
  current(): Workspace;
  view(): WorkspaceView;
  /** `apiKey` goes to the vault; the stored model names it. */
  saveModel(name: string, model: Model, apiKey?: string): Promise<void>;
  removeModel(name: string): Promise<boolean>;
  saveConnection(name: string, connection: Connection): Promise<void>;
  removeConnection(name: string): Promise<boolean>;
  setSecret(name: string, value: string): Promise<void>;
  removeSecret(name: string): Promise<boolean>;
}
