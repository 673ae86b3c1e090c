/** APIs with a description: requests as any HTTP API, and the operations of the description as the catalogue. */
import { open, type FileHandle } from 'node:fs/promises';
import { FailureError, failure, type ApiCatalogue, type Connection } from '@switchyard/shared';
import type { Connector, ConnectorCall, ConnectorMeans } from '../connector.ts';
import { apiOf } from '../http/api-of.ts';
import { statusFailure } from '../http/http-failures.ts';
import { exchange, performFetch, type HttpApi } from '../http/perform-fetch.ts';
import { bodyText } from '../http/read-response.ts';
import { localPath } from '../local-path.ts';
import { readDescription } from './read-description.ts';

const maxBytes = 5_000_000;
/** A description is read again after this long. */
const freshMs = 60_000;

type OpenapiConnection = Extract<Connection, { type: 'openapi' }>;

export const openapiConnector: Connector<'openapi'> = {
  type: 'openapi',
  async open(connection, means) {
    const api = apiOf(connection, means);
    let kept: { catalogue: ApiCatalogue; until: number } | undefined;
    const catalogue = async (call: ConnectorCall): Promise<ApiCatalogue> => {
      if (kept && Date.now() < kept.until) return kept.catalogue;
      const text = await descriptionOf({ connection, means, api }, call);
      kept = { catalogue: await readDescription(text, means.name), until: Date.now() + freshMs };
      return kept.catalogue;
    };
    return {
      fetch: (request, call) => performFetch(api, request, call),
      catalogue,
      async check(call) {
        const { title, operations } = await catalogue(call);
        return `Its description "${title}" has ${operations.length} ${operations.length === 1 ? 'operation' : 'operations'}.`;
      },
      close: () => Promise.resolve(),
    };
  },
};

async function descriptionOf(
  { connection, means, api }: { connection: OpenapiConnection; means: ConnectorMeans; api: HttpApi },
  call: ConnectorCall,
): Promise<string> {
  const { url, file } = connection;
  if ((url === undefined) === (file === undefined))
    throw new FailureError(
      failure('connection-invalid', `Connection "${means.name}" needs either the address or the file of its description. Set one of the two.`),
    );
  if (file !== undefined) return await readCapped(localPath(file, means), means.name);
  const { origin, pathname, search } = new URL(url as string);
  // The credentials are the API's: another origin that keeps its description does not get them.
  const { tokens: _, ...plain } = api;
  const keeper: HttpApi = origin === new URL(api.baseUrl).origin ? { ...api, baseUrl: origin } : { ...plain, headers: {}, baseUrl: origin };
  const request = {
    connection: means.name,
    method: 'GET',
    path: pathname + search,
    headers: { accept: 'application/json, application/yaml;q=0.9, */*;q=0.5' },
  };
  const response = await exchange(keeper, request, { ...call, effect: 'read' });
  if (response.status >= 400) throw statusFailure(response, `The description of connection "${means.name}"`);
  return bodyText(response);
}

async function readCapped(path: string, name: string): Promise<string> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, 'r');
    const stat = await handle.stat();
    if (!stat.isFile() || stat.size > maxBytes)
      throw new FailureError(failure('connection-invalid', `The description of connection "${name}" is no file of at most ${maxBytes / 1_000_000} MB.`));
    return await handle.readFile('utf8');
  } catch (error) {
    if (error instanceof FailureError) throw error;
    throw new FailureError(
      failure(
        'connection-invalid',
        `The description of connection "${name}" cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'}). Check its file.`,
      ),
    );
  } finally {
    await handle?.close();
  }
}
