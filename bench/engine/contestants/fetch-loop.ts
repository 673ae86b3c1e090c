/** The yardstick: the loop on the global `fetch`, as one writes it without any framework. */
import { converse, StreamedTurn, turnOf, type Transport } from '../chat.ts';
import type { Prepare } from '../job.ts';

export const prepare: Prepare = async (job) => {
  const { origin } = new URL(job.shopUrl);
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${job.apiKey}` };
  const transport: Transport = {
    async ask(path, body) {
      const response = await fetch(origin + path, { method: 'POST', headers, body });
      if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
      if (!response.headers.get('content-type')?.startsWith('text/event-stream')) return turnOf(await response.text());
      const turn = new StreamedTurn();
      const decoder = new TextDecoder();
      for await (const bytes of response.body as ReadableStream<Uint8Array>) turn.read(decoder.decode(bytes, { stream: true }));
      return turn;
    },
    async get(path) {
      const response = await fetch(origin + path);
      if (!response.ok) throw new Error(`${path} answered ${response.status}`);
      return await response.json();
    },
  };
  return { run: (isStreamed) => converse(job, transport, isStreamed) };
};
