/** The operations of a large API behind three tools: one that finds them by words, one that calls what reads, and one that calls what writes. */
import { FailureError, failure, type ApiCatalogue, type DescribedOperation, type Json, type JsonObject } from '@switchyard/shared';
import type { Context, Operation, Step } from '../../node.ts';
import { scoreOf, weighWords, wordsIn } from '../request-words.ts';
import { objectSchema } from '../../schema.ts';
import { runDescribed, toldInput, type Chosen } from './described-operations.ts';

/** Given with their arguments by one search: those asked for by name, else the best. */
const mostNamed = 3;
const mostWhole = 2;
/** Characters of the arguments of all of them. A result above 4,000 would be kept apart, and the model told of it in short. */
const longestArguments = 2_400;
/** Characters of the others, given by name. */
const longestMore = 1_000;
const longestLine = 120;

/** What the model is told of them besides the tools: a line each. What of it is kept where there is no room for all is the digest's to say. */
export function toldLines({ operations }: ApiCatalogue): Json {
  return operations.map(({ name, description, effect, input }) => ({
    name,
    description: lineOf(description),
    takes: takenText(input),
    ...(effect === 'write' && { changes: true }),
  }));
}

export function anyOperation(chosen: Chosen, catalogue: ApiCatalogue): Operation[] {
  return [finding(catalogue), calling(chosen, catalogue, 'read'), ...(chosen.access === 'write' ? [calling(chosen, catalogue, 'write')] : [])];
}

function finding(catalogue: ApiCatalogue): Operation {
  const { title, operations } = catalogue;
  return {
    name: 'find',
    description: `Finds operations of ${title}, which has ${operations.length}, by words of what they do or by their names, and gives the arguments that each takes. Find an operation before you call it.`,
    input: objectSchema({ words: { type: 'string', description: 'Names, or words in English, such as: list invoices of a customer' } }),
    effect: 'read',
    call: ({ words }) => find(catalogue, String(words)),
  };
}

function* find(catalogue: ApiCatalogue, words: string): Step<Json> {
  const found = search(catalogue.operations, words);
  const names = namesIn(words);
  const named = found.filter(({ name }) => names.has(name)).length;
  const whole = found.slice(0, named > 0 ? Math.min(named, mostNamed) : mostWhole);
  const most = Math.floor(longestArguments / Math.max(1, whole.length));
  const more = linesWithin(found.slice(whole.length), longestMore);
  return {
    operations: whole.map((each) => ({ name: each.name, does: lineOf(each.description), call: each.effect, arguments: toldInput(each, catalogue, most) })),
    ...(more.length > 0 && { more }),
  };
}

/** The first of them, as many as there is room for. */
function linesWithin(operations: readonly DescribedOperation[], room: number): Json[] {
  const lines: Json[] = [];
  let left = room;
  for (const { name, description } of operations) {
    const line = `${name}: ${lineOf(description)}`;
    left -= line.length + 3;
    if (left < 0) break;
    lines.push(line);
  }
  return lines;
}

function calling(chosen: Chosen, catalogue: ApiCatalogue, effect: 'read' | 'write'): Operation {
  const does = effect === 'read' ? 'reads' : 'changes something';
  return {
    name: effect,
    description: `Calls an operation of ${catalogue.title} that ${does}.`,
    input: objectSchema(
      { operation: { type: 'string', description: 'Its name' }, arguments: { type: 'object', description: 'Its arguments, as find tells them' } },
      ['arguments'],
    ),
    effect,
    call: (args, context) => callByName({ chosen, catalogue, effect }, args, context),
  };
}

function* callByName(
  { chosen, catalogue, effect }: { chosen: Chosen; catalogue: ApiCatalogue; effect: 'read' | 'write' },
  { operation: name, arguments: args = {} }: JsonObject,
  context: Context,
): Step<Json> {
  const operation = catalogue.operations.find((each) => each.name === name);
  if (operation?.effect !== effect) throw misnamed(catalogue, String(name), operation);
  // The trace tells which operation it was.
  return yield* runDescribed(chosen, catalogue, operation, { args: args as JsonObject, context: context.scope('', { operation: operation.name }) });
}

function misnamed({ operations }: ApiCatalogue, name: string, operation: DescribedOperation | undefined): FailureError {
  if (operation)
    return new FailureError(
      failure('operation-missing', `The operation "${name}" ${operation.effect}s: call it by "${operation.effect}", where that is offered.`),
    );
  const near = search(operations, name)
    .slice(0, 5)
    .map((each) => each.name);
  const hint = near.length > 0 ? `Near it are ${near.join(', ')}.` : 'Find one by words of what it does.';
  return new FailureError(failure('operation-missing', `There is no operation "${name}". ${hint}`));
}

/** Those that share words with the text, the best first; a name that is written out comes before all. */
function search(operations: readonly DescribedOperation[], text: string): DescribedOperation[] {
  const named = namesIn(text);
  const read = operations.map((operation) => ({ operation, words: wordsIn(searched(operation)) }));
  const weights = weighWords(
    text,
    read.map(({ words }) => words),
  );
  return read
    .map(({ operation, words }) => ({ operation, score: named.has(operation.name) ? Number.POSITIVE_INFINITY : scoreOf(weights, words, operation.name) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => (a.score === b.score ? 0 : b.score - a.score))
    .map(({ operation }) => operation);
}

/** Words that may be names of operations. */
function namesIn(text: string): ReadonlySet<string> {
  return new Set(text.split(/\W+/));
}

function searched({ name, description, path, tags, parameters }: DescribedOperation): Json {
  return [name, description, path, tags, parameters.map((each) => each.name)];
}

function lineOf(text: string): string {
  const line = text
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return line.length > longestLine ? `${line.slice(0, longestLine - 1)}…` : line;
}

/** The names of the arguments; those that may be left out with a question mark. */
function takenText({ properties, required }: DescribedOperation['input']): string {
  const needed = Array.isArray(required) ? required : [];
  return Object.keys((properties ?? {}) as JsonObject)
    .map((name) => (needed.includes(name) ? name : `${name}?`))
    .join(', ')
    .slice(0, 200);
}
