/** PostgreSQL with pgvector for tests: both compiled to WebAssembly, behind the server's own protocol on a free loopback port. */
import { PGlite } from '@electric-sql/pglite';
import { vector } from '@electric-sql/pglite-pgvector';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';

export interface VectorPostgres {
  /** Such as postgresql://postgres@127.0.0.1:PORT/postgres. */
  url: string;
  run(sql: string): Promise<void>;
  stop(): Promise<void>;
}

export async function startVectorPostgres(): Promise<VectorPostgres> {
  const database = await PGlite.create({ extensions: { vector } });
  await database.exec('CREATE EXTENSION vector');
  const server = new PGLiteSocketServer({ db: database, host: '127.0.0.1', port: 0, maxConnections: 8 });
  await server.start();
  return {
    url: `postgresql://postgres@${server.getServerConn()}/postgres`,
    run: async (sql) => void (await database.exec(sql)),
    async stop() {
      await server.stop();
      await database.close();
    },
  };
}
