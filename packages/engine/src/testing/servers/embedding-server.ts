/** An embedding model over real HTTP and the protocol of OpenAI's `/embeddings`, on a free loopback port: deterministic, from the stems and letters of words, so that it finds spellings and not meanings. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Model } from '@switchyard/shared';

export interface EmbeddingServer {
  model: Model;
  /** Texts that it was given, by request. */
  readonly requests: string[][];
  /** Status of its answers; 200 at first. */
  status: number;
  /** Words that it takes for another: it knows of no other meaning. */
  readonly meanings: Map<string, string>;
  stop(): Promise<void>;
}

const dimensions = 256;

export async function startEmbeddingServer(): Promise<EmbeddingServer> {
  const requests: string[][] = [];
  const served = { status: 200 };
  const meanings = new Map<string, string>();
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const { input, model } = JSON.parse(body) as { input: string[]; model: string };
      requests.push(input);
      const data = input.map((one, index) => ({ object: 'embedding', index, embedding: vectorOf(one, meanings) })).reverse();
      response.writeHead(served.status, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify(served.status === 200 ? { object: 'list', model, data, usage: { prompt_tokens: 1, total_tokens: 1 } } : { error: { message: 'no' } }),
      );
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    model: { provider: 'openai-compatible', baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, model: 'letters' },
    requests,
    meanings,
    get status() {
      return served.status;
    },
    set status(status) {
      served.status = status;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Groups of three letters of each word, hashed into places; long words weigh no more than short ones. */
function vectorOf(said: string, meanings: ReadonlyMap<string, string>): number[] {
  const vector = new Array<number>(dimensions).fill(0);
  for (const word of said.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) ?? []) {
    const padded = `^${meanings.get(word) ?? word}$`;
    for (let at = 0; at + 3 <= padded.length; at += 1) {
      const place = hash(padded.slice(at, at + 3)) % dimensions;
      vector[place] = (vector[place] ?? 0) + 1 / Math.sqrt(padded.length);
    }
  }
  const length = Math.hypot(...vector) || 1;
  return vector.map((value) => Number((value / length).toFixed(6)));
}

function hash(said: string): number {
  let value = 0x811c9dc5;
  for (const character of said) value = Math.imul(value ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return value >>> 0;
}
