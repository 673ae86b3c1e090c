/**
 * A server of documents for tests, in memory: it speaks MongoDB's wire protocol and knows the few commands and operators that the tests use. It is no
 * MongoDB: what it shows is what the driver sends, and how the connector takes what comes back.
 */
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createEncryptedServer } from 'node:tls';
import { BSON } from 'mongodb';
import { matches, runPipeline, valuesAt } from './mongodb-query.ts';
import { serveSocket, type Command } from './mongodb-wire.ts';
import { ScramServer } from './scram-server.ts';

type Documents = BSON.Document[];

export class DocumentServer {
  readonly collections = new Map<string, Documents>();
  /** Every command but greetings, in the order in which they came. */
  readonly commands: Command[] = [];
  /** Commands of these names get no answer. */
  readonly ignored = new Set<string>();
  /** Commands of these names lose their connection. */
  readonly dropped = new Set<string>();
  /** Answers by command in place of its own. */
  readonly answers = new Map<string, BSON.Document>();
  port = 0;
  readonly #user: { name: string; password: string } | undefined;
  readonly #sockets = new Set<Socket>();
  readonly #cursors = new Map<number, { name: string; rest: Documents }>();
  readonly #server: Server;

  /** With a certificate in PEM it takes encrypted connections only. */
  constructor(user?: { name: string; password: string }, tls?: { cert: string; key: string }) {
    this.#user = user;
    const accept = (socket: Socket) => this.#accept(socket);
    this.#server = tls ? createEncryptedServer(tls, accept) : createServer(accept);
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.port = (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Sockets that are open now. */
  get sockets(): number {
    return this.#sockets.size;
  }

  get openCursors(): number {
    return this.#cursors.size;
  }

  named(name: string): Command[] {
    return this.commands.filter((command) => Object.keys(command)[0] === name);
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    const login = { scram: this.#user && new ScramServer(this.#user.name, this.#user.password), isIn: this.#user === undefined };
    serveSocket(socket, async (command) => {
      const name = Object.keys(command)[0] as string;
      if (/^(hello|ismaster)$/i.test(name)) return greeting(this.#user !== undefined);
      this.commands.push(command);
      if (this.ignored.has(name)) await new Promise(() => undefined);
      if (this.dropped.has(name)) socket.destroy();
      if (name.startsWith('sasl')) return authenticate(login, name, command);
      if (!login.isIn) return wrong(13, 'Unauthorized', `Command ${name} requires authentication`);
      return this.answers.get(name) ?? this.#perform(name, command);
    });
  }

  #perform(name: string, command: Command): BSON.Document {
    const documents = this.collections.get(String(command[name])) ?? [];
    switch (name) {
      case 'ping':
      case 'endSessions':
        return { ok: 1 };
      case 'listCollections':
        return cursorOf(
          '$cmd.listCollections',
          [...this.collections.keys()].map((each) => ({ name: each, type: 'collection' })),
        );
      case 'count':
        return { n: documents.filter((each) => matches(each, command.query ?? {})).length, ok: 1 };
      case 'distinct':
        return { values: [...new Set(documents.filter((each) => matches(each, command.query ?? {})).flatMap((each) => valuesAt(each, command.key)))], ok: 1 };
      case 'find':
        return this.#open(command.find, command, runPipeline(documents, stagesOf(command), this.collections));
      case 'aggregate':
        return this.#open(command.aggregate, command.cursor, runPipeline(documents, command.pipeline, this.collections));
      case 'getMore':
        return this.#more(Number(command.getMore), command.batchSize);
      case 'killCursors':
        for (const id of command.cursors) this.#cursors.delete(Number(id));
        return { cursorsKilled: command.cursors, ok: 1 };
      default:
        return this.#change(name, command, documents);
    }
  }

  #change(name: string, command: Command, documents: Documents): BSON.Document {
    if (name === 'insert') {
      this.collections.set(command.insert, [...documents, ...command.documents]);
      return { n: command.documents.length, ok: 1 };
    }
    if (name === 'update') {
      const [{ q, u, multi }] = command.updates;
      const found = documents.filter((each) => matches(each, q)).slice(0, multi ? undefined : 1);
      for (const each of found) Object.assign(each, u.$set);
      return { n: found.length, nModified: found.length, ok: 1 };
    }
    if (name === 'delete') {
      const [{ q, limit }] = command.deletes;
      const found = new Set(documents.filter((each) => matches(each, q)).slice(0, limit === 0 ? undefined : limit));
      this.collections.set(
        command.delete,
        documents.filter((each) => !found.has(each)),
      );
      return { n: found.size, ok: 1 };
    }
    return wrong(59, 'CommandNotFound', `no such command: '${name}'`);
  }

  #open(name: string, { batchSize = 101 }: BSON.Document, found: Documents): BSON.Document {
    const id = this.#cursors.size + 1;
    const rest = found.slice(batchSize);
    if (rest.length > 0) this.#cursors.set(id, { name, rest });
    return cursorOf(name, found.slice(0, batchSize), rest.length > 0 ? id : 0);
  }

  #more(id: number, batchSize = 101): BSON.Document {
    const cursor = this.#cursors.get(id);
    if (!cursor) return wrong(43, 'CursorNotFound', `cursor id ${id} not found`);
    const nextBatch = cursor.rest.splice(0, batchSize);
    if (cursor.rest.length === 0) this.#cursors.delete(id);
    return { cursor: { id: BSON.Long.fromNumber(cursor.rest.length > 0 ? id : 0), ns: `shop.${cursor.name}`, nextBatch }, ok: 1 };
  }
}

export async function startDocuments(user?: { name: string; password: string }, tls?: { cert: string; key: string }): Promise<DocumentServer> {
  const server = new DocumentServer(user, tls);
  await server.start();
  return server;
}

/** An error as the server tells it. */
export function wrong(code: number, codeName: string, errmsg: string): BSON.Document {
  return { ok: 0, errmsg, code, codeName };
}

function greeting(hasUsers: boolean): BSON.Document {
  return {
    ok: 1,
    helloOk: true,
    ismaster: true,
    isWritablePrimary: true,
    minWireVersion: 0,
    maxWireVersion: 21,
    maxBsonObjectSize: 16_777_216,
    maxMessageSizeBytes: 48_000_000,
    maxWriteBatchSize: 100_000,
    logicalSessionTimeoutMinutes: 30,
    ...(hasUsers && { saslSupportedMechs: ['SCRAM-SHA-256'] }),
  };
}

function authenticate(login: { scram: ScramServer | undefined; isIn: boolean }, name: string, { payload }: Command): BSON.Document {
  const text = Buffer.from((payload as BSON.Binary).buffer).toString('utf8');
  const answer = name === 'saslStart' ? login.scram?.begin(text) : login.scram?.end(text);
  if (answer === undefined) return wrong(18, 'AuthenticationFailed', 'Authentication failed.');
  login.isIn ||= name === 'saslContinue';
  return { conversationId: 1, done: login.isIn, payload: new BSON.Binary(Buffer.from(answer)), ok: 1 };
}

function cursorOf(name: string, firstBatch: Documents, id = 0): BSON.Document {
  return { cursor: { id: BSON.Long.fromNumber(id), ns: `shop.${name}`, firstBatch }, ok: 1 };
}

function stagesOf({ filter = {}, sort, skip, limit, projection }: BSON.Document): Documents {
  return [
    { $match: filter },
    ...(sort ? [{ $sort: sort }] : []),
    ...(skip ? [{ $skip: skip }] : []),
    ...(limit ? [{ $limit: limit }] : []),
    ...(projection ? [{ $project: projection }] : []),
  ];
}
