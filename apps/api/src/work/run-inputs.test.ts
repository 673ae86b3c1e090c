import { kinds } from '@switchyard/engine/nodes';
import { compile } from '@switchyard/engine/compile';
import { emptyFlow } from '@switchyard/shared';
import { expect, it } from 'vitest';
import { checkInputs } from './run-inputs.ts';

it('a number that would be kept as null is refused, however deep', () => {
  const nodes = { ask: { kind: 'input', config: { fields: { n: { type: 'number' }, many: { type: 'array' } } } } };
  const { plan } = compile({ ...emptyFlow('Numbers'), nodes }, undefined, kinds);
  const check = (text: string) => checkInputs(plan as NonNullable<typeof plan>, kinds, JSON.parse(text)).map(({ field }) => field);
  expect(check('{"n": 1e999, "many": [{"deep": -1e999}]}')).toEqual(['n', 'many']);
  expect(check('{"n": 1e300, "many": [{"deep": -0}]}')).toEqual([]);
});

it('a value fits the field of every node that asks for it', () => {
  const nodes = {
    end: { kind: 'output', config: { fields: { a: {} } } },
    text: { kind: 'input', config: { fields: { a: { type: 'string' } } } },
    any: { kind: 'input', config: { fields: { a: {} } } },
  };
  const { plan } = compile({ ...emptyFlow('Twice'), nodes, links: [{ from: 'text.a', to: 'end.a' }] }, undefined, kinds);
  expect(checkInputs(plan as NonNullable<typeof plan>, kinds, { a: 5 }).map(({ node }) => node)).toEqual(['text']);
});

it('of very many unknown inputs, the first are told, and how many more there are', () => {
  const { plan } = compile({ ...emptyFlow('None'), nodes: {} }, undefined, kinds);
  const given = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`k${index}`, 0]));
  const told = checkInputs(plan as NonNullable<typeof plan>, kinds, given);
  expect(told.length).toBe(21);
  expect(told.at(-1)?.message).toContain('980 more');
});
