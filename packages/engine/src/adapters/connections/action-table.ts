/** The actions of a connection by name: who asks is checked against the name, the effect and the arguments before anything is done. */
import { FailureError, failure, type ConnectRequest, type Json, type JsonObject } from '@switchyard/shared';
import type { z } from 'zod';
import type { ConnectorCall } from './connector.ts';

export interface Action<Client> {
  effect: 'read' | 'write';
  arguments: z.ZodType<JsonObject>;
  perform(client: Client, args: never, call: ConnectorCall): Promise<Json>;
}

export type ActionTable<Client> = Readonly<Record<string, Action<Client>>>;

/** An action whose function is typed from the schema of its arguments. */
export function action<Client, Schema extends z.ZodType>(
  effect: Action<Client>['effect'],
  schema: Schema,
  perform: (client: Client, args: z.output<Schema>, call: ConnectorCall) => Promise<Json>,
): Action<Client> {
  return { effect, arguments: schema as unknown as Action<Client>['arguments'], perform };
}

export interface Asked<Client> {
  client: Client;
  request: ConnectRequest;
  call: ConnectorCall;
}

/** Performs one action of the table; `what` is the subject of its messages: "A key-value store". Rejects with `action-unknown`, `access-read-only`, `request-invalid`, or what the action rejects with. */
export async function performAction<Client>(table: ActionTable<Client>, what: string, { client, request, call }: Asked<Client>): Promise<Json> {
  const found = Object.hasOwn(table, request.action) ? table[request.action] : undefined;
  if (!found) throw new FailureError(failure('action-unknown', `${what} has no action "${request.action}". It has ${Object.keys(table).join(', ')}.`));
  if (found.effect === 'write' && call.effect !== 'write')
    throw new FailureError(failure('access-read-only', `The action "${request.action}" writes, and this call may only read. Set the node's access to write.`));
  const read = found.arguments.safeParse(request.arguments);
  if (!read.success) {
    const [issue] = read.error.issues;
    throw new FailureError(
      failure('request-invalid', `The action "${request.action}" cannot be done: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}.`),
    );
  }
  return await found.perform(client, read.data as never, call);
}
