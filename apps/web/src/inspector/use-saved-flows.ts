/** The saved flows other than the open one. */
import type { FlowSummary } from '@switchyard/api/router';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { queries, queryClient } from '../api/client.ts';
import { useEditor } from '../use-editor.ts';

interface SavedFlows {
  saved: readonly FlowSummary[];
  /** Why they cannot be listed. */
  error: unknown;
  isPending: boolean;
  retry(): void;
}

/** Asked anew whenever a field shows them: a flow may have been saved in another window. */
export function useSavedFlows(): SavedFlows {
  const flowId = useEditor((state) => state.flowId);
  const { data, error, isPending, refetch } = useQuery({ ...queries.flows.list.queryOptions(), refetchOnMount: 'always' }, queryClient);
  const saved = useMemo(() => (data ?? []).filter((flow) => flow.id !== flowId), [data, flowId]);
  return { saved, error: error ?? undefined, isPending, retry: () => void refetch() };
}
