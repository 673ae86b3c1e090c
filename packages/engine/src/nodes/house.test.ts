/** The recipe's promises: a kind is one folder and one line in the index, and nothing outside its folder names it. */
import { globSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { emptyFlow, type Flow, type JsonObject, type Schema } from '@switchyard/shared';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { compile } from '../compile/compile.ts';
import type { Kind } from '../node.ts';
import { kinds } from './index.ts';

const root = join(import.meta.dirname, '../../../..');
const folders = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);
const names = [...kinds.keys()];

/**
 * Ways in which source text takes a kind by its name. Most names are ordinary words too (`input`, `code`), so a quoted word alone is
 * no offence: it is one beside the word kind, in a switch over it, as a key of the registry, or in an import of the room.
 */
function offences(text: string, name: string): string[] {
  const quoted = `['"\`]${name}['"\`]`;
  const patterns = [
    `\\bkind\\??\\s*(?:===?|!==?)\\s*${quoted}`,
    `${quoted}\\s*(?:===?|!==?)\\s*[\\w.?!\\[\\]]*\\bkind\\b(?!\\s*[.(])`,
    `\\bkind\\s*:\\s*${quoted}`,
    `\\b(?:kinds?|registry)\\??\\.(?:get|has)\\(\\s*${quoted}`,
    `\\b(?:kinds?|registry)\\[\\s*${quoted}`,
    `\\bfrom\\s+['"][^'"]*nodes/${name}/`,
  ];
  const found = patterns.flatMap((pattern) => [...text.matchAll(new RegExp(pattern, 'g'))].map((match) => match[0]));
  const isSwitched = /\bswitch\s*\([^)]*\bkind\)/.test(text);
  return isSwitched ? [...found, ...[...text.matchAll(new RegExp(`\\bcase\\s+${quoted}`, 'g'))].map((match) => match[0])] : found;
}

describe('a kind', () => {
  it('is a folder of its name, and every folder is a kind', () => {
    expect([...folders].sort()).toEqual([...names].sort());
  });

  it('is one line in the index, beside its import', () => {
    const index = readFileSync(join(import.meta.dirname, 'index.ts'), 'utf8');
    const listed = [...(/registryOf\(\[([^\]]*)\]/.exec(index)?.[1] ?? '').matchAll(/(\w+),/g)].map((match) => match[1]);
    expect(listed).toHaveLength(names.length);
    for (const name of names) expect(index.match(new RegExp(`from '\\./${name}/`, 'g'))).toHaveLength(1);
  });

  it('is named nowhere outside its folder', () => {
    const files = globSync(['packages/*/src/**/*.{ts,tsx}', 'apps/*/src/**/*.{ts,tsx}'], { cwd: root }).filter(
      (path) => !/\.test\.tsx?$|\/testing\/|nodes\/index\.ts$/.test(path),
    );
    expect(files.length).toBeGreaterThan(50);
    const found = files.flatMap((path) => {
      const text = readFileSync(join(root, path), 'utf8');
      return names.filter((name) => !path.includes(`/nodes/${name}/`)).flatMap((name) => offences(text, name).map((offence) => `${path}: ${offence}`));
    });
    expect(found).toEqual([]);
  });
});

