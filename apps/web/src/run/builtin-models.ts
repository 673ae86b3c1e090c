/** Which answers no neural network wrote: a run says so itself. Pure. */
import type { Model } from '@switchyard/shared';

/** Of the models that a run asked, what the built-in ones are, such as `planner`; empty where real models answered. */
export function builtinModels(asked: ReadonlySet<string>, models: readonly { name: string; model: Model }[]): string[] {
  const builtin = new Map(models.filter(({ model }) => model.provider === 'builtin').map(({ name, model }) => [name, model.model]));
  return [...new Set([...asked].flatMap((name) => builtin.get(name) ?? []))];
}
