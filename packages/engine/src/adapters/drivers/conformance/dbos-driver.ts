/** The dbos driver under test: its lives are workflows of this process, and a crash is followed by taking the run over as another process would. */
import type { RunEventBody } from '@switchyard/shared';
import { createCallPort, type CallPort } from '../call-port.ts';
import type { DriverToTest, Life } from '../conformance.ts';
import { launchDbos } from '../dbos/dbos-process.ts';
import type { StepLife } from '../dbos/step-journal.ts';
import { Pools } from '../pools.ts';

/** Of every life of a run. */
const startedAt = Date.now();

/** On a database that `url` names. */
export function dbosDriver(url: () => string): DriverToTest {
  return {
    name: 'dbos',
    isDurable: true,
    async open(host) {
      const pools = new Pools((pool) => host.pool(pool));
      const awaited = new Map<string, (life: Life) => void>();
      const ports = new Set<CallPort>();
      const execute = async (run: string, { journal, recorded, signal }: StepLife) => {
        const events: RunEventBody[] = [];
        const port = createCallPort({ run, startedAt, host, pools, redact: (value) => value, emit: (event) => events.push(event), journal, recorded });
        ports.add(port);
        signal.addEventListener('abort', () => port.close(), { once: true });
        awaited.get(run)?.({ port, events, signal: async (name) => port.signal(name), crash: async () => port.close() });
        // A test looks at the port alone: the run never ends by itself.
        await new Promise(() => {});
      };
      const log = { info: () => {}, warn: (text: string) => void process.stderr.write(`${text}\n`) };
      const launched = await launchDbos({ databaseUrl: url(), execute, log });
      return {
        async begin(run) {
          const life = new Promise<Life>((resolve) => awaited.set(run, resolve));
          await launched.takeOver([{ id: run, queue: undefined }]).catch(() => launched.start(run));
          return await life;
        },
        journal: (run) => launched.journal(run),
        async close() {
          for (const port of ports) port.close();
          await launched.close();
        },
      };
    },
  };
}