describe('a setting that is left out', () => {
  const required = names.flatMap((name) => {
    const { config } = kinds.get(name) as Kind;
    const schema = z.toJSONSchema(config, { io: 'input', unrepresentable: 'any' });
    return (schema.required ?? []).map((setting) => ({ name, setting }));
  });

  it('is asked for by its title, in every kind', () => {
    expect(required.length).toBeGreaterThan(15);
    for (const { name, setting } of required) {
      const { [setting]: _, ...config } = (kinds.get(name) as Kind).initial as JsonObject;
      const flow: Flow = { ...emptyFlow('t'), nodes: { n: { kind: name, config } } };
      const told = compile(flow, undefined, kinds).diagnostics.find(({ path }) => path === `/nodes/n/config/${setting}`);
      expect(told?.message, `${name}.${setting}`).toMatch(/^(?:Choose an? [a-z]|Fill in "[A-Z])/);
    }
  });

  it('is told the same where an empty text stands for it', () => {
    const messageOf = (config: JsonObject) =>
      compile({ ...emptyFlow('t'), nodes: { n: { kind: 'http', config } } }, undefined, kinds).diagnostics.find(({ field }) => field === 'connection')?.message;
    expect([messageOf({ operations: [] }), messageOf({ connection: '', operations: [] })]).toEqual(['Choose a connection.', 'Choose a connection.']);
  });
});

describe('a setting that only a step needs', () => {
  const needing = names.filter((name) => (kinds.get(name) as Kind).stepProblem);
  const config = { connection: 'c' };
  const mistakes = (name: string, wires: Pick<Flow, 'links' | 'grants'>) => {
    const boss = { kind: 'control', config: { model: 'm' } };
    const nodes = { n: { kind: name, config }, boss, stop: { kind: 'output', config: { fields: { value: {} } } } };
    return compile({ ...emptyFlow('t'), nodes, ...wires }, undefined, kinds).diagnostics.filter(({ path }) => path.startsWith('/nodes/n/'));
  };

  it('is asked for where the node is linked, and not where it is only on call', () => {
    expect(needing.length).toBeGreaterThan(7);
    for (const name of needing) {
      const kind = kinds.get(name) as Kind;
      const settings = kind.config.parse(config);
      const [output] = Object.keys(kind.ports(settings).outputs);
      const linked = mistakes(name, { links: [{ from: `n.${output}`, to: 'stop.value' }], grants: [] });
      expect(linked, name).toMatchObject([
        { severity: 'error', field: kind.stepProblem?.(settings)?.field, message: expect.stringContaining('runs as a step') as string },
      ]);
      expect(mistakes(name, { links: [], grants: [{ from: 'boss', to: 'n' }] }), name).toEqual([]);
    }
  });
});

describe('a name that no field may have', () => {
  const properties = (name: string) => (z.toJSONSchema((kinds.get(name) as Kind).config, { io: 'input', unrepresentable: 'any' }) as Schema).properties;
  const named = names.flatMap((kind) => Object.entries(properties(kind) ?? {}).flatMap(([key, { widget }]) => (widget === 'fields' ? [{ kind, key }] : [])));

  it('is told once', () => {
    expect(named).toEqual(expect.arrayContaining([expect.objectContaining({ kind: 'code' }), expect.objectContaining({ kind: 'approve' })]));
    for (const { kind, key } of named)
      for (const name of ['list', 'in', '2a']) {
        const flow: Flow = { ...emptyFlow('t'), nodes: { n: { kind, config: { ...(kinds.get(kind) as Kind).initial, [key]: { [name]: {} } } } } };
        const told = compile(flow, undefined, kinds).diagnostics.filter(({ field, path }) => field === key && path.startsWith('/nodes/n/config/'));
        expect(
          told.map(({ code, path }) => [code, path]),
          `${kind} ${name}`,
        ).toEqual([['name-refused', `/nodes/n/config/${key}/${name}`]]);
      }
  });
});

describe('an item of a list that is left empty', () => {
  it('is asked for by its place and the title of the list', () => {
    const flow: Flow = { ...emptyFlow('t'), nodes: { n: { kind: 'openapi', config: { connection: 'c', tags: ['paid', ''] } } } };
    const told = compile(flow, undefined, kinds).diagnostics.find(({ path }) => path === '/nodes/n/config/tags/1');
    expect(told?.message).toBe('Fill in item 2 of "Tags", or remove it.');
  });
});

describe('the rule', () => {
  it.each([
    "if (node.kind === 'sql') return;",
    'const is = "sql" === node.kind;',
    "{ kind: 'sql', config }",
    "kinds.get('sql')",
    'registry.has(`sql`)',
    "switch (node.kind) { case 'sql': break; }",
    "import { sqlKind } from '../nodes/sql/sql.ts';",
  ])('sees %s', (text) => expect(offences(text, 'sql')).not.toEqual([]));

  it.each([
    "schema.widget === 'code'",
    "const language = 'code';",
    "switch (field.type) { case 'code': break; }",
    "{ input: 1, 'code': 2 }",
    "call.kind === 'query'",
  ])('lets %s be', (text) => expect(offences(text, 'code')).toEqual([]));
});
