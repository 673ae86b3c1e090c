/** What the model would see of its data layer now, before any run. */
import { useQuery } from '@tanstack/react-query';
import type { Json } from '@switchyard/shared';
import { messageOf } from '../api/api-error.ts';
import { api } from '../api/client.ts';
import { Button } from '../ui/button.tsx';
import { useEditor } from '../use-editor.ts';
import { Folded } from './folded.tsx';
import { SeenRequest } from './seen-request.tsx';

export function DataLayerPreview({ id }: { id: string }) {
  return <Folded title="What the model would see of its data layer">{() => <Preview id={id} />}</Folded>;
}

/** Worked out by the server from what the connections hold at that moment; asked anew when the flow has changed, or on demand. */
function Preview({ id }: { id: string }) {
  const flow = useEditor((state) => state.frozen ?? state.flow);
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ['preview', id, flow],
    queryFn: () => api.flows.preview.mutate({ flow, node: id }),
    staleTime: 60_000,
    gcTime: 60_000,
    retry: false,
  });
  return (
    <div className="space-y-2">
      <div className="flex items-center gap-2 text-xs text-dim">
        <span className="min-w-0 flex-1">
          {isFetching ? 'Reading what its connections hold…' : 'Without a request: where not all of it fits, the words of the request choose.'}
        </span>
        <Button size="small" disabled={isFetching} onClick={() => void refetch()}>
          Refresh
        </Button>
      </div>
      {error && <p className="text-xs break-words text-bad">{messageOf(error)}</p>}
      {data?.unread.map(({ connection, message }) => (
        <p key={connection} className="text-xs break-words text-bad">
          {connection}: {message}
        </p>
      ))}
      {data?.request && <SeenRequest request={data.request as unknown as Json} />}
      {data?.failure && <p className="text-xs break-words text-bad">{data.failure.message}</p>}
      {data && !data.request && !data.failure && <p className="text-xs text-dim">It asks no model before it does something else.</p>}
    </div>
  );
}
