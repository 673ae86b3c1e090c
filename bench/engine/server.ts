/**
 * The other side of the job, in a process of its own: OpenAI chat completions and a shop, plain HTTP with keep-alive on a free loopback port.
 * On bare sockets with replies made beforehand, so that it costs a small part of what it measures. Prints its origin; ends with its parent.
 */
import { createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { items } from './job.ts';
import { marksOfResults, stockOf, streamedReply, wholeReply } from './replies.ts';

const json = (body: object, status = '200 OK') => reply(status, 'application/json', JSON.stringify(body));
const ready = {
  whole: { calls: json(wholeReply('calls')), answer: json(wholeReply('answer')) },
  streamed: { calls: events(streamedReply('calls')), answer: events(streamedReply('answer')) },
};
const stock = new Map(items.map((item) => [`/shop/stock/${item}`, json(stockOf(item))]));
const notFound = json({ error: { message: 'Nothing is there' } }, '404 Not Found');
const incomplete = json({ error: { message: 'Not all results of the tool calls came back' } }, '400 Bad Request');
const marks = marksOfResults.map((mark) => Buffer.from(mark));
const toolRole = Buffer.from('"role":"tool"');
const streamFlag = Buffer.from('"stream":true');

function reply(status: string, type: string, body: string): Buffer {
  return Buffer.from(`HTTP/1.1 ${status}\r\ncontent-type: ${type}\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: keep-alive\r\n\r\n${body}`);
}

/** A stream has no length that its head could tell; zero latency lets all of its events go out in one write. */
function events(text: string): Buffer {
  const chunks = text.match(/data: .*\n\n/g) ?? [];
  const body = chunks.map((chunk) => `${Buffer.byteLength(chunk).toString(16)}\r\n${chunk}\r\n`).join('');
  return Buffer.from(
    `HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\ncache-control: no-cache\r\nconnection: keep-alive\r\ntransfer-encoding: chunked\r\n\r\n${body}0\r\n\r\n`,
  );
}

function answerTo(method: string, path: string, body: Buffer): Buffer {
  if (method === 'GET') return stock.get(path) ?? notFound;
  const isWhole = path === '/whole/v1/chat/completions';
  if (!isWhole && path !== '/v1/chat/completions') return notFound;
  const replies = !isWhole && body.includes(streamFlag) ? ready.streamed : ready.whole;
  if (!body.includes(toolRole)) return replies.calls;
  return marks.every((mark) => body.includes(mark)) ? replies.answer : incomplete;
}

/** Requests of one connection, one after the other. */
function serve(socket: Socket): void {
  let kept: Buffer = Buffer.alloc(0);
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.on('data', (bytes) => {
    kept = kept.length === 0 ? bytes : Buffer.concat([kept, bytes]);
    for (;;) {
      const end = kept.indexOf('\r\n\r\n');
      if (end < 0) return;
      const head = kept.toString('latin1', 0, end);
      const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
      const next = end + 4 + length;
      if (kept.length < next) return;
      if (/\r\ntransfer-encoding:/i.test(head)) throw new Error('The server of the job reads no chunked requests');
      const [method, path] = head.split(' ', 2) as [string, string];
      socket.write(answerTo(method, path, kept.subarray(end + 4, next)));
      kept = kept.subarray(next);
    }
  });
}

const server = createServer(serve);
server.listen(0, '127.0.0.1', () => process.send?.({ origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }));
process.on('disconnect', () => process.exit());
