/** Applies the patch of a fix, so that tests see it mend its mistake. */
import type { Flow, PatchStep } from '@switchyard/shared';

type Container = Record<string, unknown> & unknown[];

/** A copy of the document with the steps applied in order; throws where a path does not exist. */
export function applyPatch(flow: Flow, patch: readonly PatchStep[]): Flow {
  const copy = structuredClone(flow);
  for (const step of patch) {
    const keys = step.path
      .split('/')
      .slice(1)
      .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
    const last = keys.pop() as string;
    const parent = keys.reduce((at, key) => at[key] as Container, copy as unknown as Container);
    if (step.op !== 'add' && !Object.hasOwn(parent, last)) throw new Error(`Nothing is at ${step.path}`);
    if (step.op !== 'remove') parent[last as never] = step.value as never;
    else if (Array.isArray(parent)) parent.splice(Number(last), 1);
    else delete parent[last as never];
  }
  return copy;
}
