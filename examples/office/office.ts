/** The server `office/api`: a real HTTP API on a free loopback port, with a shop's items, whose prices can be changed, and reports that can be filed. Starts anew, with the same items, with each process. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isJsonObject, type ExampleServer, type Json, type JsonObject } from '@switchyard/shared';
import { listen } from '../listen.ts';
import { description } from './description.ts';

interface Item {
  item: string;
  name: string;
  price: number;
  stock: number;
}

interface Report {
  id: string;
  title: string;
  text: string;
}

const mostBytes = 100_000;
const mostReports = 1000;

function makeItems(): Item[] {
  return [
    { item: 'I-101', name: 'Brass lamp', price: 54.9, stock: 31 },
    { item: 'I-102', name: 'Oak desk', price: 329, stock: 7 },
    { item: 'I-103', name: 'Wool blanket', price: 79.5, stock: 112 },
    { item: 'I-104', name: 'Linen curtain', price: 48, stock: 64 },
    { item: 'I-105', name: 'Paper lantern', price: 12.5, stock: 240 },
  ];
}

interface Answer {
  status: number;
  body: Json;
}

class Office {
  readonly #items = makeItems();
  readonly #reports: Report[] = [];

  answer(method: string, path: string, body: JsonObject | undefined): Answer {
    const [, collection, id, ...rest] = path.split('?')[0]?.split('/').map(decoded) ?? [];
    if (rest.length === 0 && collection === 'openapi.json' && id === undefined) return { status: 200, body: description };
    if (rest.length === 0 && collection === 'items') return id === undefined ? this.#find(method, path) : this.#item(id, method, body);
    if (rest.length === 0 && collection === 'reports' && id === undefined) return this.#file(method, body);
    return refused(404, 'path-unknown', 'This API has the paths /items, /items/{item} and /reports.');
  }

  #find(method: string, path: string): Answer {
    if (method !== 'GET') return refused(405, 'method-refused', 'Items can only be looked for here: use GET.');
    const name = new URLSearchParams(path.split('?')[1] ?? '').get('name')?.toLowerCase() ?? '';
    return { status: 200, body: { items: this.#items.filter((item) => item.name.toLowerCase().includes(name)).map((item) => ({ ...item })) } };
  }

  #item(id: string, method: string, body: JsonObject | undefined): Answer {
    const item = this.#items.find((each) => each.item === id);
    if (!item) return refused(404, 'item-unknown', `No item has the number "${id}". Numbers look like I-101.`);
    if (method === 'GET') return { status: 200, body: { ...item } };
    if (method !== 'PATCH') return refused(405, 'method-refused', 'An item can be read with GET and changed with PATCH.');
    const price = body?.price;
    if (typeof price !== 'number' || !(price > 0 && price < 100_000)) return refused(422, 'price-invalid', 'Give "price": a number above 0 and below 100000.');
    item.price = Math.round(price * 100) / 100;
    return { status: 200, body: { ...item } };
  }

  #file(method: string, body: JsonObject | undefined): Answer {
    if (method === 'GET') return { status: 200, body: { reports: this.#reports.map((report) => ({ ...report })) } };
    const { title, text } = body ?? {};
    if (method !== 'POST') return refused(405, 'method-refused', 'Reports can be listed with GET and filed with POST.');
    if (typeof title !== 'string' || typeof text !== 'string') return refused(422, 'report-invalid', 'Give "title" and "text".');
    if (this.#reports.length >= mostReports) return refused(507, 'reports-full', `No more than ${mostReports} reports are kept.`);
    const report = { id: `R-${this.#reports.length + 1}`, title, text };
    this.#reports.push(report);
    return { status: 201, body: { ...report } };
  }
}

function refused(status: number, code: string, message: string): Answer {
  return { status, body: { error: { code, message } } };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The body as a JSON object; undefined where it is none, or too large. */
async function bodyOf(request: IncomingMessage): Promise<JsonObject | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > mostBytes) return undefined;
    chunks.push(chunk);
  }
  try {
    const value: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

async function serve(office: Office, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { status, body } = office.answer(request.method ?? 'GET', request.url ?? '/', await bodyOf(request));
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
}

async function listenAsOffice() {
  const office = new Office();
  return await listen((request, response) => {
    serve(office, request, response).catch(() => response.destroy());
  });
}

/** `GET /items?name=`, `GET` and `PATCH /items/{item}`, `GET` and `POST /reports`. */
export const officeServer: ExampleServer = {
  type: 'http',
  async start() {
    const server = await listenAsOffice();
    return { ...server, connection: { type: 'http', baseUrl: server.baseUrl } };
  },
};

/** The same API, known by its description instead of by what a flow says of it. */
export const describedOfficeServer: ExampleServer = {
  type: 'openapi',
  async start() {
    const server = await listenAsOffice();
    return { ...server, connection: { type: 'openapi', baseUrl: server.baseUrl, url: `${server.baseUrl}/openapi.json` } };
  },
};
