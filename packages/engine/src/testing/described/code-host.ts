/**
 * An API in the shape of a large code host's: version 3.0, many operations with parameters shared by reference, answers with examples, nullable
 * fields, allOf, discriminators and schemas that hold themselves; long descriptions and extensions that make up most of its size.
 */
import type { JsonObject } from '@switchyard/shared';

const prose = 'Works with tokens of an app and fine-grained personal tokens. Needs the permission to read the contents of the repository. ';

export interface Size {
  /** Four operations each. */
  resources: number;
  /** Of an example in each answer, about. */
  exampleBytes?: number;
}

const ref = (name: string, sort = 'schemas') => ({ $ref: `#/components/${sort}/${name}` });

export function codeHostDescription({ resources, exampleBytes = 0 }: Size): JsonObject {
  const schemas: JsonObject = {
    user: {
      title: 'Simple User',
      type: 'object',
      description: prose,
      properties: {
        login: { type: 'string', example: 'octo', pattern: String.raw`^[\w\-\.]+$` },
        id: { type: 'integer', format: 'int64', readOnly: true },
        email: { type: 'string', format: 'email', nullable: true },
        manager: { nullable: true, allOf: [ref('user')] },
      },
      required: ['login', 'id'],
      'x-internal': { owner: 'identity' },
    },
    problem: { type: 'object', properties: { message: { type: 'string' }, documentation_url: { type: 'string' } } },
    bot: { allOf: [ref('user'), { type: 'object', properties: { kind: { type: 'string', enum: ['bot'] } }, required: ['kind'] }] },
    actor: { oneOf: [ref('user'), ref('bot')], discriminator: { propertyName: 'kind', mapping: { bot: '#/components/schemas/bot' } } },
  };
  const paths: JsonObject = {};
  for (let index = 0; index < resources; index += 1) Object.assign(paths, resourcePaths(index, { resources, exampleBytes }, schemas));
  return {
    openapi: '3.0.3',
    info: { title: 'Code host', version: '1.1.4', description: prose, license: { name: 'none' } },
    servers: [
      {
        url: '{protocol}://{hostname}/api/v3',
        variables: { protocol: { default: 'https', enum: ['http', 'https'] }, hostname: { default: 'api.example.com' } },
      },
    ],
    tags: [{ name: 'repos', description: prose }],
    paths,
    components: {
      schemas,
      parameters: {
        owner: { name: 'owner', in: 'path', required: true, description: 'The account owner.', schema: { type: 'string' } },
        'per-page': { name: 'per_page', in: 'query', description: 'Results of a page (max 100).', schema: { type: 'integer', default: 30, maximum: 100 } },
        since: { name: 'since', in: 'query', schema: { type: 'string', format: 'date-time' } },
      },
      responses: { not_found: { description: 'Resource not found', content: { 'application/json': { schema: ref('problem') } } } },
      headers: { link: { schema: { type: 'string' }, example: '<https://api.example.com?page=2>; rel="next"' } },
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
    },
    security: [{ token: [] }],
    'x-webhooks': { ping: { post: { operationId: 'webhooks/ping', requestBody: { content: { 'application/json': { schema: ref('user') } } } } } },
  };
}

function resourceSchema(index: number, resources: number): JsonObject {
  return {
    type: 'object',
    description: `${prose}Sort ${index}.`,
    properties: {
      id: { type: 'integer', readOnly: true },
      title: { type: 'string', description: prose, maxLength: 256 },
      state: { type: 'string', enum: ['open', 'closed', 'draft'], default: 'open' },
      labels: {
        type: 'array',
        items: { oneOf: [{ type: 'string' }, { type: 'object', properties: { name: { type: 'string' }, color: { type: 'string', nullable: true } } }] },
      },
      owner: ref('actor'),
      parent: ref(`resource-${index}`),
      next: ref(`resource-${(index + 1) % resources}`),
      settings: { type: 'object', additionalProperties: { type: 'boolean' } },
      closed_at: { type: 'string', format: 'date-time', nullable: true },
    },
    required: ['id', 'title'],
  };
}

function resourcePaths(index: number, { resources, exampleBytes }: Required<Size>, schemas: JsonObject): JsonObject {
  const name = `resource-${index}`;
  schemas[name] = resourceSchema(index, resources);
  const example = { id: index, title: 'x'.repeat(exampleBytes) };
  const answer = (schema: JsonObject) => ({
    200: {
      description: 'Response',
      headers: { Link: ref('link', 'headers') },
      content: { 'application/json': { schema, examples: { default: { value: example } } } },
    },
    404: ref('not_found', 'responses'),
  });
  const about = (verb: string) => ({
    summary: `${verb} a resource of sort ${index}`,
    description: prose.repeat(4),
    tags: [index % 2 === 0 ? 'repos' : 'issues'],
    'x-github': { category: 'repos' },
  });
  return {
    [`/repos/{owner}/r${index}`]: {
      parameters: [ref('owner', 'parameters')],
      get: {
        ...about('List'),
        operationId: `repos/list-r${index}`,
        parameters: [
          ref('per-page', 'parameters'),
          ref('since', 'parameters'),
          { name: 'labels', in: 'query', explode: false, schema: { type: 'array', items: { type: 'string' } } },
        ],
        responses: answer({ type: 'array', items: ref(name) }),
      },
      post: {
        ...about('Create'),
        operationId: `repos/create-r${index}`,
        requestBody: { required: true, content: { 'application/json': { schema: ref(name) } } },
        responses: answer(ref(name)),
      },
    },
    [`/repos/{owner}/r${index}/{id}`]: {
      parameters: [ref('owner', 'parameters'), { name: 'id', in: 'path', required: true, schema: { type: 'integer' } }],
      get: { ...about('Get'), operationId: `repos/get-r${index}`, responses: answer(ref(name)) },
      delete: { ...about('Delete'), operationId: `repos/delete-r${index}`, responses: { 204: { description: 'Gone' } } },
    },
  };
}
