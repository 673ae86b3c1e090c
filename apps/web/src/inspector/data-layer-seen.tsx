/** What the model saw of its data layer in the run on screen: exactly as it was given. */
import type { CallView } from '@switchyard/shared';
import { useWhole } from '../run/whole-values.ts';
import { LongValueNote } from '../ui/long-value-note.tsx';
import { Folded } from './folded.tsx';
import { SeenRequest } from './seen-request.tsx';

/** `call` is its first turn. */
export function DataLayerSeen({ call }: { call: CallView }) {
  return <Folded title="What the model saw of its data layer">{() => <Seen call={call} />}</Folded>;
}

function Seen({ call }: { call: CallView }) {
  const { item, state, bytes, message, read } = useWhole(call);
  if (state !== 'whole') return <LongValueNote state={state} bytes={bytes} message={message} onRead={read} />;
  return <SeenRequest request={item.request} />;
}
