/** The dbos driver under test: its lives are workflows of this process, and a crash is followed by taking the run over as another process would. */
import { emptyFlow, type RunEventBody } from '@switchyard/shared';
import pg from 'pg';
import type { Plan } from '../../../plan.ts';
import { createCallPort, type CallPort } from '../calls/call-port.ts';
import { launchDbos } from '../dbos/dbos-process.ts';
import { openNotices } from '../dbos/notices.ts';
import { PostgresRuns } from '../dbos/postgres-runs.ts';
import type { StepLife } from '../dbos/step-journal.ts';
import { Pools } from '../calls/pools.ts';
import type { DriverToTest, Life } from './driver-to-test.ts';

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
      const log = { info: () => {}, warn: (text: string) => void process.stderr.write(`${text}\n`) };
      const pool = new pg.Pool({ connectionString: url(), max: 4 });
      const notices = await openNotices(url(), pool, log);
      const runs = await PostgresRuns.open(pool, notices, log);
      const execute = async (run: string, { journal, recorded, signal }: StepLife) => {
        const events: RunEventBody[] = [];
        const begun = await runs.beginLife(run);
        if (!begun) return;
        const port = createCallPort({
          run,
          startedAt,
          host,
          pools,
          redact: (value) => value,
          emit: (event) => events.push(event),
          journal,
          recorded,
          signals: await runs.waits.signals(run),
        });
        ports.add(port);
        signal.addEventListener('abort', () => port.close(), { once: true });
        awaited.get(run)?.({
          port,
          events,
          async signal(name, payload = null) {
            await runs.waits.keepSignal(run, name, payload);
            port.signal(name, payload);
          },
          settled: () => port.settled(),
          crash: async () => port.close(),
          async end() {
            port.close();
            const ended = { status: 'done' as const, outputs: {}, usage: { modelCalls: 0, toolCalls: 0, inputTokens: 0, outputTokens: 0 } };
            await runs.finish(begun, { ...ended, endedAt: Date.now() }, { type: 'run-end', ...ended, seq: 0, at: Date.now() });
          },
        });
        // A test looks at the port alone: the run never ends by itself.
        await new Promise(() => {});
      };
      const launched = await launchDbos({ databaseUrl: url(), execute, results: runs.blobs, log });
      return {
        async begin(run) {
          if (!(await runs.get(run))) await runs.create({ run, flow: emptyFlow('Tested'), plan: {} as Plan, inputs: {}, status: 'running', startedAt });
          const life = new Promise<Life>((resolve) => awaited.set(run, resolve));
          await launched.takeOver([{ id: run, queue: undefined }]).catch(() => launched.start(run));
          return await life;
        },
        journal: (run) => launched.journal(run),
        async close() {
          for (const port of ports) port.close();
          await launched.close();
          await notices.close();
          await pool.end();
        },
      };
    },
  };
}
