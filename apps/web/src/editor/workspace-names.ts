/** What a flow may name of the workspace, as pickers and cards show it. */
import { emptyWorkspace, modelTier, weightsGb, type Connection, type Model, type ModelTier, type Workspace } from '@switchyard/shared';

export interface ModelName {
  name: string;
  model: Model;
  isUsable: boolean;
  /** Undefined where the model's card does not tell its size. */
  tier: ModelTier | undefined;
  /** Size of the weights in GB. */
  gb: number | undefined;
}

export interface ConnectionName {
  name: string;
  connection: Connection;
  /** What it is used as, which of a part of an example is what that part stands for. */
  type: Connection['type'];
}

export interface WorkspaceNames {
  /** False until the server has answered: names are not checked before. */
  isKnown: boolean;
  models: readonly ModelName[];
  connections: readonly ConnectionName[];
  /** The same as a document, for the compiler. */
  document: Workspace;
}

export const noWorkspace: WorkspaceNames = { isKnown: false, models: [], connections: [], document: emptyWorkspace() };

interface WorkspaceAnswer {
  models: readonly { name: string; model: Model; isUsable: boolean }[];
  connections: readonly ConnectionName[];
}

/** From the server's answer to `workspace.get`. */
export function workspaceNames(answer: WorkspaceAnswer): WorkspaceNames {
  return {
    isKnown: true,
    models: answer.models.map(({ name, model, isUsable }) => ({ name, model, isUsable, tier: modelTier(model.card), gb: weightsGb(model.card) })),
    connections: answer.connections,
    document: {
      ...emptyWorkspace(),
      models: Object.fromEntries(answer.models.map(({ name, model }) => [name, model])),
      connections: Object.fromEntries(answer.connections.map(({ name, connection }) => [name, connection])),
    },
  };
}

/** A size of weights as people read it: "1.2 GB", "66 GB", "600 MB". */
export function sizeText(gb: number): string {
  if (gb < 1) return `${Math.round(gb * 1000)} MB`;
  return `${gb < 10 ? Number(gb.toFixed(1)) : Math.round(gb)} GB`;
}
