/** A limit of cost needs models whose price is known. */
import { emptyFlow, emptyWorkspace, type Flow, type ModelCard, type Workspace } from '@switchyard/shared';
import { describe, expect, it } from 'vitest';
import { kinds } from '../../nodes/index.ts';
import { drawBody, entry, exit } from '../../testing/subflow.ts';
import { compile } from '../compile.ts';

const flow: Flow = {
  ...emptyFlow('Said'),
  nodes: {
    ask: { kind: 'input', config: { fields: { question: { type: 'string' } } } },
    say: { kind: 'llm', config: { model: 'large', prompt: '{{ question }}', fallback: 'small' } },
    reply: { kind: 'output', config: { fields: { answer: {} } } },
  },
  links: [
    { from: 'ask.question', to: 'say.question' },
    { from: 'say.text', to: 'reply.answer' },
  ],
  limits: { cost: 2 },
};

function workspaceOf(cards: Record<string, ModelCard | undefined>, connections: Workspace['connections'] = {}): Workspace {
  const models = Object.entries(cards).map(([name, card]) => [name, { provider: 'ollama' as const, model: name, ...(card && { card }) }]);
  return { ...emptyWorkspace(), models: Object.fromEntries(models) as Workspace['models'], connections };
}

const warned = (document: Flow, workspace?: Workspace) => compile(document, workspace, kinds).diagnostics.filter(({ code }) => code === 'cost-unknown');

describe('a limit of cost', () => {
  it('is warned of where no model that the flow asks has a price, with their names and what to do', () => {
    const found = warned(flow, workspaceOf({ large: undefined, small: { contextTokens: 8192 }, other: { inputPrice: 1 } }));
    expect(found).toMatchObject([{ severity: 'warning', path: '/limits/cost' }]);
    expect(found[0]?.message).toBe(
      'The limit of cost never ends a run: no price is known of the models that the flow asks, "large", "small". Give them prices in the workspace, or limit the tokens instead.',
    );
    const { plan } = compile(flow, workspaceOf({ large: undefined, small: undefined }), kinds);
    expect(plan?.limits.cost).toBe(2);
  });

  it('is fine where one has a price, be it nothing, and where nobody knows the models', () => {
    expect(warned(flow, workspaceOf({ large: undefined, small: { outputPrice: 3 } }))).toEqual([]);
    expect(warned(flow, workspaceOf({ large: { inputPrice: 0 }, small: undefined }))).toEqual([]);
    expect(warned(flow)).toEqual([]);
    expect(warned(flow, workspaceOf({ small: undefined }))).toEqual([]);
    const { limits: _, ...unlimited } = flow;
    expect(warned(unlimited, workspaceOf({ large: undefined, small: undefined }))).toEqual([]);
  });

  it('counts the models of flows within, and those of connections', () => {
    const one = drawBody({ first: entry('question'), say: ['llm', { model: 'inner', prompt: '{{ question }}' }], last: exit('answer') }, [
      'first.question>say.question',
      'say.text>last.answer',
    ]);
    const nodes = { ...flow.nodes, say: { kind: 'flow', config: { flow: 'one' } } };
    const outer = { ...flow, nodes, flows: { one }, links: [flow.links[0], { from: 'say.answer', to: 'reply.answer' }] } as Flow;
    expect(warned(outer, workspaceOf({ inner: undefined }))).toMatchObject([{ message: expect.stringContaining('"inner"') as string }]);
    expect(warned(outer, workspaceOf({ inner: { inputPrice: 1 } }))).toEqual([]);
    const searching: Flow = { ...flow, nodes: { ...flow.nodes, find: { kind: 'search', config: { connection: 'pages', text: '{{ question }}' } } } };
    const pages = { type: 'corpus', source: 'files', embeddings: 'vectors', refreshSeconds: 300 } as unknown as Workspace['connections'][string];
    const cards = { large: undefined, small: undefined };
    expect(warned(searching, workspaceOf({ ...cards, vectors: { inputPrice: 1 } }, { pages }))).toEqual([]);
    expect(warned(searching, workspaceOf({ ...cards, vectors: undefined }, { pages }))).toHaveLength(1);
  });
});
