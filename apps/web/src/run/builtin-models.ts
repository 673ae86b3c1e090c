/** Which answers no neural network wrote: a run says so itself. Pure. */
import { isJsonObject, type Model, type RunView } from '@switchyard/shared';

/** What the built-in models that the run called are, such as `planner`; empty where real models answered. */
export function builtinModels(view: RunView, models: readonly { name: string; model: Model }[]): string[] {
  const builtin = new Map(models.filter(({ model }) => model.provider === 'builtin').map(({ name, model }) => [name, model.model]));
  const used = new Set<string>();
  for (const { kind, request } of view.calls.values()) {
    const asked = kind === 'model' && isJsonObject(request) ? builtin.get(String(request.model)) : undefined;
    if (asked !== undefined) used.add(asked);
  }
  return [...used];
}
