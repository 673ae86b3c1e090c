/** APIs with a description: requests as any HTTP API, and the operations of the description as the catalogue. */
import { open, type FileHandle } from 'node:fs/promises';
import { FailureError, failure, type ApiCatalogue, type CatalogueScope, type Connection } from '@switchyard/shared';
import type { Connector, ConnectorCall, ConnectorMeans } from '../connector.ts';
import { apiOf } from '../http/api-of.ts';
import { statusFailure } from '../http/http-failures.ts';
import { exchange, performFetch, type HttpApi } from '../http/perform-fetch.ts';
import { localPath } from '../local-path.ts';
import { chooseOperations } from './choose-operations.ts';
import { readDescription } from './read-description.ts';
import { Turns } from '../../processes/turns.ts';

/** Of a description. Those of the largest public APIs have 12 MB. */
const maxBytes = 16_000_000;
/** A description is read again after this long. */
const freshMs = 60_000;

type OpenapiConnection = Extract<Connection, { type: 'openapi' }>;

export const openapiConnector: Connector<'openapi'> = {
  type: 'openapi',
  async open(connection, means) {
    const api = apiOf(connection, means);
    const turns = new Turns();
    let kept: { catalogue: ApiCatalogue; until: number } | undefined;
    const isFresh = () => kept !== undefined && Date.now() < kept.until;
    const read = async (call: ConnectorCall): Promise<void> => {
      // Whoever waited for another's reading has it now.
      if (isFresh()) return;
      const bytes = await descriptionOf({ connection, means, api }, call);
      kept = { catalogue: await readDescription(bytes, means.name, call.deadline), until: Date.now() + freshMs };
    };
    const catalogue = async (call: ConnectorCall, { only }: CatalogueScope = {}): Promise<ApiCatalogue> => {
      if (!isFresh()) await turns.take(call.deadline, `Reading the description of connection "${means.name}"`, () => read(call));
      const whole = (kept as NonNullable<typeof kept>).catalogue;
      return only ? chooseOperations(whole, only) : whole;
    };
    return {
      fetch: (request, call) => performFetch(api, request, call),
      catalogue,
      check: async (call) => foundText(await catalogue(call)),
      close: () => Promise.resolve(),
    };
  },
};

function foundText({ title, operations, refused = {} }: ApiCatalogue): string {
  const found = `Its description "${title}" has ${operations.length} ${operations.length === 1 ? 'operation' : 'operations'}`;
  const names = Object.keys(refused);
  if (names.length === 0) return `${found}.`;
  const first = names[0] as string;
  return `${found} that can be called, and ${names.length} that cannot; of "${first}": ${refused[first] as string}`;
}

async function descriptionOf(
  { connection, means, api }: { connection: OpenapiConnection; means: ConnectorMeans; api: HttpApi },
  call: ConnectorCall,
): Promise<Uint8Array> {
  const { url, file } = connection;
  if ((url === undefined) === (file === undefined))
    throw new FailureError(
      failure('connection-invalid', `Connection "${means.name}" needs either the address or the file of its description. Set one of the two.`),
    );
  if (file !== undefined) return await readCapped(localPath(file, means), means.name);
  const { origin, pathname, search } = new URL(url as string);
  // The credentials are the API's: another origin that keeps its description does not get them.
  const { tokens: _, ...plain } = api;
  const credentials = origin === new URL(api.baseUrl).origin ? api : { ...plain, headers: {} };
  const keeper: HttpApi = { ...credentials, baseUrl: origin, maxResponseBytes: maxBytes };
  const request = {
    connection: means.name,
    method: 'GET',
    path: pathname + search,
    headers: { accept: 'application/json, application/yaml;q=0.9, */*;q=0.5' },
  };
  const response = await exchange(keeper, request, { ...call, effect: 'read' });
  if (response.status >= 400) throw statusFailure(response, `The description of connection "${means.name}"`);
  return response.body;
}

async function readCapped(path: string, name: string): Promise<Uint8Array> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, 'r');
    const stat = await handle.stat();
    if (!stat.isFile() || stat.size > maxBytes)
      throw new FailureError(failure('connection-invalid', `The description of connection "${name}" is no file of at most ${maxBytes / 1_000_000} MB.`));
    return await handle.readFile();
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
