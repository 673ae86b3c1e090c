/** MCP servers: their tools and resources, read anew for each run that asks, called only as they were accepted. */
import { FailureError, failure, isJsonObject, visibleLine, type AcceptedTool, type Json, type JsonObject } from '@switchyard/shared';
import type { Connector, ConnectorCall } from '../connector.ts';
import { comparisonOf, definitionOf, refusedTool, sortTools, type ListedTool, type Tools } from './definitions.ts';
import { McpClient } from './open-client.ts';
import { neverSent } from '../never-sent.ts';
import { contentsOf, resultOf, type CallResult } from './results.ts';

const mostTools = 500;
const mostPages = 20;
/** Characters of all definitions together, as JSON. */
const mostOfTools = 8_000_000;
const mostResources = 200;

export const mcpConnector: Connector<'mcp'> = {
  type: 'mcp',
  async open(connection, means) {
    const client = new McpClient(connection, means);
    const { name } = means;
    const { accepted } = connection;
    const within = async <Result>(
      { deadline }: ConnectorCall,
      work: (options: { signal: AbortSignal; timeout: number }) => Promise<Result>,
    ): Promise<Result> => {
      try {
        return await orAborted(work({ signal: deadline.signal, timeout: Math.max(1, deadline.endsAt - Date.now()) }), deadline.signal);
      } catch (error) {
        throw deadline.failure(`The call to "${name}"`) ?? explain(error, name);
      }
    };
    const listTools = (call: ConnectorCall) => within(call, (options) => readTools(client, name, options));
    return {
      async catalogue(call) {
        const { usable, refused } = sortTools(await listTools(call), accepted);
        const resources = await within(call, (options) => readResources(client, options));
        return { tools: usable, resources, ...(Object.keys(refused).length > 0 && { refused }) } as unknown as Json;
      },
      async connect({ action, arguments: args }, call) {
        if (action === 'read-resource')
          return await within(call, async (options) =>
            contentsOf((await (await client.get()).readResource({ uri: String(args.uri) }, options)).contents, `The resource of "${name}"`),
          );
        if (action !== 'call-tool') throw new FailureError(failure('action-unknown', `Connection "${name}" has no action "${action}".`));
        const tool = String(args.tool);
        const sorted = sortTools(await listTools(call).catch((error: unknown) => toldBefore(error, call)), accepted);
        if (!Object.hasOwn(sorted.usable, tool)) throw refusedTool(name, tool, sorted);
        return await within(call, async (options) => {
          const given = isJsonObject(args.arguments) ? args.arguments : {};
          const result = await (await client.get()).callTool({ name: tool, arguments: given, ...metaOf(call) }, undefined, options);
          return resultOf(result as CallResult, `The tool "${tool}" of "${name}"`);
        });
      },
      async check(call) {
        const tools = await listTools(call);
        const names = Object.keys(tools).map(visibleLine);
        const { changes, isFirst } = comparisonOf(accepted, tools);
        const remark = changes.length === 0 ? '' : isFirst ? ' None is accepted yet.' : ` ${differing(changes.map(({ name }) => visibleLine(name)))}`;
        return `It answers and has ${names.length} ${names.length === 1 ? 'tool' : 'tools'}: ${names.join(', ').slice(0, 300) || 'none'}.${remark}`;
      },
      async offer(call) {
        const tools = await listTools(call);
        return { ...comparisonOf(accepted, tools), fields: { accepted: tools as unknown as JsonObject } };
      },
      close: () => client.close(),
    };
  },
};

/** Rejects when the signal aborts: the client is connected for all calls, and waits for a server's greeting as long as it sees fit. */
async function orAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  const { promise, reject } = Promise.withResolvers<never>();
  const end = () => reject(signal.reason as Error);
  if (signal.aborted) end();
  else signal.addEventListener('abort', end, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', end);
  }
}

function differing(names: readonly string[]): string {
  return `${names.length === 1 ? 'One is' : `${names.length} are`} not as accepted: ${names.join(', ').slice(0, 300)}.`;
}

/** A write that may be repeated carries its key where a server can find it. */
function metaOf({ idempotencyKey }: ConnectorCall): { _meta?: { [key: string]: unknown } } {
  return idempotencyKey === undefined ? {} : { _meta: { 'switchyard/idempotency-key': idempotencyKey } };
}

interface Options {
  signal: AbortSignal;
  timeout: number;
}

async function readTools(client: McpClient, name: string, options: Options): Promise<Tools> {
  const open = await client.get();
  const tools: Record<string, AcceptedTool> = Object.create(null) as Record<string, AcceptedTool>;
  if (!open.getServerCapabilities()?.tools) return {};
  let cursor: string | undefined;
  let length = 0;
  for (let page = 0; page < mostPages; page += 1) {
    const listed = await open.listTools(cursor === undefined ? {} : { cursor }, options);
    for (const tool of listed.tools.slice(0, mostTools - Object.keys(tools).length)) {
      const definition = definitionOf(tool as ListedTool);
      length += tool.name.length + JSON.stringify(definition).length;
      if (length > mostOfTools) throw toolsTooLarge(name);
      tools[tool.name] = definition;
    }
    cursor = listed.nextCursor;
    if (cursor === undefined || Object.keys(tools).length >= mostTools) break;
  }
  return { ...tools };
}

function toolsTooLarge(name: string): FailureError {
  return new FailureError(
    failure(
      'response-too-large',
      `The tools of "${name}" were not read to their end: their definitions are longer than ${mostOfTools / 1_000_000} MB together. Let the server offer fewer, or shorter schemas.`,
    ),
  );
}

async function readResources(client: McpClient, options: Options): Promise<Json> {
  const open = await client.get();
  if (!open.getServerCapabilities()?.resources) return [];
  const { resources } = await open.listResources({}, options);
  return resources.slice(0, mostResources).map(({ uri, name, description, mimeType }) => ({
    uri,
    name,
    ...(description !== undefined && { description: description.slice(0, 500) }),
    ...(mimeType !== undefined && { mimeType }),
  }));
}

/** Of what is read before a tool is called. */
function toldBefore(error: unknown, call: ConnectorCall): never {
  throw error instanceof FailureError ? neverSent(error, call) : error;
}

function explain(error: unknown, name: string): FailureError {
  if (error instanceof FailureError) return error;
  const cause = error instanceof Error && error.cause instanceof FailureError ? error.cause : undefined;
  if (cause) return cause;
  const message = error instanceof Error ? error.message : String(error);
  const code = (error as { code?: unknown }).code;
  // JSON-RPC's own codes are negative: the server understood, and says no.
  if (typeof code === 'number' && code < 0) return new FailureError(failure('tool-failed', `Connection "${name}" did not do it. The server says: ${message}`));
  if (code === 401 || code === 403 || /\b(401|403)\b/.test(message))
    return new FailureError(failure('connection-denied', `Connection "${name}" is refused: its credentials are missing or wrong. Set them in its headers.`));
  return new FailureError(
    failure('connection-unreachable', `Connection "${name}" cannot be reached: ${message}. See whether the server is up and its address is right.`, {
      retry: 'policy',
    }),
  );
}
