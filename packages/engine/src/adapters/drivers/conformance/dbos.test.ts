import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findPostgres, startPostgres, type PostgresServer } from '../../../testing/servers/postgres-server.ts';
import { seed, tries } from '../../../testing/thorough.ts';
import { conformance } from './suite.ts';
import { dbosDriver } from './dbos-driver.ts';
import { killLoop } from './kill-loop.ts';
import { launchDbos } from '../dbos/dbos-process.ts';
import { PostgresBlobs } from '../dbos/postgres-blobs.ts';

if (!findPostgres()) process.stderr.write('PostgreSQL is not installed: the tests of the dbos driver are skipped.\n');

const kills = tries(5, 40);

describe.skipIf(!findPostgres())('on PostgreSQL', () => {
  let server: PostgresServer;
  let url: string;
  beforeAll(async () => {
    server = await startPostgres();
    url = await server.createDatabase();
  });
  afterAll(async () => {
    await server.stop();
  });

  conformance(dbosDriver(() => url));

  test(`a run on dbos whose process is killed ${kills} times ends, with nothing lost and nothing journaled made twice`, async () => {
    // A process that executes no runs, so that it takes none over either.
    const pool = new pg.Pool({ connectionString: url, max: 1 });
    const reader = await launchDbos({ databaseUrl: url, results: new PostgresBlobs(pool), log: { info: () => {}, warn: () => {} } });
    try {
      const loop = await killLoop({ driver: 'dbos', place: url, run: 'killed', kills, seed, journal: (run) => reader.journal(run) });
      expect(loop.repeated).toEqual([]);
      expect(loop.said).toContain('["lane0.7 done","lane1.7 done","lane2.7 done","lane3.7 done"]');
      expect(loop.journal.map(({ completion }) => completion).sort((a, b) => Number(a) - Number(b))).toEqual(Array.from({ length: 32 }, (_, index) => index));
      expect(loop.kills).toBeGreaterThan(0);
    } finally {
      await reader.close();
      await pool.end();
    }
  }, 300_000);
});
