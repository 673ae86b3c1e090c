/** What one step is given, and what it gives: each is told, stored and masked as one value, so it is bounded as one. */
import { failure, FailureError, jsonLength, type Failure, type JsonObject } from '@switchyard/shared';

/** Characters, about. The longest text that a node makes has 16 million. */
export const mostCharacters = 20_000_000;
const most = `${mostCharacters / 1_000_000} million characters`;

/** The failure `inputs-too-large` where the inputs of a step come to too much together. */
export function inputsTooLarge(inputs: JsonObject): Failure | undefined {
  if (isWithin(inputs)) return undefined;
  return failure(
    'inputs-too-large',
    `The inputs of this step come to more than ${most} together, so it is not run. Give it the parts that it needs, or bring fewer long values together.`,
  );
}

/** Throws `outputs-too-large` where what a step gives, such as the values of many ways that it brings together, comes to too much. */
export function boundOutputs(outputs: JsonObject): void {
  if (isWithin(outputs)) return;
  const message = `The outputs of this step come to more than ${most} together, so they are not given. Bring fewer long values together, or shorten each before.`;
  throw new FailureError(failure('outputs-too-large', message));
}

/** Most steps have few values, and those are plain: no list is made for them. */
function isWithin(values: JsonObject): boolean {
  let length = 0;
  for (const name in values) {
    const value = values[name];
    if (typeof value === 'string') length += value.length;
    else if (typeof value === 'object' && value !== null) return jsonLength(values, mostCharacters) < mostCharacters;
  }
  return length < mostCharacters;
}
