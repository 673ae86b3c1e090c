/** Every rule sees its mistake, tells it at its place with a fix where there is one, and keeps silent where it cannot judge. */
import type { Diagnostic, DiagnosticCode, Flow, JsonObject, Workspace } from '@switchyard/shared';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineNode, field, registryOf } from '../../node.ts';
import { kinds } from '../../nodes/index.ts';
import { compile } from '../compile.ts';
import { applyPatch } from './testing/apply-patch.ts';

const noExample = { tagline: 'For tests', icon: 'box', doc: 'For tests.', initial: {}, summary: () => 'test', examples: [] as never[] } as const;

/** Calls others, and can be called itself. */
const caller = defineNode({
  ...noExample,
  kind: 'caller',
  layer: 'control',
  mayCall: true,
  title: 'Caller',
  config: z.strictObject({ model: field.model().optional() }),
  ports: () => ({ inputs: { request: { type: 'string' } }, outputs: { answer: { type: 'string' } } }),
  operations: () => [
    {
      name: 'ask',
      description: 'Asks',
      input: { type: 'object' },
      effect: 'read',
      *call() {
        yield [];
        return null;
      },
    },
  ],
  *run() {
    yield [];
    return {};
  },
});
/** Data that is called or run as a step. */
const store = defineNode({
  ...noExample,
  kind: 'store',
  layer: 'data',
  title: 'Store',
  config: z.strictObject({
    connection: field.connection(['sqlite']),
    note: z.string().optional(),
    operations: z
      .array(z.strictObject({ name: z.string(), params: field.fields().optional(), text: field.template().optional() }))
      .default([{ name: 'query' }]),
  }),
  ports: () => ({ inputs: { id: { type: 'integer' } }, outputs: { rows: { type: 'array' } } }),
  operations: ({ operations }) =>
    operations.map(({ name }) => ({
      name,
      description: name,
      input: { type: 'object' },
      effect: 'read',
      *call() {
        yield [];
        return null;
      },
    })),
  *run() {
    yield [];
    return {};
  },
});
const registry = registryOf([...kinds.values(), caller, store].filter((kind, index, all) => all.findIndex(({ kind: name }) => name === kind.kind) === index));

const workspace: Workspace = {
  format: 'switchyard.workspace',
  version: 1,
  models: { planner: { provider: 'builtin', model: 'planner' }, mood: { provider: 'builtin', model: 'classifier' } },
  connections: {
    shop: { type: 'sqlite', url: 'file:shop.db' },
    carrier: { type: 'http', baseUrl: 'https://carrier.example' },
    demo: { type: 'example', example: 'order-desk/shop' },
  },
};

const input = { kind: 'input', config: { fields: { question: { type: 'string' }, count: { type: 'integer' } } } };
const output = { kind: 'output', config: { fields: { answer: { type: 'string' }, rest: {} } } };
const text = (template: string) => ({ kind: 'template', config: { template } });

/** A flow with an input `ask` and an output `reply`, wired by `a.b > c.d` and granted by `a > b`. */
function draw(nodes: Record<string, { kind: string; config: JsonObject }>, ...lines: string[]): Flow {
  const ends = lines.map((line) => line.split(' > ') as [string, string]);
  return {
    format: 'switchyard.flow',
    version: 1,
    name: 'Test',
    nodes: { ask: input, reply: output, ...nodes } as Flow['nodes'],
    links: ends.filter(([from]) => from.includes('.')).map(([from, to]) => ({ from, to })),
    grants: ends.filter(([from]) => !from.includes('.')).map(([from, to]) => ({ from, to })),
  };
}

const check = (flow: Flow) => compile(flow, workspace, registry).diagnostics;
const codes = (flow: Flow) => check(flow).map(({ code }) => code);
const only = (flow: Flow, code: DiagnosticCode): Diagnostic => {
  const found = check(flow);
  expect(found.map((diagnostic) => diagnostic.code)).toEqual([code]);
  return found[0] as Diagnostic;
};
/** Applies the fix and compiles again. */
const mended = (flow: Flow, diagnostic: Diagnostic) => codes(applyPatch(flow, diagnostic.fix?.patch ?? []));

const straight = ['ask.question > reply.answer'];

