/** What the model saw of its data layer: the catalogue that it was given, exactly, with what it costs in tokens. */
import type { CallView } from '@switchyard/shared';
import { useId, useState } from 'react';
import { useWhole } from '../run/whole-values.ts';
import { countText } from '../ui/figures.ts';
import { Icon } from '../ui/icon.tsx';
import { JsonView } from '../ui/json-view.tsx';
import { LongValueNote } from '../ui/long-value-note.tsx';
import { seenDataLayer } from './digest-text.ts';

/** `call` is its first turn. Read only when it is unfolded. */
export function DataLayerSeen({ call }: { call: CallView }) {
  const [isOpen, setOpen] = useState(false);
  const contents = useId();
  return (
    <section aria-label="What the model saw of its data layer">
      <button
        type="button"
        aria-expanded={isOpen}
        aria-controls={contents}
        onClick={() => setOpen(!isOpen)}
        className="flex items-center gap-1 text-xs font-semibold text-dim hover:text-text"
      >
        <Icon name={isOpen ? 'chevron-down' : 'chevron-right'} size={14} />
        What the model saw of its data layer
      </button>
      <div id={contents} className="pt-2">
        {isOpen && <Seen call={call} />}
      </div>
    </section>
  );
}

function Seen({ call }: { call: CallView }) {
  const { item, state, bytes, message, read } = useWhole(call);
  if (state !== 'whole') return <LongValueNote state={state} bytes={bytes} message={message} onRead={read} />;
  const seen = seenDataLayer(item.request);
  if (!seen) return <p className="text-xs text-dim">It was told nothing of a data layer: nothing is granted to it.</p>;
  return (
    <div className="space-y-1">
      <p className="text-xs text-dim tabular-nums">About {countText(seen.tokens)} tokens, in each of its turns.</p>
      <JsonView value={seen.digest} label="Catalogue of the data layer" className="max-h-96" />
    </div>
  );
}
