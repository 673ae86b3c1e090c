/** How the tasks of one body hang together, worked out once per plan however often its body is executed. */
import type { Kind, Registry } from '../node.ts';
import type { PlanBody, PlanSource } from '../plan.ts';

/** An input that is settled when all its sources are. */
export interface WiredInput {
  port: string;
  sources: PlanSource[];
  required: boolean;
}

/** A link to an input that collects: what comes by it is an arrival of its own. */
export interface CollectingLink {
  task: number;
  port: string;
  sourcePort: string;
}

export interface Wiring {
  body: PlanBody;
  kinds: Kind[];
  /** By task. */
  inputs: WiredInput[][];
  /** By task: what must happen before it starts, one for each link, and one for the first arrival where an input collects. */
  open: Int32Array;
  /** By task: the tasks that its outputs lead to, once for each link. */
  followers: number[][];
  /** By task: its links to inputs that collect. */
  collecting: (CollectingLink[] | undefined)[];
  /** Tasks with inputs that collect, with how many links end there. */
  collectors: Map<number, number>;
  /** Tasks that wait for nothing. */
  first: number[];
}

const wirings = new WeakMap<PlanBody, { registry: Registry; wiring: Wiring }>();

/** The wiring of a body, which nobody changes. Throws where the body has a task of a kind that the registry does not know. */
export function wire(body: PlanBody, registry: Registry): Wiring {
  const known = wirings.get(body);
  if (known?.registry === registry) return known.wiring;
  const wiring = wireBody(body, registry);
  wirings.set(body, { registry, wiring });
  return wiring;
}

function wireBody(body: PlanBody, registry: Registry): Wiring {
  const count = body.tasks.length;
  const wiring: Wiring = {
    body,
    kinds: body.tasks.map(({ kind: name }) => kindOf(name, registry)),
    inputs: new Array(count),
    open: new Int32Array(count),
    followers: Array.from({ length: count }, () => []),
    collecting: new Array(count),
    collectors: new Map(),
    first: [],
  };
  for (let index = 0; index < count; index += 1) wireTask(wiring, index);
  return wiring;
}

function wireTask(wiring: Wiring, index: number): void {
  const inputs: WiredInput[] = [];
  const planned = (wiring.body.tasks[index] as PlanBody['tasks'][number]).inputs;
  let open = 0;
  for (const port in planned) {
    const { sources, required, collects } = planned[port] as (typeof planned)[string];
    if (collects) {
      wiring.collectors.set(index, (wiring.collectors.get(index) ?? 0) + sources.length);
      for (const source of sources) {
        wiring.collecting[source.task] ??= [];
        wiring.collecting[source.task]?.push({ task: index, port, sourcePort: source.port });
      }
      continue;
    }
    inputs.push({ port, sources, required });
    open += sources.length;
    for (const source of sources) wiring.followers[source.task]?.push(index);
  }
  if (wiring.collectors.has(index)) open += 1;
  wiring.inputs[index] = inputs;
  wiring.open[index] = open;
  if (open === 0) wiring.first.push(index);
}

function kindOf(name: string, registry: Registry): Kind {
  const kind = registry.get(name);
  if (!kind) throw new Error(`The plan has a task of the unknown kind "${name}"`);
  return kind;
}
