/** Examples are tests: every example of every kind is compiled and run, with its canned answers in place of the world. */
import { defaultLimits, emptyFlow, FailureError, type Failure, type Flow, type Json, type JsonObject } from '@switchyard/shared';
import { describe, expect, it } from 'vitest';
import { compile } from '../compile/compile.ts';
import type { Arrival, Context, FlowPorts, Handle, Kind, KindExample, Ports, Step, Suspended } from '../node.ts';
import { validate } from '../schema.ts';
import { kinds } from './index.ts';

type Example = KindExample<JsonObject>;

/** A context whose effects complete from `answers` by key; each key is used once, and all are used. */
class CannedContext {
  readonly unused: Map<string, Json>;
  private readonly used = new Set<string>();
  constructor(answers: Record<string, Json> = {}) {
    this.unused = new Map(Object.entries(answers));
  }

  at(key: string): Context {
    const effect = (suffix = '') => this.answer(key + suffix);
    return {
      key,
      node: 'example',
      title: 'Example',
      limits: defaultLimits,
      depth: 0,
      scope: (suffix) => this.at(key + suffix),
      spend: () => undefined,
      endGrantedCall: () => undefined,
      tell: () => undefined,
      model: (_request, suffix) => effect(suffix) as Step<never>,
      catalogue: (_connection, suffix) => effect(suffix) as Step<never>,
      query: (_request, options) => effect(options?.suffix) as Step<never>,
      fetch: (_request, options) => effect(options?.suffix) as Step<never>,
      connect: (_request, options) => effect(options?.suffix) as Step<never>,
      sandbox: (_request, suffix) => effect(suffix) as Step<never>,
      timer: (_until, suffix = '') => ({ key: key + suffix }),
      *wait(until, suffix = '') {
        if ('ask' in until || 'signal' in until) return yield* effect(suffix);
        yield { key: key + suffix };
        return null;
      },
      body: (_flow, _inputs, suffix) => this.body(key + (suffix ?? '')),
      now: () => Date.UTC(2026, 0, 1),
      random: () => 0.5,
    };
  }

  /** A body's answer may be a failure: `{ "failure": { … } }`. */
  private *body(key: string): Step<JsonObject> {
    const answer = (yield* this.answer(key)) as JsonObject;
    if (answer.failure) throw new FailureError(answer.failure as unknown as Failure);
    return answer;
  }

  private *answer(key: string): Step<Json> {
    if (this.used.has(key)) throw new Error(`The key "${key}" is used twice`);
    this.used.add(key);
    const answer = this.unused.get(key);
    if (answer === undefined) throw new Error(`The example has no answer for the call "${key}"; it has ${[...this.unused.keys()].join(', ') || 'none'}`);
    this.unused.delete(key);
    yield { key };
    return answer;
  }
}

/** What comes to the inputs that collect: the lists given for them, one by one. */
function arrivalsOf(inputs: JsonObject, collects: readonly string[] = []) {
  const coming: Arrival[] = collects.flatMap((port) => ((inputs[port] ?? []) as Json[]).map((value, index) => ({ from: `source${index}.out`, port, value })));
  const results = new Map<string, Json>();
  return {
    results,
    next: () => {
      const key = `arrival.${results.size}`;
      results.set(key, coming[results.size] ?? null);
      return { key };
    },
  };
}

/** Drives a room as the interpreter would: one completion at a time, whichever it waits for first. */
function drive<T>(step: Step<T>, results: ReadonlyMap<string, Json>): T {
  let turn = step.next(undefined as never);
  while (!turn.done) {
    const { key } = firstHandle(turn.value);
    turn = step.next({ key, ...(results.has(key) && { result: results.get(key) as Json }) });
  }
  return turn.value;
}

function firstHandle(suspended: Suspended): Handle {
  return Array.isArray(suspended) ? ((suspended as readonly Handle[])[0] as Handle) : (suspended as Handle);
}

function runExample(kind: Kind, example: Example) {
  const context = new CannedContext(example.answers);
  const config = kind.config.parse(example.config);
  const ports = compile(flowOf(kind, example), undefined, kinds).nodes.example?.ports as Ports;
  const arrivals = arrivalsOf(example.inputs, ports.collects);
  const inputs = Object.fromEntries(Object.entries(example.inputs).filter(([port]) => !ports.collects?.includes(port)));
  const outputs = drive(kind.run({ config, inputs, granted: [], arrivals, ...endsOf(example.flow) }, context.at('example')), arrivals.results);
  return { outputs, unused: [...context.unused.keys()], config, ports };
}

function flowOf(kind: Kind, { config, flow }: Pick<Example, 'config' | 'flow'>): Flow {
  const parsed = kind.config.safeParse(config);
  const subflow = parsed.success ? kind.subflow?.(parsed.data) : undefined;
  const nodes = { first: { kind: 'input', config: { fields: flow?.inputs ?? {} } }, last: { kind: 'output', config: { fields: flow?.outputs ?? {} } } };
  return {
    ...emptyFlow('Example'),
    nodes: { example: { kind: kind.kind, config } },
    ...(subflow !== undefined && flow && { flows: { [subflow]: { nodes, links: [], grants: [] } } }),
  };
}

function endsOf(flow: Example['flow']): { flow?: FlowPorts } {
  return flow ? { flow: { ...flow, optional: [], effect: 'read' } } : {};
}

describe.each([...kinds.values()].map((kind) => [kind.kind, kind] as const))('%s', (_name, kind) => {
  it('says what it is, and shows at least one example', () => {
    for (const text of [kind.title, kind.tagline, kind.doc]) expect(text.trim()).not.toBe('');
    expect(kind.tagline.length).toBeLessThan(60);
    expect(kind.examples.length).toBeGreaterThan(0);
  });

  it('comes from the palette with settings that can be shown, even where they are not finished', () => {
    const { diagnostics, nodes } = compile(flowOf(kind, { config: kind.initial }), undefined, kinds);
    expect(diagnostics.filter(({ code }) => code === 'expression-invalid' || code === 'name-refused')).toEqual([]);
    expect(nodes.example?.kind).toBe(kind);
  });

  it.each((kind.examples as Example[]).map((example) => [example.title, example] as const))('%s', (_title, example) => {
    const { outputs, unused, config, ports } = runExample(kind, example);
    const mistakes = compile(flowOf(kind, example), undefined, kinds).diagnostics.filter(({ code }) => code !== 'input-missing');
    expect(mistakes.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(kind.summary(config).trim()).not.toBe('');
    expect(outputs).toEqual(example.outputs);
    expect(unused, 'answers that no call asked for').toEqual([]);
    expect(Object.keys(ports.inputs)).toEqual(expect.arrayContaining(kind.role === 'entry' ? [] : Object.keys(example.inputs)));
    if (kind.role === 'exit') return;
    for (const [port, value] of Object.entries(outputs)) {
      expect(Object.keys(ports.outputs)).toContain(port);
      expect(validate(ports.outputs[port] ?? {}, value)).toEqual([]);
    }
  });
});
