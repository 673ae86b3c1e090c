/** The drivers of one process under test: in memory, and on SQLite. */
import { emptyFlow, type RunEventBody } from '@switchyard/shared';
import type { Host } from '../../../host.ts';
import type { Plan } from '../../../plan.ts';
import { createCallPort } from '../calls/call-port.ts';
import { Pools } from '../calls/pools.ts';
import { RunStore } from '../sqlite/run-store.ts';
import type { DriverToTest, Life } from './driver-to-test.ts';

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
      if (store && !store.get(run)) await store.create({ run, flow: emptyFlow('Tested'), plan: {} as Plan, inputs: {}, status: 'running', startedAt });
      const port = createCallPort({
        run,
        startedAt,
        host,
        pools,
        redact: (value) => value,
        emit: (event) => events.push(event),
        ...(store && { journal: store.journal(run), recorded: store.recorded(run), signals: store.waits.signals(run) }),
      });
      const life: Life = {
        port,
        events,
        async signal(name, payload = null) {
          await store?.waits.keepSignal(run, name, payload);
          port.signal(name, payload);
        },
        settled: () => port.settled(),
        crash: async () => port.close(),
        async end() {
          port.close();
          await store?.finish(run, {
            status: 'done',
            outputs: {},
            usage: { modelCalls: 0, toolCalls: 0, inputTokens: 0, outputTokens: 0 },
            endedAt: Date.now(),
          });
        },
      };
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
