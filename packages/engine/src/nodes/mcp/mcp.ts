/** The kind `mcp`: the tools and resources of an MCP server, as a step with one tool and as tools of a control node. */
import { connectionTypesThatSpeak, FailureError, failure, isJsonObject, type AcceptedTool, type Json, type JsonObject } from '@switchyard/shared';
import { z } from 'zod';
import { defineNode, field, type Context, type Operation, type Problem, type Step } from '../../node.ts';
import { objectSchema } from '../../schema.ts';

const servers = connectionTypesThatSpeak('mcp');

const config = z.strictObject({
  connection: field.connection(servers).meta({ widget: 'connection', connectionTypes: servers, title: 'Connection', description: 'The server.' }),
  access: z
    .enum(['read', 'write'])
    .default('read')
    .meta({ title: 'Access', description: 'Read: only tools that say they change nothing. Write: the others too, asked for as their grant says.' }),
  tools: z
    .array(z.string().min(1))
    .default([])
    .meta({ title: 'Tools', description: 'Names of the tools that may be called. None named: all that the access allows.' }),
  tool: z.string().optional().meta({ title: 'Tool of the step', description: 'What is called when the node is linked as a step, with the input "arguments".' }),
});
type Config = z.output<typeof config>;

/** What the connection's catalogue says. */
interface Offer {
  tools: Record<string, AcceptedTool>;
  resources?: Json[];
  /** Why the others are not to be called, by name. */
  refused?: Record<string, string>;
}

const openArguments = { type: 'object', description: 'The arguments of the tool' };

const noTool: Problem = {
  field: 'tool',
  message: 'The node runs as a step, but does not say which tool. Name one in its settings, or grant the node to a control node instead.',
};

export const mcpKind = defineNode({
  kind: 'mcp',
  layer: 'data',
  title: 'MCP server',
  tagline: 'Tools of an MCP server',
  icon: 'plug',
  doc: `Calls the tools of a server that speaks the **Model Context Protocol**, and reads its resources. Granted to a control node, each tool is an operation; linked as a step, the node calls its one **tool** with the object at \`arguments\` and gives \`result\`.

What a tool says of itself is told to models, so somebody has to have read it: *Test* on the connection shows each tool's text, and *Accept* accepts what is shown. A tool that is new or says something else since then is refused until a person has read and accepted that too; the failure tells where it differs, *Test* shows the old text and the new one.

With **access** read, only tools that their server marks as reading are offered. At most a million characters are taken of one result.`,
  config,
  initial: { access: 'read', tools: [] },
  summary: ({ connection, access, tools }) => `${connection} · ${tools.length > 0 ? tools.join(', ') : access === 'read' ? 'read only' : 'read and write'}`,
  ports: () => ({ inputs: { arguments: openArguments }, outputs: { result: {} }, optional: ['arguments'] }),
  catalogue: ({ connection }, context) => context.catalogue(connection),
  tellCatalogue: (catalogue) => ({ resources: (catalogue as unknown as Offer).resources ?? [] }),
  operations: (settings, { catalogue, title }) => [...toolsOf(settings, catalogue).map((tool) => toOperation(settings, tool)), resourceReader(settings, title)],
  unlisted: ({ tools, access }) => (tools.length === 0 ? access : undefined),
  whyMissing,
  stepProblem: ({ tool }) => (tool ? undefined : noTool),
  *run({ config: settings, inputs }, context) {
    const { tool } = settings;
    if (tool === undefined || tool === '') throw new FailureError(failure('tool-missing', noTool.message));
    const known = yield* readTool(settings, tool, context);
    const given = inputs.arguments ?? {};
    if (!isJsonObject(given))
      throw new FailureError(failure('arguments-invalid', 'The input "arguments" must be an object, with the arguments of the tool by name.'));
    return { result: yield* callTool(settings, known, { args: given, context }) };
  },
  examples: [
    {
      title: 'A tool as a step',
      config: { connection: 'files', tool: 'read_file' },
      inputs: { arguments: { path: 'notes.md' } },
      answers: {
        'example.catalogue': {
          tools: { read_file: { description: 'Reads a file', input: { type: 'object' }, isReading: true, isIdempotent: false } },
          resources: [],
        },
        example: 'What we decided on Monday.',
      },
      outputs: { result: 'What we decided on Monday.' },
    },
  ],
});

