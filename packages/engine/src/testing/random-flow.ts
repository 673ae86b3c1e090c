/** Flows that fast-check draws: texts, calls with every policy, branches, merges, waits, maps, loops and subflows, wired at random but never in a circle. */
import type { Flow, JsonObject, NodePolicy, Subflow } from '@switchyard/shared';
import fc from 'fast-check';
import { drawBody, drawFlow, entry, exit, fetching, type DrawnNode } from './subflow.ts';

const sorts = ['text', 'call', 'branch', 'map', 'merge', 'wait', 'loop', 'flow'] as const;

interface Part {
  sort: (typeof sorts)[number];
  /** Which of the outputs so far it takes. */
  picks: number[];
  policy: number;
}

const policies: readonly (NodePolicy | undefined)[] = [
  undefined,
  { onFailure: 'continue' },
  { onFailure: 'continue', default: { body: 'a default' } },
  { onFailure: 'port' },
  { onFailure: 'continue', timeoutSeconds: 3600, retry: { attempts: 2, baseMs: 0, maxMs: 0 } },
];

const parts: fc.Arbitrary<Part[]> = fc.array(
  fc.record({
    sort: fc.constantFrom(...sorts),
    picks: fc.array(fc.nat({ max: 1000 }), { minLength: 3, maxLength: 3 }),
    policy: fc.nat({ max: policies.length - 1 }),
  }),
  { minLength: 1, maxLength: 12 },
);

/** A flow with the input `q` and one output field for each loose end. What it gives does not depend on which way is the quickest. */
export const randomFlow: fc.Arbitrary<Flow> = parts.map((drawn) => new FlowBuilder([{}]).build(drawn));

/** An hour is never over, a millisecond may be. */
const races: readonly JsonObject[] = [
  {},
  { mode: 'any' },
  { mode: 'first', count: 2 },
  { mode: 'first', count: 1, seconds: 3600 },
  { mode: 'all', seconds: 0.001 },
];

/** The same with merges that take what comes first; which that was, the outputs `sources` of the run tell. */
export const racingFlow: fc.Arbitrary<Flow> = parts.map((drawn) => new FlowBuilder(races).build(drawn));

const each: Subflow = drawBody(
  { first: entry('item'), get: fetching('/v-{{x}}'), way: ['branch', { cases: [{ port: 'odd', when: 'value.endsWith("1")' }] }], last: exit('got', 'odd') },
  ['first.item>get.x', 'get.body>way.value', 'get.body>last.got', 'way.odd>last.odd'],
);

/** A round of a loop: what was answered is asked for in the next. */
const again: Subflow = drawBody({ first: entry('n'), get: fetching('/v-{{x}}'), last: exit('n') }, ['first.n>get.x', 'get.body>last.n']);

class FlowBuilder {
  readonly #nodes: Record<string, DrawnNode> = { ask: entry('q') };
  readonly #wires: string[] = [];
  /** Outputs that carry text. */
  readonly #texts = ['ask.q'];
  readonly #ends: string[] = [];
  /** Settings of merges, to be drawn from. */
  readonly #merges: readonly JsonObject[];

  constructor(merges: readonly JsonObject[]) {
    this.#merges = merges;
  }

  build(drawn: readonly Part[]): Flow {
    for (const [index, part] of drawn.entries()) this.#add(`n${index}`, part);
    const fields = [...this.#texts, ...this.#ends].map((source) => ({ source, field: source.replace('.', '_') }));
    this.#nodes.reply = exit(...fields.map(({ field }) => field));
    for (const { source, field } of fields) this.#wires.push(`${source}>reply.${field}`);
    return drawFlow(drawBody(this.#nodes, this.#wires), { each, again });
  }

  #add(id: string, { sort, picks, policy }: Part): void {
    const [one, two, three] = picks.map((pick) => this.#texts[pick % this.#texts.length]) as [string, string, string];
    if (sort === 'call') this.#call(id, one, policies[policy]);
    else if (sort === 'merge') this.#merge(id, this.#merges[policy % this.#merges.length] as JsonObject, [one, two, three]);
    else if (sort === 'map') this.#map(id, one, policy);
    else if (sort === 'wait') this.#put(id, ['wait', { seconds: 0.001 * (policy % 3) }], { value: one }, ['value']);
    else if (sort === 'flow') this.#put(id, ['flow', { flow: 'each' }, policy === 1 ? { onFailure: 'continue' } : undefined], { item: one }, ['got']);
    else if (sort === 'loop')
      this.#put(id, ['loop', { flow: 'again', until: `iteration >= ${1 + (policy % 3)}` }, policy < 3 ? { onFailure: 'continue' } : undefined], { n: one }, [
        'n',
      ]);
    else if (sort === 'branch') this.#put(id, ['branch', { cases: [{ port: 'odd', when: 'value.endsWith("1")' }] }], { value: one }, ['odd', 'else']);
    else this.#put(id, ['template', { template: '{{ a }}.{{ b }}' }], { a: one, b: two }, ['text']);
  }

  #merge(id: string, config: JsonObject, sources: string[]): void {
    this.#nodes[id] = ['merge', config];
    for (const source of new Set(sources)) this.#wires.push(`${source}>${id}.values`);
    this.#ends.push(`${id}.values`, `${id}.sources`);
    if (config.mode === 'any') this.#texts.push(`${id}.value`);
  }

  #map(id: string, source: string, policy: number): void {
    const config = { flow: 'each', onFailure: policy % 2 === 0 ? 'keep' : 'stop', concurrency: 1 + (policy % 3) };
    this.#put(`${id}_list`, ['convert', { to: 'pick', expression: '[value + "a", value + "b"]' }], { value: source }, []);
    this.#put(id, ['map', config, policy === 1 ? { onFailure: 'continue' } : undefined], { items: `${id}_list.value` }, []);
    this.#put(`${id}_text`, ['template', { template: '{{ r }}' }], { r: `${id}.results` }, ['text']);
  }

  #call(id: string, source: string, policy: NodePolicy | undefined): void {
    this.#put(id, fetching('/v-{{x}}', policy), { x: source }, ['body']);
    if (policy?.onFailure === 'port') this.#put(`${id}_code`, ['convert', { to: 'pick', expression: 'value.code' }], { value: `${id}.error` }, ['value']);
  }

  #put(id: string, node: DrawnNode, inputs: Record<string, string>, outputs: string[]): void {
    this.#nodes[id] = node;
    for (const [port, source] of Object.entries(inputs)) this.#wires.push(`${source}>${id}.${port}`);
    this.#texts.push(...outputs.map((port) => `${id}.${port}`));
  }
}
