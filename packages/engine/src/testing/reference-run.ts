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

/** Runs the flow; where lists depend on the order of arrival, they are in the order of the links. */
export function referenceRun(flow: Flow, inputs: JsonObject, answer: Answer): ReferenceResult {
  try {
    return { status: 'done', outputs: runBody(flow, inputs, { flows: flow.flows ?? {}, answer }) };
  } catch (error) {
    if (error instanceof FailureError) return { status: 'failed', outputs: {} };
    throw error;
  }
}

interface World {
  flows: Record<string, Subflow>;
  answer: Answer;
}

function runBody(body: Pick<Flow, 'nodes' | 'links'>, inputs: JsonObject, world: World): JsonObject {
  const emitted = new Map<string, JsonObject>();
  const outputs: JsonObject = {};
  const visit = (id: string): JsonObject => {
    const known = emitted.get(id);
    if (known) return known;
    const node = body.nodes[id] as FlowNode;
    const came = arrivals(body, id, visit);
    const given = isSkipped(node, came) ? {} : runNode(node, { came, inputs }, world);
    if (node.kind === 'output') Object.assign(outputs, given);
    emitted.set(id, given);
    return given;
  };
  for (const id of Object.keys(body.nodes)) visit(id);
  return outputs;
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

function runNode(node: FlowNode, { came, inputs }: { came: Arrived[]; inputs: JsonObject }, world: World): JsonObject {
  try {
    return perform(node, { came: came.filter(({ value }) => value !== undefined), inputs }, world);
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
    if (node.policy?.onFailure === 'continue') return (node.policy.default as JsonObject | undefined) ?? {};
    if (node.policy?.onFailure === 'port') return { error: error.failure as unknown as Json };
    throw error;
  }
}

function perform(node: FlowNode, { came, inputs }: { came: Arrived[]; inputs: JsonObject }, world: World): JsonObject {
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
      return { values: came.map(({ value }) => value as Json), sources: came.map(({ from }) => from) };
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
