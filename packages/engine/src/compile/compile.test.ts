/** The compiler as a whole: the plan it makes, that it never throws, and that every path it tells is one of the document. */
import {
  defaultLimits,
  diagnosticCodes,
  emptyFlow,
  flowText,
  hasErrors,
  isJsonObject,
  linkEnd,
  type Flow,
  type Json,
  type JsonObject,
} from '@switchyard/shared';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kinds } from '../nodes/index.ts';
import { largeFlow } from '../testing/large-flow.ts';
import { tries } from '../testing/thorough.ts';
import { compile } from './compile.ts';

const input = { kind: 'input', config: { fields: { question: { type: 'string' } } } };
const output = { kind: 'output', config: { fields: { answer: { type: 'string' } } } };
const agent = { kind: 'control', config: { model: 'planner' } };

/** A planner with a sub-agent, each with a data node of its own; one data node is a step as well. */
function team(): Flow {
  return {
    ...emptyFlow('Team'),
    nodes: {
      reply: output,
      ask: input,
      boss: agent,
      aide: { ...agent, title: 'Aide' },
      mood: { kind: 'slm', config: { model: 'mood', purpose: 'Tell the mood', output: { type: 'object', properties: { mood: { enum: ['calm', 'upset'] } } } } },
      draft: { kind: 'llm', config: { model: 'writer', prompt: 'Answer {{ question }} with {{ facts }}' } },
    },
    links: [
      { from: 'ask.question', to: 'boss.request' },
      { from: 'boss.answer', to: 'draft.facts' },
      { from: 'ask.question', to: 'draft.question' },
      { from: 'draft.text', to: 'reply.answer' },
    ],
    grants: [
      { from: 'boss', to: 'aide', approval: 'never' },
      { from: 'aide', to: 'mood', operations: ['ask'] },
      { from: 'boss', to: 'draft' },
    ],
    limits: { seconds: 30 },
  };
}

