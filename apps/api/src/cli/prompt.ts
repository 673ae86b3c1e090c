/** One line from the person at the terminal. Questions go to stderr: stdout is the command's own. */
import { createInterface } from 'node:readline/promises';

/** Rejects when `signal` aborts, or at the end of the input. */
export async function promptAtTerminal(text: string, signal: AbortSignal): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const closed = Promise.withResolvers<never>();
  // While a line is read, Ctrl+C comes here instead of as a signal.
  lines.on('SIGINT', () => void process.emit('SIGINT'));
  lines.on('close', () => closed.reject(new Error('The terminal was closed.')));
  try {
    return await Promise.race([lines.question(text, { signal }), closed.promise]);
  } finally {
    closed.promise.catch(() => undefined);
    lines.close();
  }
}
