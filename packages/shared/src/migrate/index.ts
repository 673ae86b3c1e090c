/** Ordered steps from older document versions to the current one. Each step has a fixture in `fixtures/` and is run by its test. */
import type { JsonObject } from '../json.ts';

export interface Migration {
  /** The version it reads; it gives `from + 1`. */
  from: number;
  migrate(document: JsonObject): JsonObject;
}

/** Version 1 is the first, so there is nothing older yet. */
export const flowMigrations: readonly Migration[] = [];
export const workspaceMigrations: readonly Migration[] = [];
export const testMigrations: readonly Migration[] = [];

/** Runs the steps that lead from the document's version to `current`; a version without a step is left for the schema to refuse. */
export function migrate(document: JsonObject, current: number, steps: readonly Migration[]): JsonObject {
  let result = document;
  for (let version = Number(document.version); version < current; version += 1) {
    const step = steps.find((candidate) => candidate.from === version);
    if (!step) return result;
    result = { ...step.migrate(result), version: version + 1 };
  }
  return result;
}
