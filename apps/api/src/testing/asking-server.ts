/** A server of runs that ask a person, as a real process that can be killed. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

const program = join(import.meta.dirname, 'asking-server-child.ts');

export interface AskingServer {
  /** What the procedure gives; rejects with its error's message. */
  call<Result>(procedure: string, body: { query: object } | { change: object }): Promise<Result>;
  /** SIGKILL; resolves once it is gone. */
  kill(): Promise<void>;
}

/** Resolves once it answers. `databaseUrl`: its runs are shared with all servers there. */
export async function startAskingServer(data: string, databaseUrl?: string): Promise<AskingServer> {
  const child = spawn(process.execPath, [program, data, ...(databaseUrl === undefined ? [] : [databaseUrl])], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  const url = await addressOf(child);
  return {
    async call<Result>(procedure: string, body: { query: object } | { change: object }) {
      const token = readFileSync(join(data, 'token'), 'utf8').trim();
      const headers = { authorization: `Bearer ${token}`, 'x-switchyard': '1', 'content-type': 'application/json' };
      const response =
        'query' in body
          ? await fetch(`${url}/trpc/${procedure}?input=${encodeURIComponent(JSON.stringify(body.query))}`, { headers })
          : await fetch(`${url}/trpc/${procedure}`, { method: 'POST', headers, body: JSON.stringify(body.change) });
      const answer = (await response.json()) as { result?: { data: Result }; error?: { message: string } };
      if (!answer.result) throw new Error(answer.error?.message);
      return answer.result.data;
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

async function addressOf(child: ChildProcessByStdio<null, Readable, null>): Promise<string> {
  let out = '';
  child.stdout.setEncoding('utf8');
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  child.stdout.on('data', (text: string) => {
    out += text;
    const address = /^(http:\/\/\S+)\/#\S+\n/.exec(out)?.[1];
    if (address !== undefined) resolve(address);
  });
  child.once('close', () => reject(new Error(`The server ended before it answered: ${out}`)));
  return await promise;
}
