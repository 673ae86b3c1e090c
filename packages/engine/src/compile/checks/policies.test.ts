import type { JsonObject, NodePolicy } from '@switchyard/shared';
import { describe, expect, it } from 'vitest';
import { applyPatch } from '../../testing/apply-patch.ts';
import { codes, draw, only, text } from '../../testing/drawn-flow.ts';

const withPolicy = (policy: NodePolicy, ...lines: string[]) =>
  draw(
    { fill: { ...text('{{ question }}'), policy } as { kind: string; config: JsonObject } },
    'ask.question > fill.question',
    'fill.text > reply.answer',
    ...lines,
  );

describe('the policy of a node', () => {
  it('may give the failure at a port of its own, which excludes the others', () => {
    expect(codes(withPolicy({ onFailure: 'port' }, 'fill.error > reply.rest'))).toEqual([]);
    expect(codes(withPolicy({ onFailure: 'port' }, 'fill.error > reply.answer'))).toEqual(['port-type']);
    expect(codes(withPolicy({}, 'fill.error > reply.rest'))).toEqual(['port-missing']);
  });

  it('gets that port by the fix of a link drawn from it, unless it goes on otherwise', () => {
    const mended = (policy: NodePolicy) => {
      const flow = withPolicy(policy, 'fill.error > reply.rest');
      const { fix } = only(flow, 'port-missing');
      return { title: fix?.title, left: codes(applyPatch(flow, fix?.patch ?? [])) };
    };
    for (const policy of [undefined as never, {}, { timeoutSeconds: 5 }]) expect(mended(policy)).toEqual({ title: 'Give its failures at "error"', left: [] });
    for (const policy of [{ onFailure: 'stop' as const }, { onFailure: 'continue' as const, default: { text: 'none' } }])
      expect(mended(policy)).toEqual({ title: 'Take the link out', left: [] });
  });

  it('cannot give it at a port that is there already', () => {
    const node = { kind: 'branch', config: { cases: [{ port: 'error', when: 'value == 1' }] }, policy: { onFailure: 'port' } } as never;
    const found = only(draw({ way: node }, 'ask.question > way.value', 'way.error > reply.answer'), 'policy-invalid');
    expect(found).toMatchObject({ path: '/nodes/way/policy/onFailure', node: 'way' });
  });

  it('goes on with outputs that the node has, of their types', () => {
    expect(codes(withPolicy({ onFailure: 'continue', default: { text: 'none' } }))).toEqual([]);
    expect(only(withPolicy({ onFailure: 'continue', default: { texts: 'none' } }), 'policy-invalid').path).toBe('/nodes/fill/policy/default/texts');
    expect(only(withPolicy({ onFailure: 'continue', default: { text: 5 } }), 'policy-invalid').message).toContain('does not fit');
    expect(only(withPolicy({ default: { text: 'none' } }), 'policy-invalid').path).toBe('/nodes/fill/policy/default');
  });

  it('has pauses that can grow', () => {
    expect(only(withPolicy({ retry: { attempts: 2, baseMs: 10, maxMs: 5 } }), 'policy-invalid').path).toBe('/nodes/fill/policy/retry/maxMs');
  });

  it('is strict', () => expect(codes(withPolicy({ retries: 2 } as never))).toEqual(['document-invalid']));
});
