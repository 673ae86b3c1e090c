/** Saved flows brought into a document: what must hold for any flow, any document, and any names in them. */
import { compile } from '@switchyard/engine/compile';
import { kinds } from '@switchyard/engine/nodes';
import { referenceRun, randomFlow } from '@switchyard/engine/testing';
import { documentLimits, emptyFlow, failure, FailureError, readFlow, type Flow, type Json, type Subflow } from '@switchyard/shared';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bringFlow, chooseFlow, copyOf, dropFlow, flowOnItsOwn, originOf } from './bring-flow.ts';
import { flowUses } from './flow-uses.ts';
import { isSameFlow } from './flow-references.ts';
import { openEditor } from './testing/editor-driver.ts';

const registry = kinds;
const bodyOf = ({ nodes, links, grants }: Flow): Subflow => ({ nodes, links, grants });
const diagnosticsOf = (flow: Flow) => compile(flow, undefined, kinds).diagnostics;

/** A flow that answers with a text, or gives its question to the flow that it runs. */
function passing(runs?: string, text = 'Asked: {{q}}'): Subflow {
  return {
    nodes: {
      ask: { kind: 'input', config: { fields: { q: { type: 'string' } } } },
      ...(runs === undefined ? { say: { kind: 'template', config: { template: text } } } : { say: { kind: 'flow', config: { flow: runs } } }),
      reply: { kind: 'output', config: { fields: { text: { type: 'string' } } } },
    },
    links: [
      { from: 'ask.q', to: 'say.q' },
      { from: 'say.text', to: 'reply.text' },
    ],
    grants: [],
  };
}

/** Some calls fail, so that what is done about it is compared as well. */
function answer(asked: string): Json {
  if (asked.length % 4 === 0) throw new FailureError(failure('http-status', `no ${asked}`));
  return `r${asked.length}`;
}

const flow = (name: string, body: Subflow, flows?: Record<string, Subflow>): Flow => ({ ...emptyFlow(name), ...body, ...(flows && { flows }) });

function brought(document: Flow, saved: Flow, more: { wish?: string; into?: string } = {}): { flow: Flow; name: string } {
  const { flow: after, name, diagnostics } = bringFlow(document, { saved, registry, ...more });
  if (!after) throw new Error(JSON.stringify(diagnostics));
  return { flow: after, name };
}

/** The same library with the types of its other module format, since the engine's tests are compiled for Node. */
const anyFlow = randomFlow as unknown as fc.Arbitrary<Flow>;

/** A document whose flows may have the names of those in a saved one, with other content or the same. */
const anyFlows = fc.dictionary(
  fc.constantFrom('each', 'again', 'price', 'each_2', 'other'),
  fc.constantFrom(passing(), passing(undefined, 'Other {{q}}'), passing('other')),
  {
    maxKeys: 4,
  },
);
const anyDocument = fc.tuple(anyFlow, anyFlows).map(([drawn, flows]): Flow => ({ ...drawn, flows: { ...drawn.flows, ...flows } }));
const anySaved = fc
  .tuple(anyFlow, fc.constantFrom('Price', 'each', 'Again 2', 'Цена', '2 things', '__proto__', 'constructor'))
  .map(([drawn, name]) => ({ ...drawn, name }));

