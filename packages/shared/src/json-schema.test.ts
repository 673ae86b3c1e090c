/** The published schemas are those of the code, and say the same of a document as the reader does. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { flowJsonSchema, readFlow, readWorkspace, workspaceJsonSchema, type JsonObject } from './index.ts';

const beside = (name: string) => JSON.parse(readFileSync(new URL(`../${name}`, import.meta.url), 'utf8')) as JsonObject;

describe.each([
  ['flow', flowJsonSchema, readFlow],
  ['workspace', workspaceJsonSchema, readWorkspace],
] as const)('%s.schema.json', (name, schema, read) => {
  it('is up to date (else run: node packages/shared/write-schemas.ts)', () => expect(beside(`${name}.schema.json`)).toEqual(schema()));

  it('takes the fixture and refuses what the reader refuses', () => {
    const published = z.fromJSONSchema(beside(`${name}.schema.json`) as Parameters<typeof z.fromJSONSchema>[0]);
    const fixture = beside(`fixtures/${name}.json`);
    expect(published.safeParse(fixture).success).toBe(true);
    for (const change of [{ version: '1' }, { surplus: true }, { format: 'other' }]) {
      expect(published.safeParse({ ...fixture, ...change }).success).toBe(false);
      expect(read({ ...fixture, ...change }).document).toBeUndefined();
    }
  });
});
