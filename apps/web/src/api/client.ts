/** The server as the browser calls it: one typed client, one cache of answers. */
import { QueryClient } from '@tanstack/react-query';
import { createTRPCClient, httpLink, httpSubscriptionLink, splitLink, type TRPCClient } from '@trpc/client';
import { createTRPCOptionsProxy, type TRPCOptionsProxy } from '@trpc/tanstack-react-query';
import type { AppRouter } from '@switchyard/api/router';
import { httpStatusOf } from './api-error.ts';
import { sessionFetch } from './session.ts';

const url = '/trpc';

/** Calls a procedure, such as `api.flows.save.mutate({ … })`. Calls go one by one: a slow catalogue must not hold back the rest. */
export const api: TRPCClient<AppRouter> = createTRPCClient<AppRouter>({
  links: [
    splitLink({
      condition: (operation) => operation.type === 'subscription',
      true: httpSubscriptionLink({ url }),
      false: httpLink({ url, headers: { 'x-switchyard': '1' }, fetch: sessionFetch }),
    }),
  ],
});

/** Answers already had. What the server refused is not asked again; what did not arrive is. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      retry: (count, error) => count < 3 && (httpStatusOf(error) ?? 503) >= 500,
    },
  },
});

/** Options for `useQuery` and `useMutation`, such as `queries.flows.list.queryOptions()`. */
export const queries: TRPCOptionsProxy<AppRouter> = createTRPCOptionsProxy<AppRouter>({ client: api, queryClient });
