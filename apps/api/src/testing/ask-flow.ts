/** Flows for tests of the server: one that calls a model, with a question in and its text out, and two without any call. */
import type { Flow } from '@switchyard/shared';

export function askFlow(model = 'asked'): Flow {
  return {
    format: 'switchyard.flow',
    version: 1,
    name: 'Ask',
    nodes: {
      ask: { kind: 'input', config: { fields: { question: { type: 'string' } } } },
      model: { kind: 'llm', config: { model, prompt: '{{question}}' } },
      reply: { kind: 'output', config: { fields: { answer: { type: 'string' } } } },
    },
    links: [
      { from: 'ask.question', to: 'model.question' },
      { from: 'model.text', to: 'reply.answer' },
    ],
    grants: [],
  };
}

/** A flow without any call: what goes in comes out. */
export function echoFlow(name = 'Echo'): Flow {
  return {
    format: 'switchyard.flow',
    version: 1,
    name,
    nodes: {
      ask: { kind: 'input', config: { fields: { text: { type: 'string' } } } },
      reply: { kind: 'output', config: { fields: { text: { type: 'string' } } } },
    },
    links: [{ from: 'ask.text', to: 'reply.text' }],
    grants: [],
  };
}

/** A flow without any call that tells much: for each of `items` a text. */
export function repeatFlow(): Flow {
  return {
    format: 'switchyard.flow',
    version: 1,
    name: 'Repeat',
    nodes: {
      ask: { kind: 'input', config: { fields: { items: { type: 'array' } } } },
      each: { kind: 'map', config: { flow: 'one' } },
      reply: { kind: 'output', config: { fields: { results: {} } } },
    },
    links: [
      { from: 'ask.items', to: 'each.items' },
      { from: 'each.results', to: 'reply.results' },
    ],
    grants: [],
    flows: {
      one: {
        nodes: {
          in: { kind: 'input', config: { fields: { item: {} } } },
          say: { kind: 'template', config: { template: 'item {{item}}' } },
          out: { kind: 'output', config: { fields: { said: {} } } },
        },
        links: [
          { from: 'in.item', to: 'say.item' },
          { from: 'say.text', to: 'out.said' },
        ],
        grants: [],
      },
    },
  };
}
