/** Every diagnostic of a node is shown at exactly one place. */
import type { Diagnostic } from '@switchyard/shared';
import { expect, test } from 'vitest';
import type { Control } from './derive-form.ts';
import { below, mistakesAt, mistakesElsewhere, pointersBelow, settingPointer } from './form-mistakes.ts';

const at = (path: string): Diagnostic => ({ code: 'config-invalid', severity: 'error', path, message: path });
const cases: Control = { sort: 'list', item: { sort: 'group', fields: [{ name: 'when', title: 'When', isRequired: true, control: { sort: 'expression' } }] } };
const list = settingPointer('n', ['cases']);

test('a mistake stands at the innermost control that holds it', () => {
  const diagnostics = [at(list), at(`${list}/0`), at(`${list}/0/when`), at(`${list}/0/port`), at(`${list}/7/when`)];
  const item = below(list, 0);
  const value = [{ when: 'x' }];
  expect(mistakesAt(diagnostics, list, pointersBelow(cases, value, list)).map((each) => each.path)).toEqual([list, `${list}/7/when`]);
  expect(mistakesAt(diagnostics, item, pointersBelow(cases.item, value[0], item)).map((each) => each.path)).toEqual([`${list}/0`, `${list}/0/port`]);
  expect(mistakesAt(diagnostics, below(item, 'when')).map((each) => each.path)).toEqual([`${list}/0/when`]);
});

test('what belongs to no setting is shown apart; names alike are not mixed up', () => {
  const fields = [{ name: 'case', title: 'Case', isRequired: true, control: { sort: 'text', isLong: true } as const }];
  const diagnostics = [at('/nodes/n'), at('/nodes/n/config/cases'), at('/nodes/n/config/case')];
  expect(mistakesElsewhere(diagnostics, 'n', fields).map((each) => each.path)).toEqual(['/nodes/n', '/nodes/n/config/cases']);
});

test('keys with slashes keep their place', () => {
  expect(settingPointer('n', ['headers', 'a/b'])).toBe('/nodes/n/config/headers/a~1b');
  expect(pointersBelow({ sort: 'record', value: { sort: 'template' } }, { 'a/b': '' }, '/x')).toEqual(['/x/a~1b']);
});
