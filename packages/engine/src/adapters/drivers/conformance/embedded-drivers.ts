/** The drivers of one process under test: in memory, and on SQLite. */
import type { RunEventBody } from '@switchyard/shared';
import type { Host } from '../../../host.ts';
import { createCallPort } from '../call-port.ts';
import type { DriverToTest, Life } from '../conformance.ts';
import { Pools } from '../pools.ts';
import { RunStore } from '../sqlite-store.ts';

/** Of every life of a run. */
const startedAt = Date.now();

/** Without a journal. */
export const memoryDriver: DriverToTest = { name: 'memory', isDurable: false, open: async (host) => openEmbedded(host) };

/** On a file that `file` names anew for each opening. */
export function sqliteDriver(file: () => string): DriverToTest {
  return { name: 'sqlite', isDurable: true, open: async (host) => openEmbedded(host, new RunStore(file())) };
}

function openEmbedded(host: Host, store?: RunStore) {
  const pools = new Pools((pool) => host.pool(pool));
  const lives = new Set<Life>();
  return {
    async begin(run: string): Promise<Life> {
      const events: RunEventBody[] = [];
      const recorded = store?.recorded(run) ?? [];
      const port = createCallPort({
        run,
        startedAt,
        host,
        pools,
        redact: (value) => value,
        emit: (event) => events.push(event),
        ...(store && { journal: store.journal(run), recorded }),
      });
      const life: Life = { port, events, signal: async (name) => port.signal(name), crash: async () => port.close() };
      lives.add(life);
      return life;
    },
    journal: async (run: string) => store?.recorded(run) ?? [],
    async close() {
      for (const life of lives) await life.crash();
      store?.close();
    },
  };
}
