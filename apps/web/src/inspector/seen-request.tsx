/** What a model sees of its data layer: the catalogue, exactly as it is told, and the tools that it is given, with what both cost in tokens. */
import type { Json } from '@switchyard/shared';
import { counted, countText } from '../ui/figures.ts';
import { JsonView } from '../ui/json-view.tsx';
import { seenDataLayer, seenTools } from './digest-text.ts';

export function SeenRequest({ request }: { request: Json }) {
  const seen = seenDataLayer(request);
  const tools = seenTools(request);
  if (!seen && !tools) return <p className="text-xs text-dim">Nothing of a data layer: nothing is granted to it.</p>;
  return (
    <div className="space-y-3">
      {seen && (
        <div className="space-y-1">
          <p className="text-xs text-dim tabular-nums">Catalogue: about {countText(seen.tokens)} tokens, in each of its turns.</p>
          <JsonView value={seen.digest} label="Catalogue of the data layer" className="max-h-96" />
        </div>
      )}
      {tools && (
        <div className="space-y-1">
          <p className="text-xs text-dim tabular-nums">
            {counted(tools.list.length, 'tool')}: about {countText(tools.tokens)} tokens.
          </p>
          <JsonView value={tools.list} label="Tools that it is given" className="max-h-72" />
        </div>
      )}
    </div>
  );
}
