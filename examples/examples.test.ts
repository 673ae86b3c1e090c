/** Every example is a valid, canonical document whose names all resolve. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectionTypeOf, flowText, linkEnd, workspaceText } from '@switchyard/shared';
import { describe, expect, test } from 'vitest';
import { exampleParts, examples, examplesOnServers, readExampleFlow, readExampleWorkspace } from './index.ts';
import { makeShop } from './order-desk/shop-data.ts';

const all = [...examples, ...examplesOnServers];

describe.for(all.map((example) => [example.id, example] as const))('%s', ([, example]) => {
  const flow = readExampleFlow(example);
  const workspace = readExampleWorkspace(example);

  test('its files are the canonical text of their documents', () => {
    expect(readFileSync(example.flowFile, 'utf8')).toBe(flowText(flow));
    expect(readFileSync(example.workspaceFile, 'utf8')).toBe(workspaceText(workspace));
  });

  test('the gallery in the documentation tells of it', () => {
    expect(readFileSync(join(import.meta.dirname, '../docs/gallery.md'), 'utf8')).toContain(`\`examples/${example.id}\``);
  });

  test('every link, grant, model and connection names something that is there', () => {
    for (const { from, to } of flow.links) for (const end of [from, to]) expect(flow.nodes).toHaveProperty(linkEnd(end).node);
    for (const { from, to } of flow.grants) for (const node of [from, to]) expect(flow.nodes).toHaveProperty(node);
    for (const { config } of Object.values(flow.nodes)) {
      if (typeof config.model === 'string') expect(workspace.models).toHaveProperty(config.model);
      if (typeof config.connection === 'string') expect(workspace.connections).toHaveProperty(config.connection);
    }
    for (const connection of Object.values(workspace.connections)) if (connection.type === 'example') expect(exampleParts).toHaveProperty([connection.example]);
  });

  test('every node has a title for people and a place', () => {
    for (const [id, node] of Object.entries(flow.nodes)) {
      expect(node.title, id).toBeTruthy();
      expect(flow.layout, id).toHaveProperty(id);
    }
  });
});

test.for(Object.entries(exampleParts))('%s stands for a connection of the type that it says', async ([, part]) => {
  if (!('start' in part)) return expect(['sqlite', 'duckdb', 'files']).toContain(part.type);
  const server = await part.start();
  await server.close();
  expect(part.type).toBe(server.connection.type);
});

test('a name means the same in the workspace of every example, since a new installation has them all', () => {
  const known = new Map<string, unknown>();
  for (const { models, connections } of all.map(readExampleWorkspace)) {
    for (const [name, meant] of [...Object.entries(models), ...Object.entries(connections)]) {
      expect(meant, name).toEqual(known.get(name) ?? meant);
      known.set(name, meant);
    }
  }
});

test.for(examplesOnServers.map((example) => [example.id, example] as const))(
  '%s says which server it needs: in the documentation, in its flow, and by its connection',
  ([, example]) => {
    const [, address = ''] = / at (\w+:\/\/[\d.]+:\d+)$/.exec(example.needs ?? '') ?? [];
    const section = readFileSync(join(import.meta.dirname, '../docs/gallery.md'), 'utf8').split(`\`examples/${example.id}\``)[1] ?? '';
    expect(section.split('\n## ')[0]).toContain(`needs ${example.needs}`);
    expect(readExampleFlow(example).description).toContain(`at ${new URL(address).host}`);
    const urls = Object.values(readExampleWorkspace(example).connections).flatMap((connection) => ('url' in connection ? [connection.url] : []));
    expect(urls).toEqual([expect.stringMatching(`^${address}/`)]);
  },
);

test('what is offered in the designer needs no server of anybody', () => {
  for (const example of examples) {
    expect(example, example.id).not.toHaveProperty('needs');
    for (const [name, connection] of Object.entries(readExampleWorkspace(example).connections))
      expect(connectionTypeOf(connection).origins(connection), `${example.id}: ${name}`).toEqual([]);
  }
});

test('the sample questions of the order desk speak of a customer that there is', () => {
  const [orderDesk] = examples;
  if (!orderDesk) throw new Error('There is no example');
  const { question } = (readExampleFlow(orderDesk).nodes.ask?.config.fields ?? { question: { examples: [] } }) as { question: { examples: string[] } };
  expect(question.examples.length).toBeGreaterThanOrEqual(4);
  const names = makeShop().customers.map(({ name }) => name);
  const asked = question.examples.filter((text) => / of [A-Z]\w+ [A-Z]\w+|to [A-Z]\w+ [A-Z]\w+/.test(text));
  expect(asked.length).toBeGreaterThan(0);
  for (const text of asked)
    expect(
      names.some((name) => text.includes(name)),
      text,
    ).toBe(true);
});
