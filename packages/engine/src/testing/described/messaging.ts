/**
 * An API in the shape of a messaging service's: version 2.0, forms by `formData` with lists in each format, shared parameters, responses and a body,
 * polymorphic definitions, nullable by extension, an upload, and a cookie-like session in a header.
 */
import type { JsonObject } from '@switchyard/shared';

const ref = (name: string, sort = 'definitions') => ({ $ref: `#/${sort}/${name}` });

/** Three operations each. */
export function messagingDescription({ resources }: { resources: number }): JsonObject {
  const definitions: JsonObject = {
    Animal: {
      type: 'object',
      discriminator: 'sort',
      properties: { sort: { type: 'string' }, name: { type: 'string', 'x-nullable': true } },
      required: ['sort'],
    },
    Dog: { allOf: [ref('Animal'), { type: 'object', properties: { packSize: { type: 'integer', minimum: 0, exclusiveMinimum: true } } }] },
    Thread: {
      type: 'object',
      properties: { text: { type: 'string', example: 'hi' }, replies: { type: 'array', items: ref('Thread') }, about: ref('Dog') },
      required: ['text'],
    },
  };
  const paths: JsonObject = {
    '/uploads': {
      post: {
        operationId: 'upload',
        consumes: ['multipart/form-data'],
        parameters: [{ name: 'file', in: 'formData', type: 'file', required: true }],
        responses: { 201: { description: 'kept' } },
      },
    },
  };
  for (let index = 0; index < resources; index += 1) {
    paths[`/messages${index}`] = {
      parameters: [ref('page', 'parameters')],
      get: {
        operationId: `ListMessages${index}`,
        tags: ['messages'],
        parameters: [
          { name: 'ids', in: 'query', type: 'array', items: { type: 'string' }, collectionFormat: 'pipes' },
          { name: 'sorts', in: 'query', type: 'array', items: { type: 'string', enum: ['a', 'b'] }, collectionFormat: 'multi' },
          { name: 'states', in: 'query', type: 'array', items: { type: 'string' } },
        ],
        responses: { 200: ref('Listed', 'responses') },
      },
      post: {
        operationId: `SendMessage${index}`,
        consumes: ['application/x-www-form-urlencoded'],
        parameters: [
          { name: 'To', in: 'formData', type: 'string', required: true, description: 'Who gets it' },
          { name: 'Body', in: 'formData', type: 'string' },
          { name: 'MediaUrl', in: 'formData', type: 'array', items: { type: 'string' }, collectionFormat: 'multi' },
          { name: 'Tags', in: 'formData', type: 'array', items: { type: 'string' }, collectionFormat: 'csv' },
        ],
        responses: { 201: { description: 'sent', schema: ref('Thread') } },
      },
      put: { operationId: `ReplaceMessage${index}`, parameters: [ref('thread', 'parameters')], responses: { default: ref('Failed', 'responses') } },
    };
  }
  return {
    swagger: '2.0',
    info: { title: 'Messaging', version: '2010-04-01' },
    host: 'api.example.com',
    basePath: '/2010-04-01',
    schemes: ['https'],
    consumes: ['application/json'],
    produces: ['application/json'],
    paths,
    definitions,
    parameters: {
      page: { name: 'Page', in: 'query', type: 'integer', default: 0 },
      thread: { name: 'thread', in: 'body', required: true, schema: ref('Thread') },
    },
    responses: { Listed: { description: 'A page', schema: { type: 'array', items: ref('Thread') } }, Failed: { description: 'Failed' } },
    securityDefinitions: { basic: { type: 'basic' } },
  };
}