/** Before the server was asked, only the names are known. */
type NamedTool = { name: string } & Partial<AcceptedTool>;

function toolsOf({ tools, access }: Config, catalogue: Json | undefined): NamedTool[] {
  if (catalogue === undefined) return tools.map((name) => ({ name }));
  const offered = Object.entries((catalogue as unknown as Offer).tools);
  return offered.flatMap(([name, tool]) => ((tools.length > 0 && !tools.includes(name)) || (access === 'read' && !tool.isReading) ? [] : [{ name, ...tool }]));
}

function toOperation(settings: Config, tool: NamedTool): Operation {
  const isSafe = tool.isReading === true || settings.access === 'read';
  return {
    name: operationName(tool.name),
    description: tool.description ?? `Calls the tool "${tool.name}"`,
    input: tool.input ?? openArguments,
    ...(tool.output && { output: tool.output }),
    effect: isSafe ? 'read' : 'write',
    ...(tool.isIdempotent && { idempotent: true }),
    call: (args, context) => (tool.input ? callTool(settings, tool, { args, context }) : callUnread(settings, tool.name, { args, context })),
  };
}

/** What the server says of the tool, as far as it was accepted. */
function* readTool({ connection }: Config, name: string, context: Context): Step<NamedTool> {
  const { tools } = (yield* context.catalogue(connection, '.catalogue')) as unknown as Offer;
  return { name, ...(Object.hasOwn(tools, name) && tools[name]) };
}

function* callUnread(settings: Config, name: string, { args, context }: { args: JsonObject; context: Context }): Step<Json> {
  return yield* callTool(settings, yield* readTool(settings, name, context), { args, context });
}

function whyMissing({ connection, tools: chosen }: Config, catalogue: Json, operation: string): string | undefined {
  const { tools, refused = {} } = catalogue as unknown as Offer;
  const isMeant = (name: string) => operationName(name) === operation;
  const refusedName = Object.keys(refused).find(isMeant);
  if (refusedName !== undefined)
    return `The definition of its tool "${refusedName}" ${refused[refusedName]}: a person must read and accept it. Test the connection "${connection}" in the workspace, or run "switchyard accept ${connection}".`;
  const name = Object.keys(tools).find(isMeant);
  if (name === undefined) return undefined;
  return chosen.length > 0 && !chosen.includes(name)
    ? `The tool "${name}" is not among the tools that the node names: name it there.`
    : `The tool "${name}" does not say that it only reads, and the node may only read: set its access to write.`;
}

/** Names of tools have dots, hyphens and slashes, those of operations none. */
function operationName(name: string): string {
  const plain = name.replaceAll(/[^a-zA-Z0-9_]/g, '_');
  return /^[a-zA-Z_]/.test(plain) ? plain : `_${plain}`;
}

function* callTool(
  { connection, access }: Config,
  { name, isReading = false, isIdempotent = false }: NamedTool,
  { args, context }: { args: JsonObject; context: Context },
): Step<Json> {
  if (access === 'read' && !isReading)
    throw new FailureError(
      failure(
        'access-denied',
        `The tool "${name}" does not say that it only reads, and this node may only read. Set the access of the node to write, or choose another tool.`,
      ),
    );
  return yield* context.connect(
    { connection, action: 'call-tool', arguments: { tool: name, arguments: args } },
    { effect: isReading ? 'read' : 'write', ...(isIdempotent && { isIdempotent: true }) },
  );
}

function resourceReader({ connection }: Config, title: string): Operation {
  return {
    name: 'read_resource',
    description: `Reads a resource of "${title}"; the catalogue lists some`,
    input: objectSchema({ uri: { type: 'string', description: 'The address of the resource' } }),
    effect: 'read',
    call: (args, context) => context.connect({ connection, action: 'read-resource', arguments: { uri: String(args.uri) } }),
  };
}
