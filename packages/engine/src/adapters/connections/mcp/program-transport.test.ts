/** Programs that write without an end. */
import { afterEach, expect, test } from 'vitest';
import { ask, failureOf, HostBench } from '../../testing/host-bench.ts';

const bench = new HostBench();
afterEach(() => bench.close());

test.each([
  ['lines without an end', 'x'],
  ['empty lines', '\\n'],
  ['lines that are no messages', '{\\n'],
  ['messages that nobody asked for', '{"jsonrpc":"2.0","method":"notifications/message","params":{}}\\n'],
])('a program that writes %s is ended, and others have their turn', { timeout: 20_000 }, async (_, written) => {
  const write = `const some = Buffer.from('${written}'.repeat(5000)); const go = () => { while (process.stdout.write(some)); process.stdout.once('drain', go); }; go();`;
  bench.connections.notes = { type: 'mcp', command: [process.execPath, '-e', write] };
  let longest = 0;
  let last = performance.now();
  const turns = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 10);
  expect(await failureOf(ask(await bench.host(), 'catalogue', { connection: 'notes' }))).toMatchObject({ code: 'tool-failed' });
  clearInterval(turns);
  expect(longest).toBeLessThan(2000);
});