it('a flow without mistakes has no diagnostics', () => {
  expect(check(draw({ say: text('Hi {{ who }}') }, 'ask.question > say.who', 'say.text > reply.answer'))).toEqual([]);
});

describe('kinds and settings', () => {
  it('an unknown kind is kept, told once with the nearest name, and silences what hangs on it', () => {
    const flow = draw({ say: { kind: 'tmplate', config: { template: 'Hi {{ who }}' } } }, 'ask.question > say.who', 'say.text > reply.answer');
    const found = only(flow, 'kind-unknown');
    expect(found).toMatchObject({
      severity: 'error',
      path: '/nodes/say/kind',
      node: 'say',
      fix: { patch: [{ op: 'replace', path: '/nodes/say/kind', value: 'template' }] },
    });
    expect(mended(flow, found)).toEqual([]);
    expect(compile(flow, workspace, registry).nodes.say).toEqual({ ports: { inputs: { who: {} }, outputs: { text: {} } }, isStep: true, isOnCall: false });
  });

  it('settings are told all at once, each at its place', () => {
    const found = check(
      draw({ say: { kind: 'template', config: { template: 1, colour: 'red' } }, db: { kind: 'store', config: {} } }, ...straight, 'ask.question > say.x'),
    );
    expect(found.filter(({ code }) => code === 'config-invalid').map(({ path, node, field: name }) => [path, node, name])).toEqual([
      ['/nodes/say/config/template', 'say', 'template'],
      ['/nodes/say/config/colour', 'say', 'colour'],
      ['/nodes/db/config/connection', 'db', 'connection'],
    ]);
    expect(found.find(({ field: name }) => name === 'connection')?.message).toBe('"connection" is missing.');
  });

  it('a kind tells mistakes of its own', () => {
    const flow = draw({ way: { kind: 'branch', config: { cases: [{ port: 'else', when: 'true' }] } } }, ...straight, 'ask.question > way.value');
    expect(only(flow, 'config-invalid')).toMatchObject({ path: '/nodes/way/config/cases', node: 'way', field: 'cases' });
  });

  it('names of fields must be able to be ports, wherever they stand', () => {
    const flow = draw(
      {
        ask: { kind: 'input', config: { fields: { 'a b': {}, map: {}, constructor: {}, question: { type: 'string' } } } },
        db: { kind: 'store', config: { connection: 'shop', operations: [{ name: 'find', params: { in: {} } }] } },
        c: { kind: 'caller', config: {} },
      },
      ...straight,
      'ask.question > c.request',
      'c > db',
    );
    const found = check(flow);
    expect(found.map(({ code, path }) => [code, path])).toEqual([
      ['name-refused', '/nodes/ask/config/fields/a b'],
      ['name-refused', '/nodes/ask/config/fields/map'],
      ['name-refused', '/nodes/ask/config/fields/constructor'],
      ['name-refused', '/nodes/db/config/operations/0/params/in'],
    ]);
    expect(found[1]?.message).toMatch(/word of the expression language/);
  });

  it('templates and expressions that do not parse are told with their place', () => {
    const flow = draw(
      { say: text('Hi {{ who is }}'), way: { kind: 'branch', config: { cases: [{ port: 'yes', when: 'value.matches("x")' }] } } },
      ...straight,
      'ask.question > way.value',
      'way.yes > reply.rest',
      'way.else > say.x',
    );
    const found = check(flow).filter(({ code }) => code === 'expression-invalid');
    expect(found.map(({ path, node, field: name }) => [path, node, name])).toEqual([
      ['/nodes/say/config/template', 'say', 'template'],
      ['/nodes/way/config/cases/0/when', 'way', 'cases'],
    ]);
    expect(found[0]?.message).toMatch(/at character 6/);
  });

  it('what looks like a secret is told without repeating it', () => {
    const key = `sk-proj-${'a1b2'.repeat(8)}`;
    for (const note of [key, `Bearer ${'0123456789abcdef'.repeat(2)}`, `ghp_${'a'.repeat(36)}`, 'AKIAIOSFODNN7EXAMPLE', 'postgres://reader:hunter22@db/shop']) {
      const found = only(
        draw(
          { db: { kind: 'store', config: { connection: 'shop', note } }, c: { kind: 'caller', config: {} } },
          ...straight,
          'ask.question > c.request',
          'c > db',
        ),
        'secret-in-document',
      );
      expect(found).toMatchObject({ severity: 'warning', path: '/nodes/db/config/note', field: 'note' });
      expect(JSON.stringify(found)).not.toContain(note);
    }
    for (const note of ['desk-task-force-of-the-north', 'Bearer {{ token }}', 'sk-learn-pipelines-for-all', 'https://shop.example/path:with@colon']) {
      expect(
        codes(
          draw(
            { db: { kind: 'store', config: { connection: 'shop', note } }, c: { kind: 'caller', config: {} } },
            ...straight,
            'ask.question > c.request',
            'c > db',
          ),
        ),
      ).toEqual([]);
    }
  });
});

