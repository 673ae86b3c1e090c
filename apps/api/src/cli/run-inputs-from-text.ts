/** The inputs of a run as a command line gives them: --input-json first, then each --input NAME=VALUE, converted by its field's schema. */
import { fromText, type Plan, type Registry } from '@switchyard/engine';
import { isJsonObject, jsonDepth, documentLimits, type Diagnostic, type JsonObject } from '@switchyard/shared';
import { checkInputs, inputDiagnostic, inputFields } from '../work/run-inputs.ts';
import { CommandRefused } from './command.ts';

export interface InputTexts {
  pairs: readonly string[];
  json?: string;
}

/** Throws a CommandRefused with every mistake at once. */
export function readInputs(plan: Plan, registry: Registry, texts: InputTexts): JsonObject {
  const fields = inputFields(plan, registry);
  const inputs: JsonObject = texts.json === undefined ? {} : parseInputs(texts.json);
  const mistakes: Diagnostic[] = [];
  for (const pair of texts.pairs) {
    const equals = pair.indexOf('=');
    if (equals < 1) throw new CommandRefused(`"${pair}" is no input: write --input NAME=VALUE.`, { isUsage: true });
    const [name, text] = [pair.slice(0, equals), pair.slice(equals + 1)];
    const field = fields.get(name);
    try {
      setOwn(inputs, name, field ? fromText(field.schema, text) : text);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      mistakes.push(inputDiagnostic(`The input "${name}" does not fit: ${error.message}.`, field));
      setOwn(inputs, name, text);
    }
  }
  const told = new Set(mistakes.map(({ field }) => field));
  mistakes.push(...checkInputs(plan, registry, inputs).filter(({ field }) => field === undefined || !told.has(field)));
  if (mistakes.length > 0) throw new CommandRefused('The inputs do not fit the flow.', { diagnostics: mistakes });
  return inputs;
}

function parseInputs(text: string): JsonObject {
  if (jsonDepth(text, documentLimits.depth) > documentLimits.depth)
    throw new CommandRefused(`--input-json is nested deeper than ${documentLimits.depth} levels.`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new CommandRefused(`--input-json is not JSON: ${(error as Error).message}.`);
  }
  if (!isJsonObject(value)) throw new CommandRefused('--input-json is a JSON object with a value for each input, such as {"question":"..."}.');
  return value;
}

/** A name such as __proto__ becomes a property like any other, which no flow asks for. */
function setOwn(target: JsonObject, name: string, value: JsonObject[string]): void {
  Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
}
