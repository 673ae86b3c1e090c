/** A host with one HTTP connection, `api`, to a server that the test answers for. */
import type { IncomingMessage, RequestListener } from 'node:http';
import type { FetchResult } from '@switchyard/shared';
import { ask, type AskOptions, HostBench } from './host-bench.ts';

export interface Api {
  /** GET /x unless told otherwise. */
  fetch(request?: object, asked?: AskOptions): Promise<FetchResult>;
  seen: IncomingMessage[];
  /** Of the server, without the connection's own path. */
  baseUrl: string;
}

export class ApiBench extends HostBench {
  async api(answer: RequestListener, options: { path?: string; headers?: Record<string, string | { secret: string }> } = {}): Promise<Api> {
    const seen: IncomingMessage[] = [];
    const baseUrl = await this.serve((incoming, outgoing) => {
      seen.push(incoming);
      answer(incoming, outgoing);
    });
    this.connections.api = { type: 'http', baseUrl: baseUrl + (options.path ?? ''), ...(options.headers && { headers: options.headers }) };
    const host = await this.host();
    return {
      fetch: (request = {}, asked = {}) => ask<FetchResult>(host, 'fetch', { connection: 'api', method: 'GET', path: '/x', ...request }, asked),
      seen,
      baseUrl,
    };
  }
}
