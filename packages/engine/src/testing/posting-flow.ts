/** A flow with one write that may not be repeated, for tests of what becomes of it where it is broken off. */
import { emptyFlow, type Flow } from '@switchyard/shared';

/** start -> post -> end */
export const postingFlow: Flow = {
  ...emptyFlow('Posting'),
  nodes: {
    start: { kind: 'input', config: { fields: { q: { type: 'string' } } } },
    post: { kind: 'http', config: { connection: 'api', operations: [{ name: 'post', method: 'POST', path: '/orders', body: { q: '{{q}}' } }] } },
    end: { kind: 'output', config: { fields: { body: {} } } },
  },
  links: [
    { from: 'start.q', to: 'post.q' },
    { from: 'post.body', to: 'end.body' },
  ],
};
