/** The performers of the call kinds that connections perform: each finds the connection, and asks its connector within the call's time. */
import {
  addUsage,
  FailureError,
  failure,
  noUsage,
  type CatalogueRequest,
  type Connection,
  type ConnectionCall,
  type ConnectionOffer,
  type Json,
  type JsonObject,
  type Usage,
} from '@switchyard/shared';
import type { Performer, PerformScope } from '../../host.ts';
import { stableHash } from '../../stable-hash.ts';
import { withDeadline } from '../deadline.ts';
import type { ConnectorCall, OpenConnection } from './connector.ts';
import type { OpenConnections } from './open-connections.ts';

type Method = (request: never, call: ConnectorCall) => Promise<unknown>;

/** What a connection is that performs such a call. */
const wanted: Readonly<Record<ConnectionCall, string>> = {
  query: 'a database',
  catalogue: 'one with a catalogue',
  fetch: 'an HTTP API',
  connect: 'one with actions of its own',
};

/** A performer for each kind. */
export function createConnectionPerformers(connections: OpenConnections): Record<ConnectionCall, Performer> {
  const performer =
    (kind: ConnectionCall, methodOf: (open: OpenConnection) => Method | undefined): Performer =>
    (call, scope) => {
      const { connection: name } = call.request as { connection: string };
      return withDeadline(call, scope, (deadline) =>
        connections.use(name, async (open, connection) => {
          const method = methodOf(open);
          if (!method) throw wrongType(name, connection, kind);
          const { effect, idempotencyKey } = call;
          let usage: Usage | undefined;
          const spent = (more: Partial<Usage>) => {
            usage ??= { ...noUsage };
            addUsage(usage, more);
          };
          const result = await method(call.request as never, { deadline, effect, spent, ...(idempotencyKey !== undefined && { idempotencyKey }) });
          return usage ? { result: result as Json, usage } : { result: result as Json };
        }),
      );
    };
  return {
    query: performer('query', (open) => open.query?.bind(open)),
    fetch: performer('fetch', (open) => open.fetch?.bind(open)),
    connect: performer('connect', (open) => open.connect?.bind(open)),
    catalogue: performer('catalogue', ({ catalogue }) => catalogue && (({ connection: _, ...scope }: CatalogueRequest, call) => catalogue(call, scope))),
  };
}

/** Tries a connection out with one cheap read; gives what it found. Rejects with a FailureError. */
export function checkConnection(connections: OpenConnections, name: string, scope: PerformScope & { timeoutMs: number }): Promise<string> {
  return withDeadline(scope, scope, (deadline) => connections.use(name, (open) => open.check({ deadline, effect: 'read' })));
}

/** What a connection offers that has to be accepted, and the fields that are kept in it then. */
export interface ReadOffer {
  offer: ConnectionOffer;
  fields: JsonObject;
}

/**
 * What the connection offers, for a person to read and accept; undefined where nothing has to be. Its hash is of all that a person goes by: what is
 * offered, what was accepted before, and whose it is. Rejects with a FailureError.
 */
export function readOffer(connections: OpenConnections, name: string, scope: PerformScope & { timeoutMs: number }): Promise<ReadOffer | undefined> {
  return withDeadline(scope, scope, (deadline) =>
    connections.use(name, async (open, connection) => {
      const offered = await open.offer?.({ deadline, effect: 'read' });
      if (!offered) return undefined;
      const { fields, ...offer } = offered;
      return { fields, offer: { ...offer, hash: stableHash({ fields, connection: connection as unknown as Json }) } };
    }),
  );
}

function wrongType(name: string, { type }: Connection, kind: ConnectionCall): FailureError {
  return new FailureError(
    failure('connection-type', `Connection "${name}" is of type ${type}, which is not ${wanted[kind]}. Choose another connection in the node.`),
  );
}
