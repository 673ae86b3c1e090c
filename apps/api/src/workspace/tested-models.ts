/** What the latest test of each model found, kept beside the workspace: it holds for as long as the model's entry names the same model at the same place. */
import { modelProtocols, modelSchema, type Model } from '@switchyard/shared';
import { z } from 'zod';
import { getFact, putFact } from '../db/facts.ts';
import type { Database } from '../db/schema.ts';

type Tested = NonNullable<Model['tested']>;

const storedSchema = z.record(z.string(), z.object({ of: z.string(), tested: modelSchema.shape.tested.unwrap() }));
export type TestedModels = Readonly<z.infer<typeof storedSchema>>;

/** By the model's name in the workspace; empty where nothing of use is stored. */
export async function readTestedModels(database: Database): Promise<TestedModels> {
  const text = await getFact(database, 'model-tests');
  if (text === undefined) return {};
  const read = storedSchema.safeParse(JSON.parse(text));
  return read.success ? read.data : {};
}

/** Stores what was found for the model of this name; nothing where no way works. */
export async function putTestedModel(database: Database, name: string, { model, found }: { model: Model; found: Partial<Tested> }): Promise<void> {
  const { [name]: _before, ...others } = await readTestedModels(database);
  const { protocol, schemaField } = found;
  const isFound = protocol !== undefined && modelProtocols.includes(protocol);
  const next = isFound ? { ...others, [name]: { of: identityOf(model), tested: { protocol, ...(schemaField && { schemaField }) } } } : others;
  await putFact(database, 'model-tests', JSON.stringify(next));
}

/** The model with what its latest test found, unless its entry tells that itself or has changed since. */
export function withTested(name: string, model: Model, known: TestedModels): Model {
  const entry = Object.hasOwn(known, name) ? known[name] : undefined;
  if (!entry || model.tested || entry.of !== identityOf(model)) return model;
  const { protocol, schemaField } = entry.tested;
  return { ...model, tested: { protocol, ...(schemaField && { schemaField }) } };
}

function identityOf({ provider, model, baseUrl = '' }: Model): string {
  return [provider, model, baseUrl].join(' ');
}
