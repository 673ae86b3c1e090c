/** MongoDB's wire protocol as a server speaks it: OP_MSG, and OP_QUERY for a driver's first greeting. */
import type { Socket } from 'node:net';
import { BSON } from 'mongodb';

export type Command = BSON.Document & { $db?: string };

const opReply = 1;
const opQuery = 2004;
const opMessage = 2013;

/** Answers each command that comes in, one after another. */
export function serveSocket(socket: Socket, answer: (command: Command) => BSON.Document | Promise<BSON.Document>): void {
  let pending = Buffer.alloc(0);
  let last: Promise<void> = Promise.resolve();
  socket.on('error', () => undefined);
  socket.on('data', (bytes) => {
    pending = Buffer.concat([pending, bytes]);
    while (pending.length >= 4 && pending.length >= pending.readInt32LE(0)) {
      const message = pending.subarray(0, pending.readInt32LE(0));
      pending = pending.subarray(message.length);
      last = last.then(async () => {
        const opcode = message.readInt32LE(12);
        const reply = BSON.serialize(await answer(opcode === opQuery ? readQuery(message) : readMessage(message)));
        socket.write(frame(message.readInt32LE(4), opcode === opQuery ? opReply : opMessage, reply));
      });
    }
  });
}

function frame(to: number, opcode: number, document: Uint8Array): Buffer {
  // Of OP_REPLY: flags, cursor, start, and the number of documents. Of OP_MSG: flags, and the kind of its one section.
  const head = Buffer.alloc(opcode === opReply ? 36 : 21);
  head.writeInt32LE(head.length + document.length, 0);
  head.writeInt32LE(to, 8);
  head.writeInt32LE(opcode, 12);
  if (opcode === opReply) head.writeInt32LE(1, 32);
  return Buffer.concat([head, document]);
}

function readQuery(message: Buffer): Command {
  const name = message.indexOf(0, 20);
  return BSON.deserialize(message.subarray(name + 9));
}

/** Sections of kind 1 are lists that the command has by name. */
function readMessage(message: Buffer): Command {
  const command: Command = {};
  let at = 20;
  while (at < message.length) {
    const kind = message[at];
    const size = message.readInt32LE(at + 1);
    const section = message.subarray(at + 1, at + 1 + size);
    if (kind === 0) Object.assign(command, BSON.deserialize(section, { promoteLongs: true }));
    else {
      const end = section.indexOf(0, 4);
      const list: BSON.Document[] = [];
      for (let from = end + 1; from < section.length; from += section.readInt32LE(from))
        list.push(BSON.deserialize(section.subarray(from, from + section.readInt32LE(from))));
      command[section.toString('utf8', 4, end)] = list;
    }
    at += 1 + size;
  }
  return command;
}
