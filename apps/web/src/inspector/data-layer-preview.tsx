/** What the model would see of its data layer now, before any run. */
import { useQuery } from '@tanstack/react-query';
import type { Json } from '@switchyard/shared';
import { diagnosticsOf, messageOf } from '../api/api-error.ts';
import { api } from '../api/client.ts';
import { Button } from '../ui/button.tsx';
import { Mistakes, type Mistake } from '../ui/field.tsx';
import { session, useEditor } from '../use-editor.ts';
import { Folded } from './folded.tsx';
import { SeenRequest } from './seen-request.tsx';

export function DataLayerPreview({ id }: { id: string }) {
  return <Folded title="What the model would see of its data layer">{() => <Preview id={id} />}</Folded>;
}

/** Worked out by the server from what the connections hold at that moment; asked anew when the flow has changed, or on demand. */
function Preview({ id }: { id: string }) {
  const flow = useEditor((state) => state.shown);
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ['preview', id, flow],
    queryFn: () => api.flows.preview.mutate({ flow, node: id }),
    staleTime: 60_000,
    gcTime: 60_000,
    retry: false,
  });
  const mistakes = [
    ...(error ? [errorMistake(error)] : []),
    ...(data?.unread ?? []).map(({ message }): Mistake => ({ message: `${message} A run goes on without it.`, severity: 'warning' })),
    ...(data?.failure ? [{ message: data.failure.message }] : []),
  ];
  const request = data?.request as unknown as Json | undefined;
  const isGranted = flow.grants.some(({ from }) => from === id);
  // Once the flow's errors are mended it is asked anew.
  const canRefresh = isGranted && diagnosticsOf(error).length === 0;
  return (
    <div className="space-y-2">
      <div className="flex items-start gap-2 text-xs text-dim">
        <div className="min-w-0 flex-1">
          {isFetching && 'Reading what its connections hold…'}
          {!isFetching && request && isGranted && 'Without a request: where not all of it fits, the words of the request choose.'}
          {data && !request && !data.failure && 'It asks no model before it does something else.'}
          {!request && <Mistakes mistakes={mistakes} />}
        </div>
        {canRefresh && (
          <Button size="small" disabled={isFetching} onClick={() => void refetch()}>
            Refresh
          </Button>
        )}
      </div>
      {request && <Mistakes mistakes={mistakes} />}
      {request && <SeenRequest request={request} />}
    </div>
  );
}

/** The mistakes of a flow are told where they are, not here again. */
function errorMistake(error: Error): Mistake {
  if (diagnosticsOf(error).length === 0) return { message: messageOf(error) };
  const action = (
    <Button size="small" onClick={() => session.setState({ isDockOpen: true, dockTab: 'problems' })}>
      Show
    </Button>
  );
  return { message: 'The flow has errors: mend them first, then this can be told.', action };
}
