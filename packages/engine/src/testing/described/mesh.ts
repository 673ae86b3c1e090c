/** An API in the shape of an office suite's: every record leads to several others, so that one written out would hold nearly all of them. */
import type { JsonObject } from '@switchyard/shared';

const fields = ['number', 'status', 'created', 'changed', 'note', 'currency', 'owner', 'source', 'locale', 'label'];

/** Two operations for each record. */
export function meshDescription(records: number): JsonObject {
  const ref = (index: number) => ({ $ref: `#/components/schemas/Record${index % records}` });
  const schemas: JsonObject = {};
  const paths: JsonObject = {};
  for (let index = 0; index < records; index += 1) {
    const plain = fields.map((name): [string, JsonObject] => [name, { type: 'string', description: `The ${name} of a record of sort ${index}` }]);
    const led = [1, 2, 3, 5, 8].map((step): [string, JsonObject] => [`to${step}`, ref(index * step + step)]);
    schemas[`Record${index}`] = { type: 'object', properties: Object.fromEntries([...plain, ...led]), required: ['number'] };
    const content = { 'application/json': { schema: ref(index) } };
    paths[`/records${index}`] = {
      get: { operationId: `getRecord${index}`, responses: { 200: { description: 'ok', content } } },
      post: { operationId: `addRecord${index}`, requestBody: { required: true, content }, responses: { 201: { description: 'made', content } } },
    };
  }
  return { openapi: '3.0.3', info: { title: 'Mesh', version: '1' }, paths, components: { schemas } };
}