describe('links', () => {
  it('end at nodes that exist', () => {
    const flow = draw({}, 'ask.question > replly.answer', ...straight);
    const found = only(flow, 'link-end-missing');
    expect(found).toMatchObject({ severity: 'error', path: '/links/0/to' });
    expect(found.fix?.patch).toEqual([{ op: 'replace', path: '/links/0/to', value: 'reply.answer' }]);
    expect(mended(flow, found)).toEqual(['link-doubled']);
    const stray = draw({}, 'nowhere.at > reply.rest', ...straight);
    expect(mended(stray, only(stray, 'link-end-missing'))).toEqual([]);
  });

  it('end at ports that exist, object methods not among them', () => {
    const flow = draw({}, 'ask.qestion > reply.answer', 'ask.count > reply.toString');
    const found = check(flow);
    expect(found.map(({ code, path, node, field: name }) => [code, path, node, name])).toEqual([
      ['port-missing', '/links/0/from', 'ask', 'qestion'],
      ['port-missing', '/links/1/to', 'reply', 'toString'],
    ]);
    expect(found[0]?.message).toContain('"question", "count"');
    expect(found[0]?.fix?.patch).toEqual([{ op: 'replace', path: '/links/0/from', value: 'ask.question' }]);
  });

  it('are drawn once', () => {
    const flow = draw({}, ...straight, ...straight);
    const found = only(flow, 'link-doubled');
    expect(found).toMatchObject({ severity: 'warning', path: '/links/1' });
    expect(compile(flow, workspace, registry).plan?.tasks[1]?.inputs.answer?.sources).toHaveLength(1);
    expect(mended(flow, found)).toEqual([]);
  });

  it('fit in type, or are warned of', () => {
    const found = only(draw({}, 'ask.count > reply.answer'), 'port-type');
    expect(found).toMatchObject({ severity: 'warning', path: '/links/0', node: 'reply', field: 'answer' });
    expect(found.message).toMatch(/gives integer.*expects string/);
  });

  it('reach every required input of a step', () => {
    const flow = draw({ say: text('{{ a }} {{ b }}') }, 'ask.question > say.a', 'say.text > reply.answer');
    expect(only(flow, 'input-missing')).toMatchObject({ severity: 'error', path: '/nodes/say', node: 'say', field: 'b' });
  });
});

describe('several links into one input', () => {
  const way = { kind: 'branch', config: { cases: [{ port: 'yes', when: 'value == "x"' }] } };

  it('clash where both can carry a value', () => {
    const flow = draw({ say: text('{{ a }}') }, 'ask.question > say.a', 'say.text > reply.answer', 'ask.question > reply.answer');
    const found = only(flow, 'port-crowded');
    expect(found).toMatchObject({ severity: 'error', path: '/links/2', node: 'reply', field: 'answer' });
    expect(mended(flow, found)).toEqual([]);
  });

  it('are fine from different ways of one branch, also further down', () => {
    expect(codes(draw({ way }, 'ask.question > way.value', 'way.yes > reply.answer', 'way.else > reply.answer'))).toEqual([]);
    const nodes = { way, one: text('1 {{ a }}'), two: text('2 {{ a }}{{ b }}'), three: text('{{ a }}') };
    expect(
      codes(
        draw(
          nodes,
          'ask.question > way.value',
          'way.yes > one.a',
          'ask.question > two.a',
          'way.else > two.b',
          'two.text > three.a',
          'one.text > reply.answer',
          'three.text > reply.answer',
        ),
      ),
    ).toEqual([]);
  });

  it('are fine after two branches have met, and clash across different branches', () => {
    const second = { kind: 'branch', config: { cases: [{ port: 'no', when: 'value == "y"' }] } };
    expect(
      codes(
        draw(
          { way, second },
          'ask.question > way.value',
          'way.else > second.value',
          'way.yes > reply.answer',
          'second.no > reply.answer',
          'second.else > reply.answer',
        ),
      ),
    ).toEqual([]);
    expect(
      codes(draw({ way, second }, 'ask.question > way.value', 'ask.question > second.value', 'way.yes > reply.answer', 'second.no > reply.answer')),
    ).toEqual(['port-crowded']);
    const meet = { way, both: text('{{ a }}') };
    expect(
      codes(draw(meet, 'ask.question > way.value', 'way.yes > both.a', 'way.else > both.a', 'both.text > reply.answer', 'way.yes > reply.answer')),
    ).toEqual(['port-crowded']);
  });
});

