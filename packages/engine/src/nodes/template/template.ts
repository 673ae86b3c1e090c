/** The kind `template`: text with holes, filled from its inputs. */
import { z } from 'zod';
import { parseTemplate, templateVariables } from '../../expression.ts';
import { defineNode, field } from '../../node.ts';

const config = z.strictObject({
  template: field.template().meta({ widget: 'template', title: 'Text', description: 'Text with {{ }} holes. Each name in a hole is an input.' }),
});

export const templateKind = defineNode({
  kind: 'template',
  layer: 'control',
  title: 'Template',
  tagline: 'Text filled from values',
  icon: 'text-quote',
  doc: [
    'Each hole `{{ }}` holds an expression; the names in it are inputs of the node.',
    '',
    'A string is written as it is, null as nothing, anything else as compact JSON. To write `{{` itself, write `{{"{{"}}`.',
    'What fills a hole is never read as a template again.',
  ].join('\n'),
  config,
  initial: { template: '' },
  summary: ({ template }) => template.trim().split('\n')[0]?.slice(0, 80) || 'Empty',
  ports: ({ template }) => ({
    inputs: Object.fromEntries(templateVariables(template).map((name) => [name, {}])),
    outputs: { text: { type: 'string' } },
  }),
  *run({ config: { template }, inputs }) {
    return { text: parseTemplate(template).render(inputs) };
  },
  examples: [
    {
      title: 'A greeting',
      config: { template: 'Dear {{ name }}, you have {{ size(orders) }} open orders: {{ orders }}.' },
      inputs: { name: 'Ada', orders: [1042, 1043] },
      outputs: { text: 'Dear Ada, you have 2 open orders: [1042,1043].' },
    },
    {
      title: 'Braces in data stay text',
      config: { template: 'They wrote: {{ message }} {{"{{"}} as it is }}' },
      inputs: { message: '{{ 1 + 1 }}' },
      outputs: { text: 'They wrote: {{ 1 + 1 }} {{ as it is }}' },
    },
  ],
});
