/** The connectors: one line per type of connection. */
import type { Connection } from '@switchyard/shared';
import type { Connector } from './connector.ts';
import { corpusConnector } from './corpus/connector.ts';
import { duckdbConnector } from './duckdb/connector.ts';
import { exampleConnector } from './example/connector.ts';
import { filesConnector } from './files/connector.ts';
import { httpConnector } from './http/connector.ts';
import { mcpConnector } from './mcp/connector.ts';
import { mongodbConnector } from './mongodb/connector.ts';
import { mysqlConnector } from './mysql/connector.ts';
import { postgresConnector } from './postgres/connector.ts';
import { graphqlConnector } from './graphql/connector.ts';
import { openapiConnector } from './openapi/connector.ts';
import { redisConnector } from './redis/connector.ts';
import { s3Connector } from './s3/connector.ts';
import { sqliteConnector } from './sqlite/connector.ts';

// biome-ignore format: one line per type.
const all = [
  sqliteConnector,
  postgresConnector,
  mysqlConnector,
  mongodbConnector,
  duckdbConnector,
  httpConnector,
  openapiConnector,
  graphqlConnector,
  redisConnector,
  mcpConnector,
  filesConnector,
  s3Connector,
  corpusConnector,
  exampleConnector,
];

/** By type. A connection is only ever given to the connector of its type. */
export const connectors: ReadonlyMap<Connection['type'], Connector> = new Map(all.map((connector) => [connector.type, connector as unknown as Connector]));
