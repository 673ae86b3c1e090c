/** Flows of any size, for benches and for tests of what must stay linear. */
import { emptyFlow, type Flow } from '@switchyard/shared';

/** A valid flow of `size` nodes: templates in short chains, all fed by one input, joined at one output by the last of them. */
export function largeFlow(size: number): Flow {
  const flow = emptyFlow(`${size} nodes`);
  flow.nodes.ask = { kind: 'input', config: { fields: { question: { type: 'string' } } } };
  let last = 'ask.question';
  for (let index = 0; index < size - 2; index += 1) {
    const id = `step${index}`;
    flow.nodes[id] = { kind: 'template', config: { template: `{{ text }} and ${index} of {{ question }}` } };
    flow.links.push({ from: index % 10 === 0 ? 'ask.question' : last, to: `${id}.text` }, { from: 'ask.question', to: `${id}.question` });
    last = `${id}.text`;
  }
  flow.nodes.reply = { kind: 'output', config: { fields: { answer: { type: 'string' } } } };
  flow.links.push({ from: last, to: 'reply.answer' });
  return flow;
}
