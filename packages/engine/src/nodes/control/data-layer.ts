/** Reads what the granted nodes offer, before the first turn. */
import { FailureError, type Json, type JsonObject } from '@switchyard/shared';
import { parallel, type Context, type Granted, type Step } from '../../node.ts';
import type { DataLayer } from './digest/digest.ts';
import { bindTools } from './operations/bound-tools.ts';

/** The grants, the tools made of them, and the catalogues that could be read. One that cannot be read keeps the node callable: calling it will say what is wrong. */
export function* readLayer(granted: readonly Granted[], context: Context): Step<DataLayer> {
  const readers = granted.filter((one) => one.catalogue);
  const read = yield* parallel(readers.map((one) => readCatalogue(one, context)));
  const catalogues: JsonObject = {};
  readers.forEach(({ node }, index) => {
    const catalogue = read[index];
    if (catalogue !== undefined && catalogue !== null) catalogues[node] = catalogue;
  });
  return { granted, tools: bindTools(granted, catalogues), catalogues };
}

function* readCatalogue(granted: Granted, context: Context): Step<Json> {
  if (!granted.catalogue) return null;
  try {
    return yield* granted.catalogue(context.scope(`.catalogue.${granted.node}`, { node: granted.node, operation: 'catalogue' }));
  } catch (error) {
    if (error instanceof FailureError) return null;
    throw error;
  }
}
