/** What the shared examples cannot show: order, mistakes and failures of a branch. */
import type { FailureError, JsonObject } from '@switchyard/shared';
import { describe, expect, it } from 'vitest';
import type { Context } from '../../node.ts';
import { branchKind } from './branch.ts';

type Cases = { port: string; when: string }[];

/** A branch makes no calls, so it needs nothing of its context. */
function take(cases: Cases, inputs: JsonObject): unknown {
  return branchKind.run({ config: { cases }, inputs, granted: [], arrivals: { next: () => ({ key: 'none' }) } }, {} as Context).next().value;
}

describe('branch', () => {
  const sizes: Cases = [
    { port: 'large', when: 'value > 100' },
    { port: 'some', when: 'value > 10' },
  ];

  it('takes the first case that holds, and else where none does', () => {
    expect(take(sizes, { value: 500 })).toEqual({ large: 500 });
    expect(take(sizes, { value: 50 })).toEqual({ some: 50 });
    expect(take(sizes, { value: 5 })).toEqual({ else: 5 });
    expect(take([], { value: null })).toEqual({ else: null });
  });

  it('does not evaluate the cases after the one it takes', () => {
    expect(
      take(
        [
          { port: 'first', when: 'true' },
          { port: 'second', when: 'value.missing' },
        ],
        { value: {} },
      ),
    ).toEqual({ first: {} });
  });

  it('fails where a condition is neither true nor false', () => {
    let failed: FailureError | undefined;
    try {
      take([{ port: 'yes', when: 'value' }], { value: 'calm' });
    } catch (error) {
      failed = error as FailureError;
    }
    expect(failed?.failure.code).toBe('expression-failed');
    expect(failed?.failure.message).toMatch(/case "yes" gives "calm".*value == "calm"/);
  });

  it('has an input per name in its conditions, and emits at most one of its outputs', () => {
    const ports = branchKind.ports({
      cases: [
        { port: 'large', when: 'value.total > limit' },
        { port: 'vip', when: 'customer.isVip' },
      ],
    });
    expect(Object.keys(ports.inputs)).toEqual(['value', 'limit', 'customer']);
    expect(Object.keys(ports.outputs)).toEqual(['large', 'vip', 'else']);
    expect(ports.exclusive).toBe(true);
  });

  it('tells ports that cannot be', () => {
    const cases = ['else', 'a b', 'ok', 'ok', 'map'].map((port) => ({ port, when: 'true' }));
    expect(branchKind.problems?.({ cases }).map(({ field, message }) => [field, message.split('"')[1]])).toEqual([
      ['cases', 'else'],
      ['cases', 'a b'],
      ['cases', 'ok'],
      ['cases', 'map'],
    ]);
  });
});