describe('a saved flow brought into a document', () => {
  test('means what it meant, whatever the document has, and loses nothing of the document', () => {
    fc.assert(
      fc.property(anyDocument, anySaved, (document, saved) => {
        const before = structuredClone(document);
        const { flow: after, name } = brought(document, saved);
        expect(document).toEqual(before);
        const { flows = {}, ...rest } = after;
        const { flows: had, ...same } = document;
        expect(rest).toEqual(same);
        for (const [own, body] of Object.entries(had ?? {})) expect(flows[own]).toBe(body);
        expect(readFlow(after).diagnostics).toEqual([]);
        expect(isSameFlow({ body: flows[name] as Subflow, flows }, { body: bodyOf(saved), flows: saved.flows ?? {} }, kinds)).toBe(true);
      }),
    );
  });

  test('compiles as it did, and gives what it gave', () => {
    fc.assert(
      fc.property(anyFlows, anySaved, (others, saved) => {
        const { flow: after, name } = brought(flow('Document', passing(), { ...others, other: passing() }), saved);
        const asMain: Flow = { ...flow('Main', after.flows?.[name] as Subflow, after.flows) };
        const errors = (document: Flow) => diagnosticsOf(document).filter(({ severity, flow: within }) => severity === 'error' && within === undefined);
        expect(errors(asMain)).toEqual(errors(saved));
        expect(referenceRun(asMain, { q: 'q' }, answer)).toEqual(referenceRun(saved, { q: 'q' }, answer));
      }),
      { numRuns: 50 },
    );
  });

  test('adds nothing when it is brought again', () => {
    fc.assert(
      fc.property(anyDocument, anySaved, (document, saved) => {
        const first = brought(document, saved);
        const second = brought(first.flow, saved);
        expect(second.flow).toBe(first.flow);
        expect(second.name).toBe(first.name);
        expect(copyOf(first.flow, saved, kinds)).toEqual({ name: first.name, isSame: true });
      }),
    );
  });

  test('is called after its title, in letters that a name may have', () => {
    const names = ['Price of an order', 'Цена', '2 things', '__proto__', 'constructor', 'x'.repeat(200)].map(
      (title) => brought(emptyFlow('D'), flow(title, passing())).name,
    );
    expect(names).toEqual(['price_of_an_order', 'flow', 'things', 'proto', 'flow', 'x'.repeat(56)]);
    expect(brought(emptyFlow('D'), flow('Price', passing()), { wish: 'Cost' }).name).toBe('cost');
  });

  test('takes a free name for what would clash, and what it runs is still its own', () => {
    const document = flow('D', passing('inner'), { inner: passing(undefined, 'Mine {{q}}'), price: passing() });
    const { flow: after, name } = brought(document, flow('Price', passing('inner'), { inner: passing(undefined, 'Theirs {{q}}'), idle: passing() }));
    expect(name).toBe('price_2');
    expect(Object.keys(after.flows ?? {})).toEqual(['inner', 'price', 'price_2', 'inner_2']);
    expect(after.flows?.price_2?.nodes.say?.config).toEqual({ flow: 'inner_2' });
    expect(after.nodes.say?.config).toEqual({ flow: 'inner' });
    expect(diagnosticsOf(after)).toEqual([]);
  });

  test('shares with the document what is the same in both', () => {
    const inner = passing(undefined, 'Same {{q}}');
    const { flow: after } = brought(flow('D', passing('inner'), { inner }), flow('Price', passing('inner'), { inner: { ...inner, layout: { say: [9, 9] } } }));
    expect(Object.keys(after.flows ?? {})).toEqual(['inner', 'price']);
  });

  test('does not come to run a flow of the document where it names one that it does not have', () => {
    const { flow: after } = brought(flow('D', passing('lost'), { lost: passing() }), flow('Price', passing('lost')));
    expect(after.flows?.price?.nodes.say?.config).toEqual({ flow: 'lost_2' });
    expect(diagnosticsOf(after)).toMatchObject([{ code: 'flow-missing', flow: 'price' }]);
  });

  test('that runs itself in a circle is told as such, and comes to an end', () => {
    const circle = { a: passing('b'), b: passing('a') };
    const { flow: after, name } = brought(flow('D', passing(), circle), flow('Price', passing('a'), circle));
    expect(Object.keys(after.flows ?? {})).toEqual(['a', 'b', name]);
    expect(diagnosticsOf(after)).toMatchObject([{ code: 'cycle' }]);
  });

  test('is refused where it cannot be read, or the document could not be read with it', () => {
    const reserved = { ...flow('Price', passing()), flows: JSON.parse('{"__proto__": {"nodes": {}}}') as Record<string, Subflow> };
    expect(bringFlow(emptyFlow('D'), { saved: reserved, registry })).toMatchObject({ diagnostics: [{ code: 'name-refused' }] });
    const long = 'x'.repeat(documentLimits.bytes / 2);
    const large = bringFlow(flow('D', passing(undefined, `${long}{{q}}`)), { saved: flow('Price', passing(undefined, `${long}{{q}}`)), registry });
    expect(large.flow).toBeUndefined();
    expect(large.diagnostics).toMatchObject([{ code: 'document-too-large' }]);
  });
});

