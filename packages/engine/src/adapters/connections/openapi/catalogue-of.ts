/**
 * The text of an OpenAPI description becomes a catalogue.
 *
 * 1. References are followed within the description alone; nothing is fetched or read for it.
 * 2. The catalogue is at most three times as long as the description, and never above 4 MB: where it would be, it says less of answers, then of what is described, then of large inputs.
 * 3. The servers that the description names are passed over: where requests go is the connection's to say.
 * 4. An operation that cannot be called as it is described is not offered; the catalogue says why.
 */
import { normalize } from '@scalar/json-magic/helpers/normalize';
import { upgrade } from '@scalar/openapi-upgrader';
import { isJsonObject, jsonDepth, type ApiCatalogue, type DescribedOperation, type Json, type JsonObject } from '@switchyard/shared';
import { textOf } from './names.ts';
import { readOperation } from './read-operation.ts';
import { References } from './references.ts';
import { SchemaShelf, type ShelfLimits } from './schema-shelf.ts';

/** Characters of JSON. */
const mostCharacters = 4_000_000;
/** Up to here, a catalogue may be longer than its description, by what several operations refer to and each tells. */
const fewCharacters = 500_000;
const mostOperations = 3_000;
const deepest = 100;
/** Of a description written out: what YAML repeats by reference counts each time. */
const mostValues = 5_000_000;
const mostRefused = 200;
const methods = ['get', 'head', 'post', 'put', 'patch', 'delete', 'options'];

interface Detail extends ShelfLimits {
  /** Characters of an answer's schema. */
  answer: number;
}

/** From the fullest on. */
const details: readonly Detail[] = [
  { text: 300, values: 5_000, answer: 1_200 },
  { text: 200, values: 5_000, answer: 400 },
  { text: 200, values: 5_000, answer: 0 },
  { text: 80, values: 5_000, answer: 0 },
  { text: 0, values: 1_000, answer: 0 },
  { text: 0, values: 60, answer: 0 },
];

/** Why a text gives no catalogue; the message follows "The description". */
export class DescriptionError extends Error {}

/** The catalogue as JSON text. Throws a DescriptionError. */
export function catalogueOf(text: string): string {
  const document = documentOf(text);
  const most = Math.min(mostCharacters, Math.max(fewCharacters, 3 * text.length));
  for (const detail of details) {
    const catalogue = JSON.stringify(readCatalogue(document, detail));
    if (catalogue.length <= most) return catalogue;
  }
  throw new DescriptionError(
    `has operations that take more than ${most / 1_000_000} MB even in short, so that it would fill the record of every run: give one with fewer of them`,
  );
}

function documentOf(text: string): JsonObject {
  if (jsonDepth(text, deepest) > deepest) throw new DescriptionError('is nested too deeply');
  let document: Json;
  try {
    const parsed = normalize(text) as Json | undefined;
    if (!isJsonObject(parsed ?? null) || !['swagger', 'openapi'].some((key) => Object.hasOwn(parsed as object, key)))
      throw new DescriptionError('is no OpenAPI description');
    checkExtent(parsed as Json, { values: mostValues });
    document = upgrade(parsed as Record<string, unknown>, '3.1') as unknown as Json;
  } catch (error) {
    if (error instanceof DescriptionError) throw error;
    throw new DescriptionError(`cannot be read (${error instanceof Error ? error.message.slice(0, 200) : 'unknown'})`);
  }
  if (!isJsonObject(document)) throw new DescriptionError('is no object');
  return document;
}

/** Throws where it is without end, or nearly: the reader of YAML follows references into what holds itself. */
function checkExtent(value: Json, budget: { values: number }, depth = 0): void {
  budget.values -= 1;
  if (budget.values < 0) throw new DescriptionError(`has more than ${mostValues / 1_000_000} million values`);
  if (depth > deepest) throw new DescriptionError('is nested too deeply');
  if (typeof value !== 'object' || value === null) return;
  for (const each of Object.values(value)) checkExtent(each, budget, depth + 1);
}

function readCatalogue(document: JsonObject, detail: Detail): ApiCatalogue {
  const references = new References(document);
  const shelf = new SchemaShelf(references, detail);
  const means = { references, shelf, answers: new SchemaShelf(references, detail), answer: detail.answer, names: new Set<string>() };
  const operations: DescribedOperation[] = [];
  const refused: Record<string, string> = {};
  for (const [path, written] of Object.entries(isJsonObject(document.paths ?? null) ? (document.paths as JsonObject) : {})) {
    const item = references.object(written);
    for (const method of methods) {
      if (!path.startsWith('/') || !isJsonObject(item[method] ?? null)) continue;
      if (means.names.size >= mostOperations) throw new DescriptionError(`has more than ${mostOperations} operations`);
      const read = readOperation({ path, method, item, operation: item[method] as JsonObject }, means);
      if (!('refusal' in read)) operations.push(read);
      else if (Object.keys(refused).length < mostRefused) refused[read.name] = read.refusal;
    }
  }
  const { schemas } = shelf;
  return {
    title: textOf(references.object(document.info).title).slice(0, 200) || 'API',
    operations,
    ...(Object.keys(schemas).length > 0 && { schemas }),
    ...(Object.keys(refused).length > 0 && { refused }),
  };
}
