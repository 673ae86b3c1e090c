/**
 * What the calls of a run ask and give, by call kind, as JSON: rooms write these requests, performers answer them, the trace shows them.
 * Connections and models are named, never located: no URL's host and no secret is ever in a request.
 */
import { isJsonObject, type Json, type JsonObject, type Schema } from './json.ts';

export type Message =
  | { role: 'system' | 'user'; text: string }
  | { role: 'assistant'; text: string; toolCalls?: ToolCall[] }
  | { role: 'tool'; toolCallId: string; name: string; text: string };

/**
 * `arguments` is the JSON text exactly as the model wrote it; it may be malformed.
 * `vendor` is what some vendors want back with the call in the next turn (a signature of their reasoning): passed on untouched.
 */
export type ToolCall = { id: string; name: string; arguments: string; vendor?: JsonObject };

export type Tool = { name: string; description: string; parameters: Schema };

/** Call kind `model`. `model` is the workspace's name for it. */
export type ModelRequest = {
  model: string;
  messages: Message[];
  tools?: Tool[];
  /** The answer must be JSON of this schema. */
  output?: Schema;
  /** Asks for the result's `confidence`, where the model can tell it. */
  confidence?: true;
  temperature?: number;
  /** Most tokens of the answer. */
  maxTokens?: number;
};

/**
 * Call kind `model`, result. `text` is what was streamed. `served` is the model name that the endpoint reported.
 * `reasoning` is what the model wrote before its answer, where it tells that apart. `confidence` is how sure it was of its answer, 0 to 1, where that was asked for and is known.
 */
export type ModelResult = {
  text: string;
  toolCalls: ToolCall[];
  finish: 'stop' | 'tool-calls' | 'length' | 'other';
  served: string;
  reasoning?: string;
  confidence?: number;
};

/** Call kind `catalogue`: what a connection holds. Databases give a Catalogue, others JSON of their own. */
export type CatalogueRequest = { connection: string } & CatalogueScope;

/** What of it is told: these tables of a database, keys of a store that begin so, only some operations of an API. Absent: all. */
export type CatalogueScope = { tables?: string[]; prefix?: string; only?: CatalogueChoice };

/** Which operations of an API are asked for; a field left out leaves the choice open. */
export type CatalogueChoice = { names?: string[]; tags?: string[]; effect?: 'read' };

/** Dialects of SQL that the connectors speak. */
export const sqlDialects = ['sqlite', 'postgres', 'mysql', 'mariadb', 'duckdb'] as const;
export type SqlDialect = (typeof sqlDialects)[number];

export type CatalogueColumn = {
  name: string;
  /** The database's own type name. */
  type: string;
  nullable: boolean;
  primaryKey?: boolean;
  /** `table.column` that this column points to. */
  references?: string;
  /** Distinct values, up to 12, of a text column that holds few (at most 50), as a help to whoever writes SQL. All there are, unless `moreValues` is set. */
  values?: Json[];
  /** There are further values, or may be: not every row was looked at. */
  moreValues?: true;
  /** A few values of a column that has no `values`: how they are written, never all there are. */
  samples?: Json[];
};

/** `name` as a query writes it: with its schema before it, `sales.orders`, where it is not in the one that is looked in first. */
export type CatalogueTable = {
  name: string;
  description?: string;
  /** How many rows it has; absent where that is not known. */
  rows?: number;
  /** Where `rows` is not the number itself: where counting ended, or the server's estimate. */
  rowsAre?: 'at least' | 'about';
  columns: CatalogueColumn[];
};
export type Catalogue = { dialect: SqlDialect; tables: CatalogueTable[] };

/** The catalogue of a key-value store: what its keys look like, those with most keys first. */
export type KeyCatalogue = {
  patterns: KeyPattern[];
  /** Patterns that were found besides. */
  morePatterns?: number;
  /** Not every key was looked at. */
  truncated?: true;
};

export type KeyPattern = {
  /** A pattern that a scan takes, such as `session:*`. */
  name: string;
  keys: number;
  /** Where `keys` is reckoned from a part of the store. */
  keysAre?: 'about';
  /** Types of a few of its keys. */
  types?: string[];
  /** Whether these few are forgotten by themselves, and in how many seconds. */
  expires?: 'never' | 'sometimes' | 'always';
  seconds?: { least: number; most: number };
  example?: string;
};

/** One operation of an API, as its description tells it. */
export type DescribedOperation = {
  /** `[a-zA-Z_][a-zA-Z0-9_]*`, unique in the description. */
  name: string;
  description: string;
  method: string;
  /** With holes, as `/parcels/{parcel}`. */
  path: string;
  tags: string[];
  effect: 'read' | 'write';
  /** Where each property of `input` goes; one named `body` and not listed here is the body. */
  parameters: { property: string; name: string; in: 'path' | 'query' | 'header'; style?: ValueStyle }[];
  /** How the body is written. Left out: as JSON. */
  body?: DescribedBody;
  /** May refer to the catalogue's schemas. */
  input: Schema;
  /** In short, and complete in itself. */
  output?: Schema;
};

/**
 * How a list or an object is written where only text goes: its parts one by one under the same name, all of them in one value, under names with
 * brackets (`a[b]`), or as JSON.
 */