describe('a saved flow that has changed', () => {
  const before = flow('Price', passing('inner'), { inner: passing() });
  const now = flow('Price', passing('inner'), { inner: passing(undefined, 'New {{q}}') });

  test('is told from its copy, stands beside it, or takes its place with all that runs it', () => {
    const first = brought(flow('D', passing('price')), before).flow;
    expect(copyOf(first, now, kinds)).toEqual({ name: 'price', isSame: false });
    expect(Object.keys(brought(first, now).flow.flows ?? {})).toEqual(['price', 'inner', 'price_2', 'inner_2']);
    const again = brought(first, now, { into: 'price' });
    expect(again.name).toBe('price');
    expect(again.flow.nodes).toBe(first.nodes);
    expect(Object.keys(again.flow.flows ?? {}).sort()).toEqual(['inner', 'price']);
    expect(again.flow.flows?.inner?.nodes.say?.config).toEqual({ template: 'New {{q}}' });
    expect(brought(again.flow, now, { into: 'price' }).flow).toBe(again.flow);
  });

  test('leaves what others run of its copy as it was', () => {
    const first = brought(flow('D', passing('price')), before).flow;
    const shared: Flow = { ...first, flows: { ...first.flows, mine: passing('inner') } };
    const { flow: after } = brought(shared, now, { into: 'price' });
    expect(after.flows?.mine).toBe(shared.flows?.mine);
    expect(after.flows?.inner).toBe(shared.flows?.inner);
    expect(after.flows?.price?.nodes.say?.config).toEqual({ flow: 'inner_2' });
  });

  test('is found by the name of its copy, unless several could be meant', () => {
    const saved = [{ name: 'Price' }, { name: 'Stock 2' }, { name: 'Twice' }, { name: 'twice!' }];
    expect(originOf('price', saved)).toBe(saved[0]);
    expect(originOf('price_2', saved)).toBe(saved[0]);
    expect(originOf('stock_2', saved)).toBe(saved[1]);
    expect([originOf('twice', saved), originOf('other', saved)]).toEqual([undefined, undefined]);
  });
});

test('bringing a flow in and choosing it is one step that can be undone', () => {
  const user = openEditor();
  const id = user.adds('flow');
  const text = user.text();
  const { flow: after, name } = brought(user.flow(), flow('Price', passing()));
  user.editor.edit('Bring in', () => chooseFlow(after, { at: `/nodes/${id}/config/flow`, name, title: 'Price' }));
  expect(user.flow().nodes[id]).toEqual({ kind: 'flow', title: 'Price', config: { flow: 'price' } });
  const node = user.flow().nodes[id];
  expect(node && user.editor.face(node).ports).toMatchObject({ inputs: { q: {} }, outputs: { text: {} } });
  user.undoes();
  expect(user.text()).toBe(text);
  user.redoes();
  expect(user.flow().flows?.price?.nodes.ask?.kind).toBe('input');
  expect(chooseFlow(after, { at: '/nodes/gone/config/flow', name })).toBe(after);
});

test('a flow that nothing runs can be taken out of the document', () => {
  const document = flow('D', passing('a'), { a: passing('b'), b: passing(), c: passing() });
  expect([...flowUses(document, kinds)]).toEqual([
    ['a', 1],
    ['b', 1],
    ['c', 0],
  ]);
  expect(Object.keys(dropFlow(document, 'c').flows ?? {})).toEqual(['a', 'b']);
  expect(dropFlow(flow('D', passing(), { c: passing() }), 'c')).not.toHaveProperty('flows');
  expect(dropFlow(document, 'd')).toBe(document);
});

test('a flow of a document is a flow of its own again, and brought back it is the same', () => {
  const document = flow('D', passing('price_of_all'), { price_of_all: passing('b'), b: passing(), c: passing() });
  const own = flowOnItsOwn(document, 'price_of_all', kinds);
  expect(own?.name).toBe('Price of all');
  expect(Object.keys(own?.flows ?? {})).toEqual(['b']);
  expect(own && diagnosticsOf(own)).toEqual([]);
  expect(own && bringFlow(document, { saved: own, registry })).toMatchObject({ name: 'price_of_all', diagnostics: [] });
  expect(own && bringFlow(document, { saved: own, registry }).flow).toBe(document);
  expect(flowOnItsOwn(document, 'd', kinds)).toBeUndefined();
});