describe('grants', () => {
  const agent = { kind: 'caller', config: {} };
  const db = { kind: 'store', config: { connection: 'shop', operations: [{ name: 'query' }, { name: 'orders' }] } };
  const wired = ['ask.question > planner.request', 'planner.answer > reply.answer'];

  it('start where calling is allowed and end where something is offered', () => {
    const found = check(draw({ planner: agent, db, say: text('Hi') }, ...wired, 'say > db', 'planner > say', 'planner > ask', 'say.text > reply.rest'));
    expect(found.map(({ code, path, node, field: name }) => [code, path, node, name])).toEqual([
      ['grant-not-allowed', '/grants/0/from', 'say', 'from'],
      ['grant-not-allowed', '/grants/1/to', 'say', 'to'],
      ['grant-not-allowed', '/grants/2/to', 'ask', 'to'],
    ]);
    expect(found[0]?.message).toContain('calls no other nodes');
    expect(found[1]?.message).toContain('offers nothing to call');
  });

  it('name nodes and operations that exist', () => {
    const flow = draw({ planner: agent, db }, ...wired);
    flow.grants = [
      { from: 'planner', to: 'db', operations: ['orders', 'ordrs', 'delete'] },
      { from: 'planer', to: 'db' },
      { from: 'planner', to: 'nothing' },
    ];
    const found = check(flow);
    expect(found.map(({ code, path }) => [code, path])).toEqual([
      ['operation-missing', '/grants/0/operations/1'],
      ['operation-missing', '/grants/0/operations/2'],
      ['grant-end-missing', '/grants/1/from'],
      ['grant-end-missing', '/grants/2/to'],
    ]);
    expect(found[0]?.fix?.patch).toEqual([{ op: 'replace', path: '/grants/0/operations/1', value: 'orders' }]);
    expect(found[1]?.fix?.patch).toEqual([{ op: 'remove', path: '/grants/0/operations/2' }]);
  });

  it('are drawn once, and warn of a node that offers nothing yet', () => {
    expect(only(draw({ planner: agent, db }, ...wired, 'planner > db', 'planner > db'), 'grant-doubled')).toMatchObject({
      severity: 'error',
      path: '/grants/1',
    });
    const empty = { kind: 'store', config: { connection: 'shop', operations: [] } };
    expect(only(draw({ planner: agent, empty }, ...wired, 'planner > empty'), 'grant-not-allowed')).toMatchObject({ severity: 'warning', node: 'empty' });
  });

  it('make a node on call, whose inputs need no links', () => {
    const { nodes, diagnostics } = compile(draw({ planner: agent, db }, ...wired, 'planner > db'), workspace, registry);
    expect(diagnostics).toEqual([]);
    expect(nodes.db).toMatchObject({ isStep: false, isOnCall: true });
    expect(codes(draw({ planner: agent, db }, ...wired, 'planner > db', 'db.rows > reply.rest'))).toEqual(['input-missing']);
  });
});

