/** The workspace entries of the built-in models, so that every flow can be tried with nothing installed. */
import type { Model } from '@switchyard/shared';

export const builtinModels: Readonly<Record<string, Model>> = Object.freeze({
  planner: { provider: 'builtin', model: 'planner' },
  classifier: { provider: 'builtin', model: 'classifier' },
  writer: { provider: 'builtin', model: 'writer' },
});
