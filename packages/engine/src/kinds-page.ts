/** The page docs/kinds.md, made of what the kinds say of themselves: `node scripts/write-kinds.mjs`. A test checks that it is fresh. */
import { examples, examplesOnServers, readExampleFlow } from '@switchyard/examples';
import { isJsonObject, type Json, type JsonObject, type Schema } from '@switchyard/shared';
import { z } from 'zod';
import type { Kind, KindExample } from './node.ts';
import { kinds } from './nodes/index.ts';

/** A flow that ships and runs: what it is called, its folder in examples/, and the kinds in it. */
interface ShownFlow {
  title: string;
  id: string;
  needs: string | undefined;
  kinds: ReadonlySet<string>;
}

const layers: Readonly<Record<Kind['layer'], string>> = { end: 'ends', control: 'control layer', data: 'data layer' };

/** The page as Markdown. */
export function currentKindsPage(): string {
  const flows = [...examples, ...examplesOnServers].map((example) => ({
    title: example.title,
    id: example.id,
    needs: example.needs,
    kinds: new Set(Object.values(readExampleFlow(example).nodes).map(({ kind }) => kind)),
  }));
  return `${[
    '# Node kinds',
    '<!-- Made by `node scripts/write-kinds.mjs` from the definitions of the kinds; do not edit. -->',
    'What the palette offers, in its order. Every example is run as a test, with the answers of the world canned; the flows named run as they are, but for those that say what they need. A setting with `?` may be left out.',
    [
      '| kind | layer | |',
      '|---|---|---|',
      ...[...kinds.values()].map((kind) => `| [\`${kind.kind}\`](#${kind.kind}) | ${layers[kind.layer]} | ${kind.tagline} |`),
    ].join('\n'),
    ...[...kinds.values()].map((kind) => section(kind, flows)),
  ].join('\n\n')}\n`;
}

function section(kind: Kind, flows: readonly ShownFlow[]): string {
  const shown = flows
    .filter((flow) => flow.kinds.has(kind.kind))
    .map(({ title, id, needs }) => `[${title}](../examples/${id}/flow.json)${needs === undefined ? '' : ` (needs ${needs})`}`);
  return [
    `## ${kind.kind}`,
    `**${kind.title}**, ${layers[kind.layer]}.${shown.length > 0 ? ` In the flows ${shown.join(', ')}.` : ''}`,
    kind.doc.trim(),
    settingsTable(kind),
    ...(kind.examples as KindExample<JsonObject>[]).map((example) => exampleText(kind, example)),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function settingsTable(kind: Kind): string {
  const rows = settingRows(z.toJSONSchema(kind.config, { io: 'input', unrepresentable: 'any' }) as Schema, '');
  return rows.length === 0 ? 'It has no settings.' : ['| setting | |', '|---|---|', ...rows].join('\n');
}

/** A row for each setting, below it those of what it holds: `operations[].name`. */
function settingRows({ properties, required }: Schema, within: string): string[] {
  return Object.entries(isJsonObject(properties) ? properties : {}).flatMap(([name, given]) => {
    const said = isJsonObject(given) ? given : {};
    const preset = 'default' in said && !isEmpty(said.default as Json) ? ` Default: ${code(said.default as Json)}.` : '';
    const choices = Array.isArray(said.enum) ? ` Takes ${said.enum.map(code).join(', ')}.` : '';
    const mayBeLeftOut = preset === '' && !(Array.isArray(required) && required.includes(name));
    const about = text(said.description) || `${text(said.title)}.`;
    const row = `| \`${within}${name}${mayBeLeftOut ? '?' : ''}\` | ${cell(`${about}${choices}${preset}`)} |`;
    const inner = said.type === 'array' && isJsonObject(said.items) ? { schema: said.items, mark: '[].' } : { schema: said, mark: '.' };
    return [row, ...settingRows(inner.schema, `${within}${name}${inner.mark}`)];
  });
}

function exampleText(kind: Kind, example: KindExample<JsonObject>): string {
  const node = { kind: kind.kind, config: example.config };
  return [`*${example.title}*`, '```json', JSON.stringify(node, null, 2), '```', `Inputs ${code(example.inputs)} give ${code(example.outputs)}.`].join('\n');
}

function isEmpty(value: Json): boolean {
  return value === '' || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);
}

/** JSON as inline code, whatever backticks it holds. */
function code(value: Json): string {
  const json = JSON.stringify(value);
  return json.includes('`') ? `\`\` ${json} \`\`` : `\`${json}\``;
}

/** What stands in a cell must not end it. */
function cell(said: string): string {
  return said.replaceAll('|', '\\|').replaceAll('\n', ' ').trim();
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
