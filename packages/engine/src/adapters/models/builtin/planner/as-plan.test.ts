import type { Message, ModelRequest } from '@switchyard/shared';
import { describe, expect, it } from 'vitest';
import { ask } from './testing/drive.ts';

const track = '/** Where a parcel is */\ndeclare function carrier_track(args: { parcel: string }): any;';
const system: Message = {
  role: 'system',
  text: `Plan.\n\`\`\`ts\n${track}\n\`\`\`\nCatalogue:\n\`\`\`json\n${JSON.stringify({
    nodes: { carrier: { title: 'Carrier', kind: 'http', operations: ['carrier_track'] } },
  })}\n\`\`\``,
};
const user: Message = { role: 'user', text: 'Where is parcel P-20481?' };
const makePlan = { name: 'make-plan', description: 'Gives a plan', parameters: { type: 'object' } };
const request = (messages: Message[], tools = [makePlan]): ModelRequest => ({ model: 'planner', messages: [system, user, ...messages], tools });

describe('the built-in planner where whole plans are asked for', () => {
  it('gives its calls as the steps of a plan, and answers from what the steps gave', async () => {
    const { toolCalls } = await ask(request([]));
    expect(toolCalls).toMatchObject([{ name: 'make-plan' }]);
    expect(JSON.parse(toolCalls[0]?.arguments ?? '')).toEqual({ steps: [{ id: 's1', operation: 'carrier_track', arguments: { parcel: 'P-20481' } }] });
    const told = 'Step s1: done\n<data source="carrier.track">\n{"status":200,"body":{"parcel":"P-20481","place":"Bremen"}}\n</data>\n\nEvery step is done.';
    const after: Message[] = [
      { role: 'assistant', text: '', toolCalls },
      { role: 'tool', toolCallId: toolCalls[0]?.id ?? '', name: 'make-plan', text: told },
    ];
    const answer = await ask(request(after));
    expect(answer.toolCalls).toEqual([]);
    expect(answer.text).toContain('Bremen');
    expect((await ask(request(after, []))).text).toContain('Bremen');
  });
});
