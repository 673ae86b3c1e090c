/**
 * A second interpreter, as plain as can be: no port, no journal, no time, one node after the other. What the real one gives must not differ.
 * It knows the few kinds and settings that random flows are made of.
 */
import { FailureError, linkEnd, type Failure, type Flow, type FlowNode, type Json, type JsonObject, type Subflow } from '@switchyard/shared';
import { asText } from '../expression.ts';

/** What a request for a text is answered with; throws a FailureError for some. */
export type Answer = (asked: string) => Json;

export interface ReferenceResult {
  status: 'done' | 'failed';
  outputs: JsonObject;
}

/**
 * Runs the flow; where lists depend on the order of arrival, they are in the order of the links. What a merge took of what could come cannot be known
 * here: that is read from `observed`, the outputs of the run that is judged, and throws where the merge could not have taken it.
 */
export function referenceRun(flow: Flow, inputs: JsonObject, answer: Answer, observed: JsonObject = {}): ReferenceResult {
  try {
    return { status: 'done', outputs: runBody(flow, inputs, { flows: flow.flows ?? {}, answer, observed }) };
  } catch (error) {
    if (error instanceof FailureError) return { status: 'failed', outputs: {} };
    throw error;
  }
}

interface World {
  flows: Record<string, Subflow>;
  answer: Answer;
  observed: JsonObject;
}

function runBody(body: Pick<Flow, 'nodes' | 'links'>, inputs: JsonObject, world: World): JsonObject {
  const emitted = new Map<string, JsonObject>();
  const outputs: JsonObject = {};
  const visit = (id: string): JsonObject => {
    const known = emitted.get(id);
    if (known) return known;
    const node = body.nodes[id] as FlowNode;
    const came = arrivals(body, id, visit);
    const given = isSkipped(node, came) ? {} : runNode(node, { id, came, inputs }, world);
    if (node.kind === 'output') Object.assign(outputs, given);
    emitted.set(id, given);
    return given;
  };
  for (const id of Object.keys(body.nodes)) visit(id);
  return outputs;
}

interface Given {
  id: string;
  came: Arrived[];
  inputs: JsonObject;
}

interface Arrived {
  port: string;
  from: string;
  value?: Json;
}

function arrivals(body: Pick<Flow, 'links'>, id: string, visit: (id: string) => JsonObject): Arrived[] {
  return body.links
    .filter(({ to }) => linkEnd(to).node === id)
    .map(({ from, to }) => {
      const { node, port } = linkEnd(from);
      const value = visit(node)[port];
      return { port: linkEnd(to).port, from, ...(value !== undefined && { value }) };
    });
}

function isSkipped({ kind }: FlowNode, came: Arrived[]): boolean {
  if (came.length === 0) return false;
  const reached = new Set(came.filter(({ value }) => value !== undefined).map(({ port }) => port));
  return kind === 'output' || kind === 'merge' ? reached.size === 0 : came.some(({ port }) => !reached.has(port));
}

function runNode(node: FlowNode, { id, came, inputs }: Given, world: World): JsonObject {
  try {
    return perform(node, { id, came: came.filter(({ value }) => value !== undefined), inputs }, world);
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
    if (node.policy?.onFailure === 'continue') return (node.policy.default as JsonObject | undefined) ?? {};
    if (node.policy?.onFailure === 'port') return { error: error.failure as unknown as Json };
    throw error;
  }
}

function perform(node: FlowNode, { id, came, inputs }: Given, world: World): JsonObject {
  const values = Object.fromEntries(came.map(({ port, value }) => [port, value as Json]));
  switch (node.kind) {
    case 'input':
      return inputs;
    case 'output':
      return values;
    case 'template':
      return { text: (node.config.template as string).replaceAll(/\{\{ (\w+) \}\}/g, (_, name: string) => asText(values[name] as Json)) };
    case 'http':
      return { status: 200, body: world.answer(asText(values.x as Json)) };
    case 'branch':
      return { [asText(values.value as Json).endsWith('1') ? 'odd' : 'else']: values.value as Json };
    case 'convert':
      return {
        value: node.config.expression === 'value.code' ? (values.value as { code: string }).code : [`${values.value as string}a`, `${values.value as string}b`],
      };
    case 'merge':
      return merge(node, { id, came }, world);
    case 'wait':
      return { value: values.value as Json };
    case 'flow':
      return runBody(world.flows[node.config.flow as string] as Subflow, values, world);
    case 'loop':
      return loopBody(node, values, world);
    case 'map':
      return { results: (values.items as Json[]).map((item) => mapItem(node, item, world)) };
    default:
      throw new Error(`The reference interpreter does not know "${node.kind}"`);
  }
}

/** Merges stand in the flow itself, and give their sources as the output `ID_sources`. Of a run that failed before that, nothing is known of them. */
function merge({ config }: FlowNode, { id, came }: Pick<Given, 'id' | 'came'>, { observed }: World): JsonObject {
  const { mode = 'all', count, seconds } = config;
  const most = Math.min(mode === 'any' ? 1 : typeof count === 'number' ? count : Number.POSITIVE_INFINITY, came.length);
  const least = seconds === 0.001 ? 1 : most;
  const taken = came.length === most && least === most ? came.map(({ from }) => from) : (observed[`${id}_sources`] as string[] | undefined);
  if (!taken) return {};
  const values = taken.map((from) => came.find((each) => each.from === from)?.value);
  if (taken.length < least || taken.length > most || new Set(taken).size < taken.length || values.includes(undefined))
    throw new Error(`"${id}" took ${taken.join(', ')} of ${came.map(({ from }) => from).join(', ')}, where it must take ${least} to ${most}`);
  return { values: values as Json[], sources: taken, ...(mode === 'any' && { value: values[0] as Json }) };
}

/** The condition is `iteration >= N`. */
function loopBody({ config }: FlowNode, inputs: JsonObject, world: World): JsonObject {
  const rounds = Number((config.until as string).split('>= ')[1]);
  let given = inputs;
  for (let round = 1; round <= rounds; round += 1) given = { ...given, ...runBody(world.flows[config.flow as string] as Subflow, given, world) };
  return { ...given, iterations: rounds };
}

function mapItem({ config }: FlowNode, item: Json, world: World): Json {
  try {
    return runBody(world.flows[config.flow as string] as Subflow, { item }, world);
  } catch (error) {
    if (config.onFailure !== 'keep' || !(error instanceof FailureError)) throw error;
    return { failure: error.failure as Failure as unknown as Json };
  }
}
