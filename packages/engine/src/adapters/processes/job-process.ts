/** One job in a process of its own: whatever a stranger's bytes make of it, killing it ends it, and it takes nothing else with it. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { memorySignal } from './guard-process.ts';
import { processEnvironment } from './process-environment.ts';

/** What runs in the process: a module that calls `serveJob`. */
export interface JobProgram {
  module: URL;
  heapMegabytes: number;
}

/** The job's reply, why there is none, or that the signal ended it first. */
export type JobOutcome<Reply> = { reply: Reply } | { lost: string } | 'ended';

/** Gives its outcome once the process has ended. */
export async function inProcess<Reply>({ module, heapMegabytes }: JobProgram, bytes: Uint8Array, signal: AbortSignal): Promise<JobOutcome<Reply>> {
  if (signal.aborted) return 'ended';
  const child = fork(fileURLToPath(module), [], {
    env: processEnvironment(),
    execArgv: [`--max-old-space-size=${heapMegabytes}`],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    serialization: 'advanced',
  });
  const kill = () => void child.kill('SIGKILL');
  signal.addEventListener('abort', kill, { once: true });
  try {
    return await new Promise((resolve) => {
      let reply: { reply: Reply } | undefined;
      child.once('message', (message) => {
        reply = { reply: message as Reply };
      });
      child.once('error', (error) => resolve({ lost: error.message }));
      // Not its exit, which may be told before the last of what it said has been read.
      child.once('close', (code: number | null, killed: NodeJS.Signals | null) =>
        resolve(reply ?? (signal.aborted ? 'ended' : { lost: lossOf(killed, code) })),
      );
      // A channel that has just closed is told by the process's end.
      child.send(bytes, () => {});
    });
  } finally {
    signal.removeEventListener('abort', kill);
  }
}

/** A heap that is full ends its process by SIGABRT. */
function lossOf(killed: NodeJS.Signals | null, code: number | null): string {
  return killed === memorySignal || killed === 'SIGABRT' ? 'it takes too much memory' : `its reader ended early (${killed ?? `code ${code ?? 0}`})`;
}
