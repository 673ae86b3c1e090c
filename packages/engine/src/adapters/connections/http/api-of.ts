/** What a connection's fields make of an API: its headers in clear, and its tokens where it has them. Shared by the types that speak HTTP. */
import { FailureError, failure, type SecretRef } from '@switchyard/shared';
import type { ConnectorMeans } from '../connector.ts';
import { createTokenSource } from './oauth-tokens.ts';
import type { HttpApi } from './perform-fetch.ts';

interface ApiFields {
  baseUrl: string;
  headers?: Readonly<Record<string, string | SecretRef>> | undefined;
  bearer?: SecretRef | undefined;
  username?: string | undefined;
  password?: SecretRef | undefined;
  tokenUrl?: string | undefined;
  clientId?: string | undefined;
  clientSecret?: SecretRef | undefined;
  scope?: string | undefined;
  idempotencyHeader?: string | undefined;
}

/** Throws `secret-missing`, and `connection-invalid` where the fields name two ways to prove who asks, or half of one. */
export function apiOf(fields: ApiFields, means: ConnectorMeans): HttpApi {
  const { name, egress, text } = means;
  const headers = Object.fromEntries(
    Object.entries(fields.headers ?? {}).map(([header, value]) => [header.toLowerCase(), text(value, `its header "${header}"`)]),
  );
  const ways = waysOf(fields, headers);
  if (ways.length > 1) throw invalid(name, `has ${ways.join(' and ')}, and only one can go into the authorization header. Keep one`);
  const authorization = authorizationOf(fields, means);
  return {
    egress,
    connection: name,
    baseUrl: fields.baseUrl,
    headers: { ...headers, ...(authorization !== undefined && { authorization }) },
    ...(fields.idempotencyHeader !== undefined && { idempotencyHeader: fields.idempotencyHeader.toLowerCase() }),
    ...(fields.tokenUrl !== undefined && { tokens: tokensOf(fields, means) }),
  };
}

function waysOf(fields: ApiFields, headers: Readonly<Record<string, string>>): string[] {
  return [
    ...(Object.hasOwn(headers, 'authorization') ? ['a header "authorization"'] : []),
    ...(fields.bearer ? ['a bearer token'] : []),
    ...(fields.username !== undefined || fields.password ? ['a user with a password'] : []),
    ...(fields.tokenUrl !== undefined || fields.clientId !== undefined || fields.clientSecret ? ['a client with a token address'] : []),
  ];
}

function authorizationOf(fields: ApiFields, { name, text }: ConnectorMeans): string | undefined {
  if (fields.bearer) return `Bearer ${text(fields.bearer, 'its bearer token')}`;
  if (fields.username === undefined && !fields.password) return undefined;
  if (fields.username === undefined) throw invalid(name, 'has a password, but no user. Name the user');
  if (fields.username.includes(':')) throw invalid(name, 'has a user with a colon in it, which basic authentication cannot send. Name another user');
  return `Basic ${basic(fields.username, fields.password ? text(fields.password, 'its password') : '')}`;
}

function tokensOf(fields: ApiFields, { name, egress, text }: ConnectorMeans) {
  if (fields.clientId === undefined || !fields.clientSecret) throw invalid(name, 'has a token address, but not both a client and its secret. Set them');
  const credentials = [fields.clientId, text(fields.clientSecret, 'its client secret')].map((part) => new URLSearchParams({ p: part }).toString().slice(2)) as [
    string,
    string,
  ];
  return createTokenSource({ egress, connection: name, url: fields.tokenUrl as string, authorization: `Basic ${basic(...credentials)}`, scope: fields.scope });
}

function basic(user: string, password: string): string {
  return Buffer.from(`${user}:${password}`).toString('base64');
}

function invalid(name: string, why: string): FailureError {
  return new FailureError(failure('connection-invalid', `Connection "${name}" ${why}.`));
}
