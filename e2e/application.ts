/** Starts the real application, on a free port unless one is named, with a data folder of its own, and calls it as a program does. */
import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Application {
  /** The login address, with its code. */
  url: string;
  origin: string;
  process: ChildProcess;
  query(procedure: string, input?: unknown): Promise<unknown>;
  mutate(procedure: string, input: unknown): Promise<unknown>;
  stop(): Promise<void>;
}

export async function startApplication(dataFolder: string, port = 0): Promise<Application> {
  const program = join(import.meta.dirname, '../apps/api/bin/switchyard.mjs');
  const child = spawn(process.execPath, [program, 'start', '--no-open', '--port', String(port), '--data', dataFolder], { stdio: ['ignore', 'pipe', 'ignore'] });
  const url = await new Promise<string>((resolve, reject) => {
    let output = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const found = /http:\/\/\S+#\S+/.exec(output);
      if (found) resolve(found[0]);
    });
    child.on('exit', (code) => reject(new Error(`The server ended with ${code}`)));
  });
  const { origin } = new URL(url);
  const headers = {
    authorization: `Bearer ${readFileSync(join(dataFolder, 'token'), 'utf8').trim()}`,
    'content-type': 'application/json',
    'x-switchyard': '1',
  };
  const read = async (response: Response) => {
    const answer = (await response.json()) as { result?: { data: unknown }; error?: unknown };
    if (!answer.result) throw new Error(JSON.stringify(answer.error));
    return answer.result.data;
  };
  return {
    url,
    origin,
    process: child,
    query: async (procedure, input) =>
      read(await fetch(`${origin}/trpc/${procedure}${input === undefined ? '' : `?input=${encodeURIComponent(JSON.stringify(input))}`}`, { headers })),
    mutate: async (procedure, input) => read(await fetch(`${origin}/trpc/${procedure}`, { method: 'POST', headers, body: JSON.stringify(input) })),
    stop: () =>
      new Promise((resolve) => {
        if (child.exitCode !== null || child.signalCode !== null) return resolve();
        child.on('exit', () => resolve());
        child.kill('SIGTERM');
      }),
  };
}