describe('the plan', () => {
  it('has its steps in an order that links allow, what is called by grants, and full limits', () => {
    const { plan, diagnostics } = compile(team(), undefined, kinds);
    expect(diagnostics).toEqual([]);
    expect(plan).toMatchObject({ protocol: 1, flow: 'Team', limits: { ...defaultLimits, seconds: 30 } });
    expect(plan?.tasks.map(({ id }) => id)).toEqual(['ask', 'boss', 'draft', 'reply']);
    expect(plan?.tasks[2]?.inputs).toEqual({
      facts: { sources: [{ task: 1, port: 'answer' }], required: true },
      question: { sources: [{ task: 0, port: 'question' }], required: true },
    });
    expect(plan?.tasks[3]?.inputs).toEqual({ answer: { sources: [{ task: 2, port: 'text' }], required: false } });
    expect(plan?.tasks[1]?.grants).toEqual([
      { node: 'aide', approval: 'never' },
      { node: 'draft', approval: 'writes' },
    ]);
    expect(Object.keys(plan?.callees ?? {}).sort()).toEqual(['aide', 'draft', 'mood']);
    expect(plan?.callees.aide).toMatchObject({ kind: 'control', title: 'Aide', grants: [{ node: 'mood', operations: ['ask'], approval: 'writes' }] });
  });

  it('holds configs with their defaults filled', () => {
    const { plan, flow } = compile(team(), undefined, kinds);
    expect(plan?.tasks[1]?.config).toMatchObject({ model: 'planner', strategy: 'tools' });
    expect(flow?.nodes.boss?.config).toEqual({ model: 'planner' });
  });

  it('keeps the order of the document where links leave it free', () => {
    const flow = {
      ...emptyFlow('Order'),
      nodes: Object.fromEntries(['c', 'a', 'b', 'd'].map((id) => [id, { kind: 'template', config: { template: id === 'b' ? '{{ x }}' : 'x' } }])),
      links: [{ from: 'a.text', to: 'b.x' }],
    };
    flow.nodes.reply = output as never;
    flow.links.push({ from: 'd.text', to: 'reply.answer' });
    expect(compile(flow, undefined, kinds).plan?.tasks.map(({ id }) => id)).toEqual(['a', 'b', 'd', 'reply']);
  });

  it('is addressed by its hash: of what runs, not of where it stands on the canvas', () => {
    const hash = (flow: Flow) => compile(flow, undefined, kinds).plan?.hash;
    const original = hash(team());
    expect(original).toMatch(/^[0-9a-f]{64}$/);
    expect(hash({ ...team(), layout: { ask: [10, 20] }, description: 'Other words' })).toBe(original);
    expect(hash(JSON.parse(JSON.stringify(team())) as Flow)).toBe(original);
    const edited = team();
    (edited.nodes.boss as { config: JsonObject }).config = { model: 'other' };
    expect(hash(edited)).not.toBe(original);
    expect(hash({ ...team(), limits: { seconds: 31 } })).not.toBe(original);
  });

  it('is plain JSON', () => {
    const { plan } = compile(team(), undefined, kinds);
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
  });

  it('is missing where there is an error, and there with warnings', () => {
    expect(compile({ ...team(), links: [] }, undefined, kinds).plan).toBeDefined();
    expect(compile({ ...team(), links: [{ from: 'ask.nothing', to: 'boss.request' }] }, undefined, kinds).plan).toBeUndefined();
  });

  it('reads text and documents alike, and changes neither', () => {
    const flow = team();
    const before = JSON.stringify(flow);
    expect(compile(flowText(flow), undefined, kinds).diagnostics).toEqual([]);
    expect(compile(flow, undefined, kinds).flow).toEqual(flow);
    expect(JSON.stringify(flow)).toBe(before);
  });

  it('orders any acyclic flow so that every source stands before', () => {
    const graphs = fc.array(fc.array(fc.nat({ max: 1_000 }), { maxLength: 4 }), { minLength: 1, maxLength: 40 }).chain((sources) =>
      fc.tuple(
        fc.constant(sources),
        fc.shuffledSubarray(
          sources.map((_, index) => index),
          { minLength: sources.length },
        ),
      ),
    );
    fc.assert(
      fc.property(graphs, ([sources, order]) => {
        const flow = emptyFlow('Any');
        for (const index of order) {
          const ports = (sources[index] as number[]).map((_, port) => `{{ p${port} }}`).join('');
          flow.nodes[`n${index}`] = { kind: 'template', config: { template: ports } };
          if (index > 0)
            (sources[index] as number[]).forEach((source, port) => {
              flow.links.push({ from: `n${source % index}.text`, to: `n${index}.p${port}` });
            });
          else flow.nodes.n0 = { kind: 'template', config: { template: '' } };
        }
        const { plan, diagnostics } = compile(flow, undefined, kinds);
        expect(hasErrors(diagnostics)).toBe(false);
        const linked = new Set(flow.links.flatMap(({ from, to }) => [linkEnd(from).node, linkEnd(to).node]));
        expect(new Set(plan?.tasks.map(({ id }) => id))).toEqual(linked);
        plan?.tasks.forEach((task, index) => {
          for (const { sources: before } of Object.values(task.inputs)) for (const { task: source } of before) expect(source).toBeLessThan(index);
        });
      }),
      { numRuns: 200 },
    );
  });
});

