/** What a node's model would be asked first if the flow ran now: catalogues are read, and nothing else is called. */
import { firstRequest } from '@switchyard/engine/run';
import type { Plan, Registry } from '@switchyard/engine';
import { toFailure, type CatalogueRequest, type Failure, type Json, type ModelRequest } from '@switchyard/shared';

export interface Preview {
  request?: ModelRequest;
  /** What would end the node before it asks. */
  failure?: Failure;
  /** Connections that could not tell what they hold, and why: a run goes on without. */
  unread: { connection: string; message: string }[];
}

export interface PreviewSources {
  registry: Registry;
  catalogue(request: CatalogueRequest, signal: AbortSignal): Promise<Json>;
}

export async function previewOf(plan: Plan, node: string, { registry, catalogue }: PreviewSources, signal: AbortSignal): Promise<Preview> {
  const { catalogues } = firstRequest(plan, node, { registry, catalogue: () => undefined });
  const known = new Map<string, Json>();
  const unread: Preview['unread'] = [];
  await Promise.all(
    catalogues.map(async (request) => {
      try {
        known.set(JSON.stringify(request), await catalogue(request, signal));
      } catch (error) {
        unread.push({ connection: request.connection, message: toFailure(error).message });
      }
    }),
  );
  const { request, failure } = firstRequest(plan, node, { registry, catalogue: (request) => known.get(JSON.stringify(request)) });
  return { ...(request && { request }), ...(failure && { failure }), unread };
}
