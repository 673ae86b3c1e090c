import { expect, test } from 'vitest';
import { startScriptedModel } from './scripted-model-server.ts';

const post = (baseUrl: string, body: object, key?: string) =>
  fetch(`${baseUrl}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(key && { authorization: `Bearer ${key}` }) },
    body: JSON.stringify({ model: 'scripted', messages: [{ role: 'user', content: 'Hi' }], ...body }),
  });

test('answers turns in order, whole and streamed, and says when the script is used up', async () => {
  await using server = await startScriptedModel(['One.', { text: 'Two words.' }]);
  const whole = (await (await post(server.baseUrl, {})).json()) as { choices: { message: { content: string } }[] };
  expect(whole.choices[0]?.message.content).toBe('One.');
  const streamed = await (await post(server.baseUrl, { stream: true, stream_options: { include_usage: true } })).text();
  expect(streamed).toContain('"content":"Two "');
  expect(streamed).toContain('"prompt_tokens"');
  expect(streamed.endsWith('data: [DONE]\n\n')).toBe(true);
  const over = await post(server.baseUrl, {});
  expect(over.status).toBe(400);
  expect(await over.text()).toContain('no turn for request 3');
  expect(server.requests.map((request) => request.index)).toEqual([0, 1, 2]);
});

test('spreads the arguments of parallel tool calls over alternating chunks', async () => {
  await using server = await startScriptedModel([
    {
      toolCalls: [
        { name: 'a', arguments: { x: 1 } },
        { name: 'b', arguments: { y: 'two' } },
      ],
    },
  ]);
  const text = await (await post(server.baseUrl, { stream: true })).text();
  const deltas = [...text.matchAll(/data: (\{.*\})/g)].flatMap((match) => {
    const chunk = JSON.parse(match[1] as string) as { choices: { delta: { tool_calls?: { index: number; function: { arguments: string } }[] } }[] };
    return chunk.choices[0]?.delta.tool_calls ?? [];
  });
  expect(deltas.map((delta) => delta.index)).toEqual([0, 1, 0, 1, 0, 1, 0, 1]);
  expect(
    deltas
      .filter((delta) => delta.index === 1)
      .map((delta) => delta.function.arguments)
      .join(''),
  ).toBe('{"y":"two"}');
});

test('a function answers by request; keys are checked; models are listed; a client that leaves is recorded', async () => {
  await using server = await startScriptedModel((request, index) => (index === 0 ? { fault: 'endless' } : `${request.messages.length}`), {
    apiKey: 'right',
    models: ['m1', 'm2'],
  });
  expect((await post(server.baseUrl, {}, 'wrong')).status).toBe(401);
  expect(server.requests).toHaveLength(0);
  const listed = (await (await fetch(`${server.baseUrl}/models`, { headers: { authorization: 'Bearer right' } })).json()) as { data: { id: string }[] };
  expect(listed.data.map((model) => model.id)).toEqual(['m1', 'm2']);
  const endless = await post(server.baseUrl, { stream: true }, 'right');
  await endless.body?.cancel();
  expect(await server.requests[0]?.ended).toBe('left');
  expect(await (await post(server.baseUrl, {}, 'right')).text()).toContain('"content":"1"');
});
