/** What the tests of the rules share: two kinds that call and are called, a workspace, flows drawn in short, fixes applied. */
import type { Diagnostic, DiagnosticCode, Flow, JsonObject, Workspace } from '@switchyard/shared';
import { expect } from 'vitest';
import { z } from 'zod';
import { defineNode, field, registryOf } from '../node.ts';
import { kinds } from '../nodes/index.ts';
import { compile } from '../compile/compile.ts';
import { applyPatch } from './apply-patch.ts';

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
export const registry = registryOf(
  [...kinds.values(), caller, store].filter((kind, index, all) => all.findIndex(({ kind: name }) => name === kind.kind) === index),
);

export const workspace: Workspace = {
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
export const text = (template: string) => ({ kind: 'template', config: { template } });

/** A flow with an input `ask` and an output `reply`, wired by `a.b > c.d` and granted by `a > b`. */
export function draw(nodes: Record<string, { kind: string; config: JsonObject }>, ...lines: string[]): Flow {
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

export const check = (flow: Flow) => compile(flow, workspace, registry).diagnostics;
export const codes = (flow: Flow) => check(flow).map(({ code }) => code);
export const only = (flow: Flow, code: DiagnosticCode): Diagnostic => {
  const found = check(flow);
  expect(found.map((diagnostic) => diagnostic.code)).toEqual([code]);
  return found[0] as Diagnostic;
};
/** Applies the fix and compiles again. */
export const mended = (flow: Flow, diagnostic: Diagnostic) => codes(applyPatch(flow, diagnostic.fix?.patch ?? []));

export const straight = ['ask.question > reply.answer'];
