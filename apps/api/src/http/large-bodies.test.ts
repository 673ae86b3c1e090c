/** Many large bodies at once: a few are read, the others wait, and nothing small waits with them. */
import { connect, type Socket } from 'node:net';
import { emptyFlow } from '@switchyard/shared';
import { afterEach, expect, test } from 'vitest';
import { startTestServer, testToken, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await server.close();
});

/** Announces 3 MB, and sends a little of it. */
async function sendSlowly(): Promise<Socket> {
  const { port, host } = new URL(server.url);
  const socket = connect(Number(port), '127.0.0.1');
  sockets.push(socket);
  socket.on('error', () => {});
  const head = [
    'POST /trpc/runs.start HTTP/1.1',
    `Host: ${host}`,
    `Authorization: Bearer ${testToken}`,
    'x-switchyard: 1',
    'Content-Type: application/json',
    'Content-Length: 3000000',
  ];
  await new Promise<void>((resolve) => socket.write(`${head.join('\r\n')}\r\n\r\n{"flow":`, () => resolve()));
  return socket;
}

test('eight large bodies are read at a time, and the next one when one of them is done with', async () => {
  server = await startTestServer();
  const slow = await Promise.all(Array.from({ length: 8 }, sendSlowly));
  // Those that wait and go away are forgotten.
  const gone = await sendSlowly();
  // What was sent has arrived by the time that a later request is answered twice over.
  for (let time = 0; time < 5; time += 1) expect((await server.query('runs.list')).status).toBe(200);
  let isAnswered = false;
  const large = server.mutate('runs.start', { flow: emptyFlow('Large'), inputs: { text: 'x'.repeat(2_000_000) } }).then((answer) => {
    isAnswered = true;
    return answer;
  });
  for (let time = 0; time < 20; time += 1) expect((await server.mutate('runs.start', { flow: emptyFlow('Small'), inputs: {} })).status).toBe(200);
  expect(isAnswered).toBe(false);
  gone.destroy();
  slow[0]?.destroy();
  expect((await large).error?.message).toContain('no input "text"');
});
