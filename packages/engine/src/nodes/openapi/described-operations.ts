/** The operations that a catalogue describes: chosen, told as tools in bounded schemas, checked by their whole ones, and sent. */
import { FailureError, failure, type ApiCatalogue, type CatalogueChoice, type DescribedOperation, type JsonObject, type Schema } from '@switchyard/shared';
import type { Context, Operation, Step } from '../../node.ts';
import { boundedSchema, mismatchText, validate } from '../../schema.ts';
import { buildRequest } from './build-request.ts';

/** What the node's settings say of the choice. */
export interface Chosen {
  connection: string;
  access: 'read' | 'write';
  operations: readonly string[];
  tags: readonly string[];
}

/** Characters of the schema that a model is told of one operation: at most `full`, and less where there are many, but never below `least`. */
const toolSchema = { full: 6_000, least: 1_500, together: 60_000 };
/** Characters of the schema that arguments are checked by. */
const longestCheck = 200_000;

/** The catalogue with what the settings choose and no more; `name` asks for one of those alone. */
export function* readChosen(chosen: Chosen, context: Context, { suffix = '', name }: { suffix?: string; name?: string } = {}): Step<ApiCatalogue> {
  const { connection, access, tags } = chosen;
  const names = name === undefined ? chosen.operations : [name];
  const only: CatalogueChoice = {
    ...(names.length > 0 && { names: [...names] }),
    ...(tags.length > 0 && { tags: [...tags] }),
    ...(access === 'read' && { effect: 'read' }),
  };
  const catalogue = (yield* context.catalogue(connection, suffix, { only })) as ApiCatalogue;
  const operations = catalogue.operations.filter((each) => isChosen(each, chosen));
  return { ...catalogue, operations };
}

function isChosen({ name, tags, effect }: DescribedOperation, chosen: Chosen): boolean {
  return (
    (chosen.access === 'write' || effect === 'read') &&
    (chosen.operations.length === 0 || chosen.operations.includes(name)) &&
    (chosen.tags.length === 0 || tags.some((tag) => chosen.tags.includes(tag)))
  );
}

/** Reads the description as a call of its own, and runs the operation. */
export function* runByName(chosen: Chosen, name: string, { args, context }: { args: JsonObject; context: Context }): Step<JsonObject> {
  const catalogue = yield* readChosen(chosen, context, { suffix: '.description', name });
  const operation = catalogue.operations.find((each) => each.name === name);
  if (!operation) throw missing(chosen, name, catalogue.refused?.[name]);
  return yield* runDescribed(chosen, catalogue, operation, { args, context });
}

function missing({ connection, access }: Chosen, name: string, refusal: string | undefined): FailureError {
  const what = `Connection "${connection}" has no operation "${name}" that this node may call with access ${access}`;
  return new FailureError(
    failure('operation-missing', refusal === undefined ? `${what}. Choose another, or set the access.` : `${what}. ${refusal} Choose another.`),
  );
}

/** Checks the arguments by the whole schema, and sends them. */
export function* runDescribed(
  { connection }: Chosen,
  { schemas = {} }: ApiCatalogue,
  operation: DescribedOperation,
  { args, context }: { args: JsonObject; context: Context },
): Step<JsonObject> {
  const mismatches = validate(boundedSchema(operation.input, schemas, { most: longestCheck, isSent: true, value: args }), args);
  if (mismatches.length > 0)
    throw new FailureError(failure('arguments-invalid', `The arguments do not fit "${operation.name}": ${mismatchText(mismatches)} Correct them.`));
  const { status, body } = yield* context.fetch({ connection, ...buildRequest(operation, args) }, { effect: operation.effect });
  return { status, body };
}

/** The arguments as a model is told of them, in at most so many characters. */
export function toldInput({ input }: DescribedOperation, { schemas = {} }: ApiCatalogue, most: number): Schema {
  return boundedSchema(input, schemas, { most, isSent: true });
}

/** Each as a tool of its own. */
export function toOperations(chosen: Chosen, catalogue: ApiCatalogue): Operation[] {
  const { operations } = catalogue;
  const { full, least, together } = toolSchema;
  const most = Math.max(least, Math.min(full, Math.floor(together / operations.length)));
  return operations.map((each) => ({
    name: each.name,
    description: each.description,
    input: toldInput(each, catalogue, most),
    ...(each.output && { output: answerSchema(each.output) }),
    effect: each.effect,
    call: (args, context) => runDescribed(chosen, catalogue, each, { args, context }),
  }));
}

function answerSchema(body: Schema): Schema {
  return { type: 'object', properties: { status: { type: 'integer' }, body } };
}

/** One that was chosen by name, before the description was read. Nothing says that it reads. */
export function unread(chosen: Chosen, name: string): Operation {
  return {
    name,
    description: `The operation ${name} of ${chosen.connection}.`,
    input: { type: 'object' },
    effect: chosen.access,
    call: (args, context) => runByName(chosen, name, { args, context }),
  };
}