export type ValueStyle = 'repeat' | 'comma' | 'space' | 'pipe' | 'brackets' | 'json';

/** `type` is the media type that is sent; `styles` those of a form's fields, where they differ from its kind's own. */
export type DescribedBody = { as: 'json' | 'form' | 'multipart' | 'text'; type: string; styles?: { [field: string]: ValueStyle } };

/**
 * The catalogue of a connection that has a description of its API. `schemas` are those that several inputs share, or that hold themselves; an input
 * refers to one as `#/schemas/NAME`. `refused` says of operations by name why they cannot be called.
 */
export type ApiCatalogue = { title: string; operations: DescribedOperation[]; schemas?: { [name: string]: Schema }; refused?: { [name: string]: string } };

/** The catalogue of a GraphQL connection: each field of its queries and mutations as a document with variables. */
export type GraphqlCatalogue = {
  operations: { name: string; description: string; effect: 'read' | 'write'; document: string; input: Schema }[];
};

/** Call kind `query`: one SQL statement with bound parameters (`:name`). `tables`: the only ones that it may use, named as the catalogue names them, or with their schema. */
export type QueryRequest = { connection: string; sql: string; parameters: JsonObject; access: 'read' | 'write'; tables?: string[] };

/** Call kind `query`, result. `truncated` where the row or byte cap cut it; `affected`, of a write, is how many rows it changed. */
export type QueryResult = { columns: string[]; rows: JsonObject[]; truncated?: true; affected?: number };

/** Call kind `fetch`: an HTTP request below a connection's base URL. `path` is absolute within it and already percent-encoded. */
export type FetchRequest = {
  connection: string;
  method: string;
  path: string;
  query?: { [name: string]: string };
  headers?: { [name: string]: string };
  /** Sent as JSON unless it is a string. */
  body?: Json;
  /** Of a read: its further pages are asked for too, and their lists become one. */
  pagination?: Pagination;
};

/** How a list that comes in pages says where the next one is. Paths lead into the body, with dots between their names. */
export type Pagination = {
  /** By the header Link, by a cursor in the body, or by a number counted up: of the page, or of the items so far. */
  by: 'link' | 'cursor' | 'page' | 'offset';
  /** Where the list stands; the body is the list where left out. */
  items?: string;
  /** Where the cursor stands. */
  cursor?: string;
  /** The parameter of the query that asks for the next page; not for `link`. */
  parameter?: string;
  /** The number that the first page has, for `page`. Default 1. */
  first?: number;
  /** Pages at most. Default 20. */
  most?: number;
};

/** Call kind `fetch`, result. `body` is parsed where the answer is JSON, else text. `truncated` where there are more pages than were read. */
export type FetchResult = { status: number; headers: { [name: string]: string }; body: Json; truncated?: true };

/** Call kind `connect`: an action of a connection's own, which is neither SQL nor HTTP. Its connector says which there are and what they take; the result is JSON. */
export type ConnectRequest = { connection: string; action: string; arguments: JsonObject };

/** Call kind `sandbox`: JavaScript (the body of an async function) with its inputs as constants in scope. */
export type SandboxRequest = { code: string; inputs: JsonObject; calls?: SandboxCalls };

/**
 * What code may call, and what came of it so far. Code that calls is run from the start for each round of calls: it stops at those it waits for, and is run
 * again with their answers. `now` (ms since the epoch) and `seed` are all the time and chance that it has, so that every pass goes the same way.
 */
export type SandboxCalls = {
  /** Names such as `orders.query`, a function of an object, or `kept`, a function alone. Each takes one argument and gives a promise. */
  functions: string[];
  /** The answers so far: calls that were waited for at the same time are one round. */
  rounds: SandboxAnswer[][];
  now: number;
  seed: number;
};

/** A call that code waits for. `arguments` is the JSON text of what it gave. */
export type SandboxCall = { name: string; arguments: string };

/** What became of a call; a failure is thrown in the code as an Error with this code and message. */
export type SandboxAnswer = SandboxCall & ({ value: Json } | { failure: { code: string; message: string } });

/** Call kind `sandbox`, result. `pending`: the code has not ended but waits for these; `result` is null then. */
export type SandboxResult = { result: Json; logs: string[]; pending?: SandboxCall[] };

/** What one call, task or run used. Tokens as the endpoint counted them; `cost` in the currency of the model's price, absent where no price is known. */
export interface Usage {
  modelCalls: number;
  toolCalls: number;
  inputTokens: number;
  outputTokens: number;
  cost?: number;
}

export const noUsage: Readonly<Usage> = Object.freeze({ modelCalls: 0, toolCalls: 0, inputTokens: 0, outputTokens: 0 });

/** Adds `more` to `total` in place. */
export function addUsage(total: Usage, more: Partial<Usage>): void {
  total.modelCalls += more.modelCalls ?? 0;
  total.toolCalls += more.toolCalls ?? 0;
  total.inputTokens += more.inputTokens ?? 0;
  total.outputTokens += more.outputTokens ?? 0;
  if (more.cost !== undefined) total.cost = (total.cost ?? 0) + more.cost;
}

/** Whether a result says that a cap cut it. */
export function isTruncated(result: Json): boolean {
  return isJsonObject(result) && result.truncated === true;
}
