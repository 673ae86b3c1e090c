/** One model as a call reaches it: the workspace's entry with its address, its key resolved, and the dispatcher that may reach that address alone. */
import { FailureError, type Model, type ModelProtocol, type ModelRequest } from '@switchyard/shared';
import type { Dispatcher } from 'undici';
import type { Performed, PerformScope } from '../../host.ts';

export interface ModelEndpoint {
  /** The workspace's name for the model. */
  name: string;
  model: Model;
  /** Without credentials, query or a closing slash. */
  baseUrl: string;
  apiKey: string | undefined;
  /** Name of the secret that the key comes from, for messages. */
  keyName: string | undefined;
  /** Reaches the origin of `baseUrl` and no other. */
  dispatcher: Dispatcher;
  /** An answer that pauses for longer has failed. */
  idleMs: number;
  /** How it is offered tools and held to a schema; undefined where that is to be found out. */
  protocol: ModelProtocol | undefined;
  /** Asked in exactly this way, or not at all: for trying a way out. */
  isExact?: true;
}

/** The endpoint refused the request for the tools in it: the same may be asked without. */
export class ToolsRefusedError extends FailureError {}

/** Asks one model once. Rejects with a FailureError; `scope.signal` ends it and its connection at once. */
export type ModelClient = (request: ModelRequest, endpoint: ModelEndpoint, scope: PerformScope) => Promise<Performed>;

/** Most bytes read of one answer, and of one line of its stream. */
export const answerLimits = { bytes: 8_000_000, lineBytes: 1_000_000 } as const;

/** The model as messages name it: by its workspace name first, since that is what a user can look up. */
export function describeEndpoint(endpoint: Pick<ModelEndpoint, 'name' | 'model' | 'baseUrl'>): string {
  return `Model "${endpoint.name}" (${endpoint.model.model} at ${endpoint.baseUrl})`;
}

export interface Address {
  origin: string;
  /** Without a closing slash: empty where the URL is an origin alone. */
  path: string;
}

/** Addresses of endpoints, parsed: they are few, and each is asked for many times a call. */
const parsed = new Map<string, Address>();
const mostParsed = 200;

/** The two parts of a base URL. Throws a TypeError for what is no URL. */
export function addressOf(baseUrl: string): Address {
  const known = parsed.get(baseUrl);
  if (known) return known;
  const { origin, pathname } = new URL(baseUrl);
  const address = { origin, path: pathname.replace(/\/+$/, '') };
  if (parsed.size >= mostParsed) parsed.clear();
  parsed.set(baseUrl, address);
  return address;
}
