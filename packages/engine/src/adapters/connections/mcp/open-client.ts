/** A client of one MCP server: connected at its first use, anew when the connection was lost. */
import { isAbsolute } from 'node:path';
import { FailureError, failure, type Connection, type Json, type Schema } from '@switchyard/shared';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { jsonSchemaValidator } from '@modelcontextprotocol/sdk/validation';
import { mismatchText, validate } from '../../../schema.ts';
import type { ConnectorMeans } from '../connector.ts';
import { createGuardedFetch } from './guarded-fetch.ts';

type McpConnection = Extract<Connection, { type: 'mcp' }>;

export class McpClient {
  readonly #connection: McpConnection;
  readonly #means: ConnectorMeans;
  #client: Promise<Client> | undefined;
  /** Made, and perhaps still waiting for the server's greeting. */
  #made: Client | undefined;

  constructor(connection: McpConnection, means: ConnectorMeans) {
    this.#connection = connection;
    this.#means = means;
  }

  /** Connected; the protocol's first exchange is made once. */
  get(): Promise<Client> {
    this.#client ??= this.#connect().catch((error: unknown) => {
      this.#client = undefined;
      throw error;
    });
    return this.#client;
  }

  async close(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    await this.#made?.close();
    await client?.then(
      (open) => open.close(),
      () => undefined,
    );
  }

  async #connect(): Promise<Client> {
    const { Client: Protocol } = await import('@modelcontextprotocol/sdk/client/index.js');
    const client = new Protocol({ name: 'switchyard', version: '1' }, { capabilities: {}, jsonSchemaValidator: answerValidator });
    this.#made = client;
    client.onclose = () => {
      this.#client = undefined;
    };
    await client.connect(await this.#transport());
    return client;
  }

  async #transport(): Promise<Transport> {
    const { url, headers = {}, command } = this.#connection;
    const { name, egress, text, baseDirectory } = this.#means;
    if (url !== undefined) {
      const { StreamableHTTPClientTransport } = await import('@modelcontextprotocol/sdk/client/streamableHttp.js');
      const sent = Object.fromEntries(Object.entries(headers).map(([header, value]) => [header, text(value, `its header "${header}"`)]));
      // The package's own type of it is looser than the one it implements.
      return new StreamableHTTPClientTransport(new URL(url), { fetch: createGuardedFetch(url, egress), requestInit: { headers: sent } }) as Transport;
    }
    const [program, ...args] = command ?? [];
    if (program === undefined) throw invalid(name, 'has neither an address nor a program');
    if (!isAbsolute(program)) throw invalid(name, `names the program "${program}" without its folder: write its absolute path`);
    const { ProgramTransport } = await import('./program-transport.ts');
    return new ProgramTransport({ file: program, args, directory: baseDirectory });
  }
}

/** Of what tools give. The package's own make code from schemas, or are at some of them for hours, and these come from a stranger. */
const answerValidator: jsonSchemaValidator = {
  getValidator: (schema) => (input) => {
    const mismatches = validate(schema as Schema, input as Json);
    if (mismatches.length > 0) return { valid: false, data: undefined, errorMessage: mismatchText(mismatches) };
    return { valid: true, data: input as never, errorMessage: undefined };
  },
};

function invalid(name: string, why: string): FailureError {
  return new FailureError(failure('connection-invalid', `Connection "${name}" ${why}.`));
}
