/** The same loop on the engine's own transport: `dispatch` of an undici agent with keep-alive, in the product's version of undici. */
import { Agent, type Dispatcher } from '../../../node_modules/undici/index.js';
import { converse, StreamedTurn, turnOf, type Transport } from '../chat.ts';
import type { Prepare } from '../job.ts';

export const prepare: Prepare = async (job) => {
  const { origin } = new URL(job.shopUrl);
  const agent = new Agent({ keepAliveTimeout: 10_000 });
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${job.apiKey}` };
  const transport: Transport = {
    ask(path, body) {
      const turn = new StreamedTurn();
      return send(agent, { origin, path, method: 'POST', headers, body }, (text) => turn.read(text)).then((whole) =>
        whole === undefined ? turn : turnOf(whole),
      );
    },
    get: (path) => send(agent, { origin, path, method: 'GET' }).then((whole) => JSON.parse(whole ?? '') as unknown),
  };
  return { run: (isStreamed) => converse(job, transport, isStreamed), close: () => agent.destroy() };
};

/** Gives the whole body as text; nothing where it was a stream of events, which went to `onEvents`. */
function send(agent: Agent, options: Dispatcher.DispatchOptions, onEvents?: (text: string) => void): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const decoder = new TextDecoder();
    let status = 0;
    let isStream = false;
    let body = '';
    agent.dispatch(options, {
      onRequestStart() {},
      onResponseStart(_, code, headers) {
        status = code;
        isStream = code === 200 && String(headers['content-type']).startsWith('text/event-stream');
      },
      onResponseData(_, bytes) {
        const text = decoder.decode(bytes, { stream: true });
        if (isStream) onEvents?.(text);
        else body += text;
      },
      onResponseEnd() {
        if (status === 200) resolve(isStream ? undefined : body);
        else reject(new Error(`${options.path} answered ${status}: ${body}`));
      },
      onResponseError: (_, error) => reject(error),
    });
  });
}
