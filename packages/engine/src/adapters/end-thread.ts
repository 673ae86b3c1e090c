import type { Worker } from 'node:worker_threads';

const endAgainMs = 50;

/** Fulfils once it has ended, however busy it is. Node loses an end that meets a thread as it loads its modules, so it is told again until it is heard. */
export async function endThread(worker: Worker): Promise<void> {
  worker.setMaxListeners(0);
  const again = setInterval(() => void worker.terminate(), endAgainMs);
  try {
    await worker.terminate();
  } finally {
    clearInterval(again);
  }
}
