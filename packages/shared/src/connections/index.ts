/** The types of connections: one line per type, in the order in which they are offered, and what can be asked of a connection whatever its type. */
import { z } from 'zod';
import { schemasOf, type ActionFamily, type ConnectionCall, type ConnectionType } from './define-connection.ts';
import { corpusConnection } from './corpus.ts';
import { duckdbConnection } from './duckdb.ts';
import { exampleConnection } from './example.ts';
import { filesConnection } from './files.ts';
import { httpConnection } from './http.ts';
import { mcpConnection } from './mcp.ts';
import { mongodbConnection } from './mongodb.ts';
import { mysqlConnection } from './mysql.ts';
import { postgresConnection } from './postgres.ts';
import { graphqlConnection } from './graphql.ts';
import { openapiConnection } from './openapi.ts';
import { redisConnection } from './redis.ts';
import { s3Connection } from './s3.ts';
import { sqliteConnection } from './sqlite.ts';

export { connectionField, connectionGroups, type ActionFamily, type ConnectionCall, type ConnectionType } from './define-connection.ts';

// biome-ignore format: one line per type.
const types = [
  sqliteConnection,
  postgresConnection,
  mysqlConnection,
  mongodbConnection,
  duckdbConnection,
  httpConnection,
  openapiConnection,
  graphqlConnection,
  redisConnection,
  mcpConnection,
  filesConnection,
  s3Connection,
  corpusConnection,
  exampleConnection,
] as const;

/** Every type of connection, by its name. */
export const connectionTypes: ReadonlyMap<string, ConnectionType> = new Map(types.map((type) => [type.type, type as unknown as ConnectionType]));

/** A connection of any type: told apart by `type`. */
export const connectionSchema = z.discriminatedUnion('type', schemasOf(types));

export type Connection = z.infer<typeof connectionSchema>;

/** The type of a connection. Throws for one that no schema has let pass. */
export function connectionTypeOf({ type }: Pick<Connection, 'type'>): ConnectionType {
  const found = connectionTypes.get(type);
  if (!found) throw new Error(`There is no connection type "${type}"`);
  return found;
}

/** Names of the types whose connections perform calls of this kind; for `field.connection`. */
export function connectionTypesThat(call: ConnectionCall): string[] {
  return [...connectionTypes.values()].filter((type) => !type.isShipped && type.performs.includes(call)).map(({ type }) => type);
}

/** Names of the types whose connections perform these actions; for `field.connection`. */
export function connectionTypesThatSpeak(family: ActionFamily): string[] {
  return [...connectionTypes.values()].filter((type) => type.speaks === family).map(({ type }) => type);
}

/** May a connection of this type stand where one of `wanted` is asked for? One of an example of which nobody knows what it stands for may: that shows when it is used. */
export function connectionFits(type: string, wanted: readonly string[]): boolean {
  return wanted.includes(type) || connectionTypes.get(type)?.isShipped === true;
}

/** Names of the secrets that a connection names, each once. */
export function connectionSecrets(connection: Connection): string[] {
  const named = fieldsOf(connection).flatMap(({ value, widget }) => {
    if (widget === 'secret-map') return Object.values(value as Record<string, unknown>);
    return widget === 'secret' || widget === 'text-or-secret' ? [value] : [];
  });
  return [...new Set(named.flatMap((value) => (typeof value === 'string' ? [] : [(value as { secret: string }).secret])))];
}

/** Names of the other connections and the models of the workspace that a connection uses. */
export function connectionUses(connection: Connection): { connections: string[]; models: string[] } {
  const named = (wanted: string) => fieldsOf(connection).flatMap(({ value, widget }) => (widget === wanted ? [value as string] : []));
  return { connections: named('connection'), models: named('model') };
}

/** Does this type perform one of these calls, or speak one of these families? One of an example of which nobody knows what it stands for may. */
export function connectionDoes({ performs, speaks, isShipped }: ConnectionType, wanted: readonly string[]): boolean {
  return isShipped === true || performs.some((call) => wanted.includes(call)) || (speaks !== undefined && wanted.includes(speaks));
}

/** The field that only a workspace file may set, where this connection sets one. */
export function fileOnlyField(connection: Connection): string | undefined {
  const { shape } = connectionTypeOf(connection).schema;
  const field = Object.keys(connection).find(
    (name) => Object.hasOwn(shape, name) && metaOf(shape[name as keyof typeof shape] as z.ZodType)?.isFileOnly === true,
  );
  return field === undefined ? undefined : String(metaOf(shape[field as keyof typeof shape] as z.ZodType)?.title ?? field);
}

/** The connection with its paths changed. */
export function withPaths(connection: Connection, change: (path: string) => string): Connection {
  const changed = fieldsOf(connection).flatMap(({ name, value, widget }) => (widget === 'path' ? [[name, change(value as string)] as const] : []));
  return { ...connection, ...Object.fromEntries(changed) } as Connection;
}

/** The fields that are set, with their widgets. */
function fieldsOf(connection: Connection): { name: string; value: unknown; widget: unknown }[] {
  const { shape } = connectionTypeOf(connection).schema;
  return Object.entries(connection).flatMap(([name, value]) =>
    value === undefined || !Object.hasOwn(shape, name)
      ? []
      : [{ name, value: value as unknown, widget: widgetOf(shape[name as keyof typeof shape] as z.ZodType) }],
  );
}

function widgetOf(schema: z.ZodType): unknown {
  return metaOf(schema)?.widget;
}

/** Optional fields and those with a default mean what they wrap means. */
function metaOf(schema: z.ZodType): Record<string, unknown> | undefined {
  const meta = schema.meta();
  if (meta) return meta;
  return schema instanceof z.ZodOptional || schema instanceof z.ZodDefault ? metaOf(schema.unwrap() as z.ZodType) : undefined;
}
