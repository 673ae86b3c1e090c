/** The smallest flow that calls a model: a question in, the model's text out. */
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
