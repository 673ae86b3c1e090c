/** The workspace as the server knows it, and the ways to change it; every change shows in all pickers at once. */
import { useMutation, useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { WorkspaceView } from '@switchyard/api/router';
import { messageOf } from '../api/api-error.ts';
import { api, queries, queryClient } from '../api/client.ts';
import { sayFailed } from '../ui/messages.ts';

type Acceptance = Awaited<ReturnType<typeof api.workspace.acceptConnection.mutate>>;
type ConnectionCheck = Awaited<ReturnType<typeof api.workspace.testConnection.mutate>>;

/** Models, connections, secrets and notes. */
export function useWorkspace(): UseQueryResult<WorkspaceView, unknown> {
  return useQuery(queries.workspace.get.queryOptions());
}

/** Asks for the workspace again; resolves when pickers and checks have it, also where no panel shows it: only what is shown is asked for again by itself. */
async function refreshWorkspace(): Promise<void> {
  await queryClient.invalidateQueries({ queryKey: queries.workspace.pathKey() });
  await queryClient.prefetchQuery(queries.workspace.get.queryOptions());
}

/** Tries a connection out, so what it holds is read again. */
export async function testConnection(name: string): Promise<ConnectionCheck> {
  try {
    return await api.workspace.testConnection.mutate({ name });
  } finally {
    void queryClient.invalidateQueries({ queryKey: queries.workspace.catalogue.queryKey({ connection: name }) });
  }
}

/** Accepts what was shown under this hash; where it is something else by now, gives that. */
export async function acceptConnection(name: string, hash: string): Promise<Acceptance> {
  const acceptance = await api.workspace.acceptConnection.mutate({ name, hash });
  if (acceptance.accepted) await refreshWorkspace();
  return acceptance;
}

interface WorkspaceChange<Input> {
  /** Resolves with whether it was done; why not is told in `error`. */
  change(input: Input): Promise<boolean>;
  isPending: boolean;
  error: string | undefined;
}

/** One way to change the workspace. `isQuiet` where the asker shows the error itself. */
export function useWorkspaceChange<Input>(send: (input: Input) => Promise<unknown>, isQuiet = false): WorkspaceChange<Input> {
  const mutation = useMutation({ mutationFn: send, onSuccess: refreshWorkspace });
  return {
    isPending: mutation.isPending,
    error: mutation.error ? messageOf(mutation.error) : undefined,
    async change(input) {
      try {
        await mutation.mutateAsync(input);
        return true;
      } catch (error) {
        if (!isQuiet) sayFailed('The workspace was not changed', messageOf(error));
        return false;
      }
    },
  };
}
