/** What ships with Switchyard to try it out: flows that run as they are, and the databases and servers they need. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readFlow, readWorkspace, type ExampleParts, type Flow, type Workspace } from '@switchyard/shared';
import { describedOfficeServer, officeServer } from './office/office.ts';
import { carrierServer } from './order-desk/carrier.ts';
import { shopDatabase } from './order-desk/shop.ts';
import { roomsServer } from './rooms/rooms.ts';
import { suppliersServer } from './suppliers/suppliers.ts';

/** One example: absolute paths of its documents, and what a person reads before choosing it. */
export interface Example {
  id: string;
  title: string;
  description: string;
  flowFile: string;
  workspaceFile: string;
  /** A server that the example does not bring, where it needs one. */
  needs?: string;
}

/** The databases, folders and servers behind connections of type `example`. */
export const exampleParts: ExampleParts = Object.freeze({
  'order-desk/shop': shopDatabase,
  'order-desk/carrier': carrierServer,
  'handbook/texts': { type: 'files', prepare: async () => join(import.meta.dirname, 'handbook/texts') },
  'two-databases/figures': { type: 'duckdb', prepare: async () => join(import.meta.dirname, 'two-databases/figures') },
  'office/api': officeServer,
  'office/described': describedOfficeServer,
  'suppliers/api': suppliersServer,
  'rooms/tools': roomsServer,
});

function example(id: string, title: string, description: string): Example {
  const file = (name: string) => join(import.meta.dirname, id, name);
  return { id, title, description, flowFile: file('flow.json'), workspaceFile: file('workspace.json') };
}

/** Every example, the first being the one that a new installation opens with. */
export const examples: readonly Example[] = Object.freeze([
  example('order-desk', 'Order desk', 'A planner answers questions about orders from a shop database, a carrier and two small helpers.'),
  example('triage', 'Triage', 'A small model sorts messages by topic; each goes to the team that can answer it.'),
  example('report', 'Report', "A year's report from the shop database: one query, a little code, no model."),
  example('two-databases', 'Two databases', 'A planner over two databases: orders in SQLite, and a folder of CSV files read as tables.'),
  example('support-reply', 'Support reply', 'A small model tells topic and mood, a writer drafts the reply; a person looks at what is unsure or upset.'),
  example('invoice', 'Invoice', 'A small model reads an invoice, code checks its sums and dates; a person decides where they do not fit.'),
  example('nightly-report', 'Nightly report', 'Figures of a day become a text, which is filed over HTTP once a person has looked.'),
  example('price-change', 'Price change', 'A planner writes a small program that changes prices over an API; a person sees each change first.'),
  example('handbook', 'Handbook', 'A planner answers from the passages of a handbook, and cites them.'),
  example('inbox', 'Inbox', 'Sorts a whole inbox: a flow within the flow judges each message, four at once.'),
  example('pay-off', 'Pay off', 'How many months until a loan is paid: a loop over a flow that is one month. No model.'),
  example('glance', 'Shop at a glance', 'Three queries side by side, collected as they come. No model.'),
  example('folder', 'Folder', 'Lists a folder of texts, reads one, and counts its words. No model.'),
  example('stock', 'Stock', 'Asks an API by its OpenAPI description how many of an item there are. No model.'),
  example('items', 'Items', 'A planner chooses among the operations of an API that describes itself in OpenAPI.'),
  example('suppliers', 'Suppliers', 'A planner chooses among the queries of a GraphQL API: what a shop has, and who delivers it.'),
  example('rooms', 'Meeting rooms', 'A planner finds rooms by the tools of an MCP server; a person agrees before one is booked.'),
]);

/**
 * Examples that need a server of yours. They run from the command line, and are not offered in the designer: a new installation has the connections of
 * all that is offered, and whoever installed it has not said that a flow may reach what listens on their machine.
 */
export const examplesOnServers: readonly Example[] = Object.freeze([
  {
    ...example('kept-figures', 'Kept figures', 'A figure from a key-value store, or from the database and then kept. No model.'),
    needs: 'a Redis or Valkey at redis://127.0.0.1:6379',
  },
  {
    ...example('feedback', 'Feedback', 'A small model sorts a message by topic; it is filed as a document, and the earlier ones of its topic are given.'),
    needs: 'a MongoDB at mongodb://127.0.0.1:27017',
  },
]);

/** The example's flow; throws where its file is not a valid flow document. */
export function readExampleFlow(chosen: Example): Flow {
  return documentOf(readFlow(readFileSync(chosen.flowFile, 'utf8')), chosen.flowFile);
}

/** The workspace that the example's flow needs; throws where its file is not a valid workspace document. */
export function readExampleWorkspace(chosen: Example): Workspace {
  return documentOf(readWorkspace(readFileSync(chosen.workspaceFile, 'utf8')), chosen.workspaceFile);
}

function documentOf<T>(read: { document?: T; diagnostics: { path: string; message: string }[] }, file: string): T {
  if (read.document) return read.document;
  throw new Error(`${file} cannot be used: ${read.diagnostics.map(({ path, message }) => `${path} ${message}`).join(' ')}`);
}
