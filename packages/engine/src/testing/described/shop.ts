/** Descriptions of a large shop API in each version of OpenAPI, made here: many resources, shared parameters, schemas that refer to one another in circles. */
import type { JsonObject } from '@switchyard/shared';

export const descriptionVersions = ['2.0', '3.0.3', '3.1.0'] as const;
type Version = (typeof descriptionVersions)[number];

/** `count` resources with a list, a read, a write and a removal each. */
export function shopDescription(version: Version, count: number): JsonObject {
  const isOld = version === '2.0';
  const refTo = (name: string) => ({ $ref: isOld ? `#/definitions/${name}` : `#/components/schemas/${name}` });
  const parameterRef = { $ref: isOld ? '#/parameters/limit' : '#/components/parameters/limit' };
  const typed = (schema: JsonObject) => (isOld ? schema : { schema });
  const answer = (schema: JsonObject) => ({ 200: { description: 'ok', ...(isOld ? { schema } : { content: { 'application/json': { schema } } }) } });
  const schemas: JsonObject = { Remote: { $ref: 'http://169.254.169.254/schema.json' } };
  const paths: JsonObject = {};
  for (let index = 0; index < count; index += 1) {
    const name = `Thing${index}`;
    schemas[name] = {
      type: 'object',
      properties: {
        id: { type: 'string', example: 'x1' },
        parent: refTo(name),
        next: refTo(`Thing${(index + 1) % count}`),
        note: version === '3.0.3' ? { type: 'string', nullable: true } : { type: 'string' },
        far: refTo('Remote'),
      },
      required: ['id'],
    };
    const body = isOld
      ? { parameters: [{ name: 'thing', in: 'body', required: true, schema: refTo(name) }] }
      : { requestBody: { required: true, content: { 'application/json': { schema: refTo(name) } } } };
    paths[`/things${index}`] = {
      get: {
        operationId: `listThing${index}`,
        summary: `Lists things of sort ${index}`,
        tags: [index % 2 === 0 ? 'even' : 'odd'],
        parameters: [parameterRef, { name: 'state', in: 'query', ...typed({ type: 'array', items: { type: 'string' } }) }],
        responses: answer({ type: 'array', items: refTo(name) }),
      },
      post: { operationId: `addThing${index}`, ...body, responses: answer(refTo(name)) },
    };
    paths[`/things${index}/{id}`] = {
      parameters: [{ name: 'id', in: 'path', required: true, ...typed({ type: 'string' }) }],
      get: { parameters: [{ name: 'X-Trace', in: 'header', ...typed({ type: 'string' }) }], responses: answer(refTo(name)) },
      delete: { operationId: `removeThing${index}`, responses: { 204: { description: 'gone' } } },
    };
  }
  const limit = { name: 'limit', in: 'query', description: 'How many at most', ...typed({ type: 'integer' }) };
  return {
    ...(isOld ? { swagger: version, host: '169.254.169.254', basePath: '/evil' } : { openapi: version, servers: [{ url: 'http://169.254.169.254/evil' }] }),
    info: { title: 'Shop', version: '1' },
    paths,
    ...(isOld ? { definitions: schemas, parameters: { limit } } : { components: { schemas, parameters: { limit } } }),
  };
}
