/** HTTP APIs: requests below the base URL, with the headers of the connection. */
import { FailureError, failure } from '@switchyard/shared';
import type { Connector } from '../connector.ts';
import { apiOf } from './api-of.ts';
import { exchange, performFetch } from './perform-fetch.ts';

export const httpConnector: Connector<'http'> = {
  type: 'http',
  async open(connection, means) {
    const { name } = means;
    const api = apiOf(connection, means);
    return {
      fetch: (request, call) => performFetch(api, request, call),
      async check(call) {
        const { status } = await exchange(api, { connection: name, method: 'GET', path: '/' }, call);
        const problem = problemOf(status);
        if (problem) throw new FailureError(failure('http-status', `It answers, but with status ${status}: ${problem}.`));
        return `It answers (status ${status} for its base path).`;
      },
      close: () => Promise.resolve(),
    };
  },
};

/** Many APIs have nothing at their base path: a 404 there proves that the service answers. */
function problemOf(status: number): string | undefined {
  if (status === 401 || status === 403) return 'its credentials are missing or wrong, or the base path needs others';
  return status >= 500 ? 'the service itself has a problem' : undefined;
}
