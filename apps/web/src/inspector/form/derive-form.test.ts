/** Forms follow from schemas alone: widgets, types, alternatives, references. */
import { field } from '@switchyard/engine';
import { kinds } from '@switchyard/engine/nodes';
import type { Schema } from '@switchyard/shared';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { deriveForm, freshValue, isSettled, kindForm, type Control, type FormField } from './derive-form.ts';

const form = (shape: z.ZodRawShape) => deriveForm(z.toJSONSchema(z.strictObject(shape), { io: 'input', unrepresentable: 'any' }) as Schema);
const controlOf = (type: z.ZodType) => form({ it: type })[0]?.control;

test('each widget has its control', () => {
  expect(controlOf(field.template())).toEqual({ sort: 'template' });
  expect(controlOf(field.expression())).toEqual({ sort: 'expression' });
  expect(controlOf(field.model())).toEqual({ sort: 'model' });
  expect(controlOf(field.connection(['sqlite']))).toEqual({ sort: 'connection', types: ['sqlite'] });
  expect(controlOf(field.source('sql'))).toEqual({ sort: 'source', language: 'sql' });
  expect(controlOf(field.schema().optional())).toEqual({ sort: 'schema' });
  expect(controlOf(field.fields())).toEqual({ sort: 'fields' });
});

test('one or several of the same is a list, in which one may stand alone', () => {
  expect(controlOf(z.union([field.model(), z.array(field.model()).max(8)]).optional())).toEqual({ sort: 'list', item: { sort: 'model' } });
  expect(controlOf(z.union([field.model(), z.array(z.number())]))).toEqual({ sort: 'model' });
});

test('plain types have theirs', () => {
  expect(controlOf(z.boolean())).toEqual({ sort: 'switch' });
  expect(controlOf(z.enum(['read', 'write']))).toEqual({ sort: 'choice', options: ['read', 'write'] });
  expect(controlOf(z.union([z.literal(1), z.literal(2)]))).toEqual({ sort: 'choice', options: [1, 2] });
  expect(controlOf(z.number().min(0).max(1))).toEqual({ sort: 'number', isWhole: false, least: 0, most: 1 });
  expect(controlOf(z.int().min(1))).toEqual({ sort: 'number', isWhole: true, least: 1 });
  expect(controlOf(z.string())).toEqual({ sort: 'text', isLong: true });
  expect(controlOf(z.string().regex(/^[a-z]+$/))).toEqual({ sort: 'text', isLong: false });
  expect(controlOf(z.string().nullable())).toEqual({ sort: 'text', isLong: true });
  expect(controlOf(z.json())).toEqual({ sort: 'json' });
  expect(controlOf(z.record(z.string(), field.template()))).toEqual({ sort: 'record', value: { sort: 'template' } });
  expect(controlOf(z.union([field.template(), z.array(z.string())]))).toEqual({ sort: 'template' });
});

test('lists of objects have a form for each item; titles, help, defaults and what is required come along', () => {
  const cases = z.array(
    z.strictObject({
      port: z.string().min(1).meta({ title: 'Port', description: 'Where to' }),
      perTurn: z.int().default(3),
      when: field.expression().optional(),
    }),
  );
  expect(form({ cases })).toEqual([
    {
      name: 'cases',
      title: 'Cases',
      isRequired: true,
      control: {
        sort: 'list',
        item: {
          sort: 'group',
          fields: [
            { name: 'port', title: 'Port', help: 'Where to', isRequired: true, control: { sort: 'text', isLong: false } },
            { name: 'perTurn', title: 'Per turn', isRequired: false, default: 3, control: { sort: 'number', isWhole: true } },
            { name: 'when', title: 'When', isRequired: false, control: { sort: 'expression' } },
          ],
        },
      },
    },
  ]);
});

test('a reference met on its own way down is JSON, not an endless form', () => {
  const schema = { properties: { tree: { $ref: '#/$defs/node' } }, $defs: { node: { type: 'object', properties: { below: { $ref: '#/$defs/node' } } } } };
  expect(deriveForm(schema)[0]?.control).toEqual({ sort: 'group', fields: [{ name: 'below', title: 'Below', isRequired: false, control: { sort: 'json' } }] });
});

test('a fresh item has what its schema requires', () => {
  const [list] = form({
    items: z.array(z.strictObject({ name: z.string().min(1), access: z.enum(['read', 'write']), body: field.template().optional(), count: z.int().min(1) })),
  });
  expect(list?.control.sort === 'list' && freshValue(list.control.item)).toEqual({ name: '', access: 'read', count: 1 });
});

test('a choice of one needs no control, unless something else is set', () => {
  const one = form({ strategy: z.enum(['tools']) })[0] as FormField;
  expect([isSettled(one, undefined), isSettled(one, 'tools'), isSettled(one, 'code')]).toEqual([true, true, false]);
});

test('every kind has a form in which each field is titled and each top field has a control of its own', () => {
  for (const kind of kinds.values()) {
    const fields = kindForm(kind);
    expect(fields.length, kind.kind).toBeGreaterThan(0);
    for (const { title, control } of fields) {
      expect(title, kind.kind).not.toBe('');
      expect((control as Control).sort, `${kind.kind}: ${title}`).not.toBe('json');
    }
  }
});