describe('any input', () => {
  /** One node of each example of each kind, all that fit linked in a row, so that changes reach every kind. */
  function everyKind(): JsonObject {
    const flow = team();
    for (const kind of kinds.values()) {
      kind.examples.forEach((example, index) => {
        flow.nodes[`${kind.kind}_${index}`] = { kind: kind.kind, config: structuredClone(example.config) as JsonObject };
      });
      if (kind.operations) flow.grants.push({ from: 'boss', to: `${kind.kind}_0` });
    }
    return flow as unknown as JsonObject;
  }

  function paths(value: Json, at: (string | number)[] = []): (string | number)[][] {
    const keys = Array.isArray(value) ? [...value.keys()] : isJsonObject(value) ? Object.keys(value) : [];
    return [at, ...keys.flatMap((key) => paths((value as JsonObject)[key] as Json, [...at, key]))];
  }
  const places = paths(everyKind()).slice(1);

  const odd = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>,
    fc.constantFrom<Json>(
      '',
      'ask',
      'boss.request',
      'toString',
      'a.toString',
      'constructor',
      '{{ a',
      '{{ a.b + 1 }}',
      'value ==',
      'x.matches("y")',
      null,
      -1,
      1e300,
      [],
      {},
      { type: 7 },
      { fields: 1 },
      'sk-1234567890abcdefghij',
    ),
  );
  const change = fc.record({
    place: fc.nat({ max: places.length - 1 }),
    how: fc.constantFrom('replace', 'remove', 'double', 'rename'),
    value: odd,
    name: fc.constantFrom('toString', 'x', '', 'a/b~c', 'constructor', 'input', 'boss'),
  });

  function mutate(document: JsonObject, { place, how, value, name }: { place: number; how: string; value: Json; name: string }): void {
    const path = [...(places[place] as (string | number)[])];
    const last = path.pop() as string;
    let parent: Json | undefined = document;
    for (const key of path) {
      if (typeof parent !== 'object' || parent === null || !Object.hasOwn(parent, key)) return;
      parent = (parent as JsonObject)[key];
    }
    if (typeof parent !== 'object' || parent === null || !Object.hasOwn(parent, last)) return;
    const record = parent as JsonObject;
    if (how === 'replace') record[last] = value;
    else if (how === 'double' && Array.isArray(parent)) parent.push(structuredClone(record[last] as Json));
    else if (how === 'rename' && !Array.isArray(parent)) {
      record[name] = record[last] as Json;
      delete record[last];
    } else if (Array.isArray(parent)) parent.splice(Number(last), 1);
    else delete record[last];
  }

  /** Does the pointer lead to a value of the document, or to a place in a container that is there? */
  function leadsSomewhere(document: unknown, path: string): boolean {
    const keys = path
      .split('/')
      .slice(1)
      .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
    keys.pop();
    let at: unknown = document;
    for (const key of keys) {
      if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return false;
      at = (at as JsonObject)[key];
    }
    return keys.length === 0 || (typeof at === 'object' && at !== null);
  }

  function expectSound(source: unknown): void {
    const { flow, diagnostics, plan } = compile(source, { format: 'switchyard.workspace', version: 1, models: {}, connections: {} }, kinds);
    for (const diagnostic of diagnostics) {
      expect(Object.keys(diagnosticCodes)).toContain(diagnostic.code);
      expect(diagnostic.message).not.toBe('');
      expect(leadsSomewhere(flow ?? source, diagnostic.path), `${diagnostic.code} ${diagnostic.path}`).toBe(true);
      if (flow && diagnostic.node !== undefined) expect(Object.hasOwn(flow.nodes, diagnostic.node)).toBe(true);
    }
    expect(plan === undefined).toBe(hasErrors(diagnostics) || !flow);
  }

  it('that is JSON is read or refused, never thrown at', () => {
    fc.assert(fc.property(fc.jsonValue(), expectSound), { numRuns: tries(300, 5_000) });
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(compile(text, undefined, kinds).plan).toBeUndefined();
      }),
      { numRuns: 200 },
    );
  });

  it('that is a flow with a few changes gives diagnostics at places of the document', () => {
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 5 }), (changes) => {
        const document = everyKind();
        for (const each of changes) mutate(document, each);
        expectSound(document);
      }),
      { numRuns: tries(1_500, 20_000) },
    );
  }, 600_000);

  it('that refers to itself or is no JSON is refused', () => {
    const circular: JsonObject = {};
    circular.self = circular;
    for (const source of [circular, undefined, () => 1, Symbol('x'), 1n, new Map(), Number.NaN])
      expect(compile(source, undefined, kinds).diagnostics[0]?.severity).toBe('error');
  });
});

describe('size', () => {
  it('10,000 nodes and 20,000 links compile whole', () => {
    const { plan, diagnostics } = compile(largeFlow(10_000), undefined, kinds);
    expect(diagnostics).toEqual([]);
    expect(plan?.tasks).toHaveLength(10_000);
  });

  it('a chain and a ring of 10,000 nodes need no deep stack', () => {
    const flow = emptyFlow('Chain');
    for (let index = 9_999; index >= 0; index -= 1) {
      flow.nodes[`n${index}`] = { kind: 'template', config: { template: index === 0 ? '' : '{{ x }}' } };
      if (index > 0) flow.links.push({ from: `n${index - 1}.text`, to: `n${index}.x` });
    }
    expect(compile(flow, undefined, kinds).plan?.tasks.at(-1)?.id).toBe('n9999');
    (flow.nodes.n0 as { config: JsonObject }).config = { template: '{{ x }}' };
    flow.links.push({ from: 'n9999.text', to: 'n0.x' });
    const { diagnostics } = compile(flow, undefined, kinds);
    expect(diagnostics.filter(({ severity }) => severity === 'error').map(({ code }) => code)).toEqual(['cycle']);
    expect(diagnostics[0]?.message.length).toBeLessThan(500);
  });
});
