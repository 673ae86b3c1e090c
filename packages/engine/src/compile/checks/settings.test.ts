/** Rules of kinds, settings, names, expressions, secrets and of the workspace. Each rule sees its mistake, tells it at its place with a fix where there is one, and keeps silent where it cannot judge. */
import type { Flow, JsonObject } from '@switchyard/shared';
import { describe, expect, it } from 'vitest';
import { compile } from '../compile.ts';
import { applyPatch } from '../../testing/apply-patch.ts';
import { check, codes, draw, mended, only, registry, text, workspace, straight } from '../../testing/drawn-flow.ts';

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

  it('a setting that the kind does not know can be taken out, at any depth', () => {
    const operation = { name: 'find', colour: 'red' };
    const flow = draw({
      say: { kind: 'template', config: { template: 'x', 'a/b': 1 } },
      db: { kind: 'store', config: { connection: 'shop', operations: [operation] } },
    });
    const unknown = (of: Flow) => check(of).filter(({ message }) => message.endsWith('is not a known setting here.'));
    const [one, two] = unknown(flow);
    expect([one?.fix, two?.fix]).toEqual([
      { title: 'Take it out', patch: [{ op: 'remove', path: '/nodes/say/config/a~1b' }] },
      { title: 'Take it out', patch: [{ op: 'remove', path: '/nodes/db/config/operations/0/colour' }] },
    ]);
    expect(unknown(applyPatch(flow, one?.fix?.patch ?? []))).toEqual([two]);
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

  it('schemas have the shape that a validator reads; one that has not is told once, and judges nothing', () => {
    const fields = (more: JsonObject) => draw({ ask: { kind: 'input', config: { fields: { question: { type: 'string' }, more } } } }, ...straight);
    for (const [schema, path] of [
      [{ enum: 'calm' }, '/enum'],
      [{ required: 'name' }, '/required'],
      [{ properties: { a: { required: [1] } } }, '/properties/a/required'],
      [{ items: [{ anyOf: {} }] }, '/items/0/anyOf'],
      [{ allOf: [{ not: 'x' }] }, '/allOf/0/not'],
      [{ properties: [] }, '/properties'],
      [{ pattern: '[' }, '/pattern'],
      [{ pattern: '^(a+)+$' }, '/pattern'],
      [{ patternProperties: { '(': true } }, '/patternProperties/('],
    ] as const)
      expect(only(fields(schema as unknown as JsonObject), 'config-invalid')).toMatchObject({ path: `/nodes/ask/config/fields/more${path}` });
    const output = { type: 'object', properties: { mood: { enum: 'calm' } } };
    const mood = { kind: 'slm', config: { model: 'mood', purpose: 'p', output, examples: [{ text: 'x', result: { mood: 'calm' } }] } };
    const flow = draw({ mood }, 'ask.question > mood.text', 'mood.result > reply.rest');
    flow.nodes.mood = { ...mood, policy: { onFailure: 'continue', default: { result: { mood: 'calm' } } } };
    expect(only(flow, 'config-invalid')).toMatchObject({ path: '/nodes/mood/config/output/properties/mood/enum' });
  });

  it('schemas name types that there are, at any depth', () => {
    const fields = {
      question: { type: 'strng' },
      list: { type: 'array', items: { type: ['integer', 'nul'] } },
      any: { anyOf: [{ properties: { type: { type: 7 } } }] },
    };
    const flow = draw({ ask: { kind: 'input', config: { fields } } }, ...straight);
    const found = check(flow).filter(({ code }) => code === 'config-invalid');
    expect(found.map(({ path }) => path)).toEqual([
      '/nodes/ask/config/fields/question/type',
      '/nodes/ask/config/fields/list/items/type/1',
      '/nodes/ask/config/fields/any/anyOf/0/properties/type/type',
    ]);
    expect(found.map(({ fix }) => fix?.patch?.[0])).toMatchObject([{ value: 'string' }, { value: 'null' }, undefined]);
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
    const texts = ['Hi {{ who is }}', 'value.matches("x")'];
    expect(found.map(({ span }, index) => texts[index]?.slice(span?.start, span?.end))).toEqual(['is', 'value.matches("x")']);
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
