/** Servers and workers as real processes on one database, for tests. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Model, RunEvent } from '@switchyard/shared';
import { emptyWorkspace } from '@switchyard/shared';
import { readEventStream } from './event-stream.ts';
import { spawnSwitchyard, type SwitchyardProcess } from './switchyard-process.ts';
import { temporaryFolder } from './test-server.ts';

const token = 'a-token-of-tests-that-is-long-enough-0123456789';
const headers = { authorization: `Bearer ${token}`, 'x-switchyard': '1', 'content-type': 'application/json' };

/** One server of the cluster. */
export interface ClusterServer {
  url: string;
  process: SwitchyardProcess;
  start(flow: object, inputs: object): Promise<string>;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every procedure.
  query(procedure: string, input: object): Promise<any>;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every procedure.
  mutate(procedure: string, input: object): Promise<any>;
  /** Events as they come, until `run-end`, or until `isLast` says so. */
  watch(run: string, isLast?: (event: RunEvent) => boolean): Promise<RunEvent[]>;
}

export interface Cluster {
  server(models: Record<string, Model>, args?: string[]): Promise<ClusterServer>;
  worker(models: Record<string, Model>, args: string[]): Promise<SwitchyardProcess>;
  close(): Promise<void>;
}

/** Each process has a data folder and a workspace file of its own. */
export function createCluster(databaseUrl: string): Cluster {
  const folder = temporaryFolder();
  const running: SwitchyardProcess[] = [];
  let count = 0;
  const spawn = (command: string, models: Record<string, Model>, args: string[]) => {
    count += 1;
    const home = join(folder.path, `home-${count}`);
    const workspace = join(folder.path, `workspace-${count}.json`);
    writeFileSync(workspace, JSON.stringify({ ...emptyWorkspace(), models }));
    const environment = {
      SWITCHYARD_TOKEN: token,
      SWITCHYARD_DATABASE_URL: databaseUrl,
      ...(process.env.SWITCHYARD_LOG_LEVEL && { SWITCHYARD_LOG_LEVEL: process.env.SWITCHYARD_LOG_LEVEL }),
    };
    const spawned = spawnSwitchyard([command, '--workspace', workspace, ...args], { home, environment });
    running.push(spawned);
    return spawned;
  };
  return {
    async server(models, args = []) {
      const spawned = spawn('start', models, ['--port', '0', '--no-open', '--engine', 'dbos', ...args]);
      const [, url = ''] = await spawned.printed(/^(http:\/\/\S+:\d+)\/#(\S+)\n/);
      return serverOf(url, spawned);
    },
    async worker(models, args) {
      const spawned = spawn('work', models, args);
      await spawned.printed(/^Serving /);
      return spawned;
    },
    async close() {
      for (const { child, ended } of running.splice(0)) {
        child.kill('SIGKILL');
        await ended;
      }
      folder.remove();
    },
  };
}

function serverOf(url: string, spawned: SwitchyardProcess): ClusterServer {
  const answerOf = async (response: Response) => {
    const answer = (await response.json()) as { result?: { data: unknown }; error?: { message: string } };
    if (!answer.result) throw new Error(answer.error?.message);
    return answer.result.data;
  };
  const input = (value: object) => encodeURIComponent(JSON.stringify(value));
  const server: ClusterServer = {
    url,
    process: spawned,
    query: async (procedure, value) => await answerOf(await fetch(`${url}/trpc/${procedure}?input=${input(value)}`, { headers })),
    mutate: async (procedure, value) => await answerOf(await fetch(`${url}/trpc/${procedure}`, { method: 'POST', headers, body: JSON.stringify(value) })),
    start: async (flow, inputs) => ((await server.mutate('runs.start', { flow, inputs })) as { run: string }).run,
    async watch(run, isLast = () => false) {
      const abort = new AbortController();
      const response = await fetch(`${url}/trpc/runs.watch?input=${input({ run })}`, {
        headers: { ...headers, accept: 'text/event-stream' },
        signal: abort.signal,
      });
      const events: RunEvent[] = [];
      for await (const { event: type, data } of readEventStream(response)) {
        if (type !== 'message') continue;
        const event = JSON.parse(data) as RunEvent;
        events.push(event);
        if (isLast(event)) break;
      }
      abort.abort();
      return events;
    },
  };
  return server;
}