describe('the shape of the flow', () => {
  const pass = text('{{ a }}');
  const agent = { kind: 'caller', config: {} };

  it('has no way of links back to its start, told once with the way round', () => {
    const flow = draw(
      { one: pass, two: pass, three: pass },
      'one.text > two.a',
      'two.text > three.a',
      'three.text > one.a',
      'three.text > reply.answer',
      'ask.count > reply.rest',
    );
    const found = only(flow, 'cycle');
    expect(found.message).toContain('one → two → three → one');
    expect(found).toMatchObject({ severity: 'error', path: '/links/2' });
    expect(mended(flow, found)).toEqual(['input-missing']);
    expect(only(draw({ one: pass }, 'one.text > one.a', ...straight), 'cycle').message).toContain('one → one');
  });

  it('tells each knot', () => {
    const knotted = draw(
      { one: pass, two: pass, three: pass, four: pass },
      'one.text > two.a',
      'two.text > one.a',
      'three.text > four.a',
      'four.text > three.a',
      ...straight,
    );
    expect(check(knotted).map(({ code, node }) => [code, node])).toEqual([
      ['cycle', 'one'],
      ['cycle', 'three'],
    ]);
  });

  it('has no agents that call one another', () => {
    const flow = draw({ boss: agent, aide: agent }, 'ask.question > boss.request', 'boss.answer > reply.answer', 'boss > aide', 'aide > boss');
    const found = only(flow, 'cycle');
    expect(found.message).toContain('boss → aide → boss');
    expect(found.path).toBe('/grants/1');
  });

  it('has no node without a part in it', () => {
    const found = check(draw({ lonely: text('Hi'), idle: agent, db: { kind: 'store', config: { connection: 'shop' } } }, ...straight, 'idle > db'));
    expect(found.map(({ code, severity, node }) => [code, severity, node])).toEqual([
      ['node-unreachable', 'warning', 'lonely'],
      ['node-unreachable', 'warning', 'idle'],
    ]);
  });

  it('has a way in and a way out, or is warned of', () => {
    const flow: Flow = {
      ...draw({}),
      nodes: { say: text('Hi') as Flow['nodes'][string], more: text('{{ a }}') as Flow['nodes'][string] },
      links: [{ from: 'say.text', to: 'more.a' }],
    };
    expect(check(flow).map(({ code, severity, path }) => [code, severity, path])).toEqual([
      ['entry-missing', 'warning', '/nodes'],
      ['exit-missing', 'warning', '/nodes'],
    ]);
    expect(compile(flow, workspace, registry).plan?.tasks.map(({ id }) => id)).toEqual(['say', 'more']);
  });
});

describe('names of the workspace', () => {
  const flowWith = (config: JsonObject, model = 'planner') =>
    draw(
      { planner: { kind: 'caller', config: { model } }, db: { kind: 'store', config } },
      'ask.question > planner.request',
      'planner.answer > reply.answer',
      'planner > db',
    );

  it('exist, the message lists what does, the fix takes the nearest', () => {
    const flow = flowWith({ connection: 'shoop' }, 'planer');
    const found = check(flow);
    expect(found.map(({ code, path, field: name }) => [code, path, name])).toEqual([
      ['model-missing', '/nodes/planner/config/model', 'model'],
      ['connection-missing', '/nodes/db/config/connection', 'connection'],
    ]);
    expect(found[0]?.message).toContain('"planner", "mood"');
    expect(found[1]?.message).toContain('"shop", "demo"');
    expect(
      codes(
        applyPatch(
          flow,
          found.flatMap(({ fix }) => fix?.patch ?? []),
        ),
      ),
    ).toEqual([]);
    expect(check(flowWith({ connection: 'toString' }))[0]).not.toHaveProperty('fix');
  });

  it('are of a type that the node can use; those of examples always are', () => {
    expect(only(flowWith({ connection: 'carrier' }), 'connection-type')).toMatchObject({ severity: 'error', node: 'db', field: 'connection' });
    expect(codes(flowWith({ connection: 'demo' }))).toEqual([]);
  });

  it('are not checked without a workspace, and are listed as required', () => {
    const { diagnostics, requires, plan } = compile(flowWith({ connection: 'elsewhere' }, 'other'), undefined, registry);
    expect(diagnostics).toEqual([]);
    expect(requires).toEqual({ connections: ['elsewhere'], models: ['other'], secrets: [] });
    expect(plan).toBeDefined();
  });
});
