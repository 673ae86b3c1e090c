/** Writes the published JSON Schemas beside package.json: `node packages/shared/write-schemas.ts`. A test checks that they are up to date. */
import { writeFileSync } from 'node:fs';
import { flowJsonSchema, workspaceJsonSchema } from './src/json-schema.ts';

for (const [name, schema] of Object.entries({ flow: flowJsonSchema(), workspace: workspaceJsonSchema() })) {
  writeFileSync(new URL(`${name}.schema.json`, import.meta.url), `${JSON.stringify(schema, null, 2)}\n`);
}
