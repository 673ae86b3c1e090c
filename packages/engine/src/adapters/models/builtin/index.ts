/** The models of provider `builtin`: deterministic programs behind the interface of any model, for trying out and for tests. None is a neural network. */
import { failure, FailureError } from '@switchyard/shared';
import { classify } from './classifier/classifier.ts';
import { asModel, type BuiltinModel } from './model.ts';
import { planTurn } from './planner/planner.ts';
import { write } from './writer.ts';

export type { BuiltinModel } from './model.ts';

const models: ReadonlyMap<string, BuiltinModel> = new Map([
  ['planner', asModel('planner', planTurn)],
  ['classifier', asModel('classifier', classify)],
  ['writer', asModel('writer', write)],
]);

/** The names that `builtinModel` knows. */
export const builtinModelNames: readonly string[] = [...models.keys()];

/** The built-in model of this name; throws the FailureError `model-missing` where there is none. */
export function builtinModel(name: string): BuiltinModel {
  const model = models.get(name);
  if (model) return model;
  throw new FailureError(failure('model-missing', `There is no built-in model "${name}". Choose one of ${builtinModelNames.join(', ')}, or another provider.`));
}
