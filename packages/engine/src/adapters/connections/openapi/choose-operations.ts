/** The part of a catalogue that is asked for, with the shared schemas that it needs and no others. */
import { isJsonObject, type ApiCatalogue, type CatalogueChoice, type Json } from '@switchyard/shared';
import { sharedPrefix } from '../../../bounded-schema.ts';

export function chooseOperations(catalogue: ApiCatalogue, { names, tags, effect }: CatalogueChoice): ApiCatalogue {
  const { title, schemas = {}, refused } = catalogue;
  const operations = catalogue.operations.filter(
    (each) =>
      (effect === undefined || each.effect === effect) &&
      (names === undefined || names.includes(each.name)) &&
      (tags === undefined || each.tags.some((tag) => tags.includes(tag))),
  );
  const needed = new Set<string>();
  for (const { input } of operations) collect(input, needed);
  // A set is walked through to what is added on the way.
  for (const name of needed) collect(schemas[name] ?? null, needed);
  const kept = Object.entries(schemas).filter(([name]) => needed.has(name));
  const asked = Object.entries(refused ?? {}).filter(([name]) => names?.includes(name));
  return {
    title,
    operations,
    ...(kept.length > 0 && { schemas: Object.fromEntries(kept) }),
    ...(asked.length > 0 && { refused: Object.fromEntries(asked) }),
  };
}

function collect(value: Json, into: Set<string>): void {
  if (Array.isArray(value)) for (const each of value) collect(each, into);
  else if (isJsonObject(value)) {
    if (typeof value.$ref === 'string') into.add(value.$ref.slice(sharedPrefix.length));
    for (const each of Object.values(value)) if (typeof each === 'object') collect(each, into);
  }
}
