/** How long a person waits: from the command to the login address, and to the first answer of the demo; and what the server holds at rest. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startApplication } from '../e2e/application.ts';
import { tell } from './figures.ts';

const folder = mkdtempSync(join(tmpdir(), 'switchyard-bench-'));

/** Resident memory of a process in MB, once it has come to rest. */
async function residentMb(pid: number | undefined): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, 2000));
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
}

for (const which of ['first', 'second']) {
  let begin = performance.now();
  const server = await startApplication(folder);
  tell(`${which} start: the address is printed`, performance.now() - begin, 'ms', which === 'second' ? 'under 2000' : '');
  const answering = performance.now();
  tell(`${which} start: memory at rest`, await residentMb(server.process.pid), 'MB', 'under 150');
  begin += performance.now() - answering;
  const flows = (await server.query('flows.list')) as { id: string }[];
  const { flow } = (await server.query('flows.get', { id: flows[0]?.id })) as {
    flow: { nodes: { ask: { config: { fields: { question: { examples: string[] } } } } } };
  };
  const { run } = (await server.mutate('runs.start', { flow, inputs: { question: flow.nodes.ask.config.fields.question.examples[0] } })) as { run: string };
  for (let isDone = false; !isDone; ) {
    const state = (await server.query('runs.get', { run })) as { status: string };
    isDone = state.status !== 'running';
    if (!isDone) await new Promise((resolve) => setTimeout(resolve, 10));
    else if (state.status !== 'done') throw new Error(JSON.stringify(state));
  }
  tell(`${which} start: the demo has answered`, performance.now() - begin, 'ms', 'under 10000');
  tell(`${which} start: memory after that`, await residentMb(server.process.pid), 'MB');
  const stop = performance.now();
  await server.stop();
  tell(`${which} start: stopped after`, performance.now() - stop, 'ms');
}
rmSync(folder, { recursive: true });
