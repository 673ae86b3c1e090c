/**
 * An API in the shape of a payment service's: version 3.1, every body a form with its schema written out in place, nested fields in brackets,
 * anyOf with an empty text to unset a field, metadata of any name, files, and objects that stand for one another by id or whole.
 */
import type { JsonObject } from '@switchyard/shared';

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const unset = { enum: [''], type: 'string' };

/** Three operations each, and an upload. */
export function paymentsDescription({ resources, text = '' }: { resources: number /** After each description. */; text?: string }): JsonObject {
  const schemas: JsonObject = {
    customer: {
      type: 'object',
      properties: { id: { type: 'string' }, email: { type: ['string', 'null'] }, default_source: { anyOf: [{ type: 'string' }, ref('source')] } },
    },
    source: {
      type: 'object',
      properties: {
        id: { type: 'string' },
        customer: { anyOf: [{ type: 'string', maxLength: 5000 }, ref('customer')], 'x-expansionResources': { oneOf: [ref('customer')] } },
      },
    },
  };
  const paths: JsonObject = {
    '/v1/files': {
      post: {
        operationId: 'PostFiles',
        requestBody: {
          required: true,
          content: {
            'multipart/form-data': {
              schema: {
                type: 'object',
                properties: { file: { type: 'string', contentMediaType: 'application/octet-stream' }, purpose: { type: 'string' } },
                required: ['file', 'purpose'],
              },
            },
          },
        },
        responses: {},
      },
    },
  };
  for (let index = 0; index < resources; index += 1) Object.assign(paths, resourcePaths(index, text));
  return {
    openapi: '3.1.0',
    info: { title: 'Payments', version: '2026-01-01', 'x-preview': false },
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    servers: [{ url: 'https://api.example.com/' }],
    paths,
    webhooks: { paid: { post: { requestBody: { content: { 'application/json': { schema: ref('customer') } } } } } },
    components: { schemas, securitySchemes: { basic: { type: 'http', scheme: 'basic' } } },
    security: [{ basic: [] }],
  };
}

function formSchema(text: string): JsonObject {
  const address = Object.fromEntries(
    ['city', 'country', 'line1', 'line2', 'postal_code', 'state'].map((name) => [
      name,
      { type: 'string', maxLength: 5000, description: `The ${name}. ${text}` },
    ]),
  );
  const item = {
    type: 'object',
    title: 'item',
    properties: {
      price: { type: 'string', description: text },
      quantity: { type: 'integer' },
      tax_rates: { anyOf: [{ type: 'array', items: { type: 'string' } }, unset] },
    },
    required: ['price'],
  };
  return {
    type: 'object',
    properties: {
      amount: { type: 'integer', description: `In the smallest unit of the currency. ${text}` },
      currency: { type: 'string', description: text, minLength: 3, maxLength: 3 },
      customer: { ...ref('customer_id'), description: 'A sibling of a reference' },
      description: { anyOf: [{ type: 'string' }, unset] },
      expand: { type: 'array', items: { type: 'string', maxLength: 5000 } },
      items: { type: 'array', items: item },
      metadata: { type: 'object', additionalProperties: { type: 'string' }, description: text },
      shipping: { type: 'object', properties: { name: { type: 'string' }, address: { type: 'object', properties: address } }, required: ['name'] },
    },
    required: ['amount', 'currency'],
  };
}

function resourcePaths(index: number, text: string): JsonObject {
  const encoding = Object.fromEntries(['expand', 'items', 'metadata', 'shipping'].map((name) => [name, { style: 'deepObject', explode: true }]));
  const form = { required: true, content: { 'application/x-www-form-urlencoded': { encoding, schema: formSchema(text) } } };
  const answer = { 200: { description: 'Successful response.', content: { 'application/json': { schema: ref('customer') } } } };
  return {
    [`/v1/things${index}`]: {
      get: {
        operationId: `GetThings${index}`,
        description: `<p>Returns a list of things ${index}. ${text}</p>`,
        parameters: [
          {
            name: 'created',
            in: 'query',
            style: 'deepObject',
            explode: true,
            schema: { anyOf: [{ type: 'object', properties: { gt: { type: 'integer' }, lt: { type: 'integer' } } }, { type: 'integer' }] },
          },
          { name: 'expand', in: 'query', style: 'deepObject', explode: true, schema: { type: 'array', items: { type: 'string' } } },
        ],
        requestBody: { content: { 'application/x-www-form-urlencoded': { schema: { type: 'object', properties: {} } } }, required: false },
        responses: answer,
      },
      post: { operationId: `PostThings${index}`, description: `<p>Creates a thing ${index}.</p>`, requestBody: form, responses: answer },
    },
    [`/v1/things${index}/{id}`]: {
      delete: {
        operationId: `DeleteThings${index}Id`,
        parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
        responses: answer,
      },
    },
  };
}
