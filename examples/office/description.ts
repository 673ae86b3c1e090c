/** The description of the office's API that it serves at /openapi.json. */
import type { JsonObject } from '@switchyard/shared';

const item: JsonObject = {
  type: 'object',
  properties: { item: { type: 'string' }, name: { type: 'string' }, price: { type: 'number' }, stock: { type: 'integer' } },
};

function answered(schema: JsonObject): JsonObject {
  return { 200: { description: 'What was asked for', content: { 'application/json': { schema } } } };
}

export const description: JsonObject = {
  openapi: '3.1.0',
  info: { title: 'Office', version: '1' },
  paths: {
    '/items': {
      get: {
        operationId: 'find_items',
        summary: 'The items whose name has these words',
        parameters: [{ name: 'name', in: 'query', schema: { type: 'string' }, description: 'Words of the name, such as lamp' }],
        responses: answered({ type: 'object', properties: { items: { type: 'array', items: item } } }),
      },
    },
    '/items/{item}': {
      parameters: [{ name: 'item', in: 'path', required: true, schema: { type: 'string' }, description: 'Number of the item, such as I-101' }],
      get: { operationId: 'get_item', summary: 'One item by its number', responses: answered(item) },
      patch: {
        operationId: 'set_price',
        summary: 'Sets the price of an item',
        requestBody: {
          required: true,
          content: { 'application/json': { schema: { type: 'object', properties: { price: { type: 'number' } }, required: ['price'] } } },
        },
        responses: answered(item),
      },
    },
  },
};
