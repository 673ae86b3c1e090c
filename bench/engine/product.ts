/** Switchyard as a server runs it: a runner with its pools, its live runs with their whole trace, and a store where runs are durable. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { settleHeap } from '../../apps/api/src/heap-settings.ts';
import { createRunner } from '../../apps/api/src/work/runner.ts';
import { createRedactor, RunStore } from '../../packages/engine/src/adapters/index.ts';
import { compile } from '../../packages/engine/src/compile/compile.ts';
import type { Host } from '../../packages/engine/src/host.ts';
import type { Registry } from '../../packages/engine/src/node.ts';
import type { Plan } from '../../packages/engine/src/plan.ts';
import type { Flow, JsonObject } from '../../packages/shared/src/index.ts';

export interface ProductOptions {
  host: Host;
  registry: Registry;
  isDurable: boolean;
  /** Texts that the trace must not hold. */
  secrets?: readonly string[];
}

export interface Product {
  /** Runs a plan to its end; throws where that is not a good one. */
  run(flow: Flow, plan: Plan, inputs: JsonObject): Promise<JsonObject>;
  close(): Promise<void>;
}

export function openProduct({ host, registry, isDurable, secrets = [] }: ProductOptions): Product {
  // As every command of Switchyard does.
  settleHeap();
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-bench-'));
  const store = isDurable ? new RunStore(join(folder, 'runs.db')) : undefined;
  const runner = createRunner({ registry, host, redactor: () => createRedactor(secrets), ...(store && { store }) });
  return {
    async run(flow, plan, inputs) {
      const { run } = await runner.start({ flow, plan, inputs });
      const { status, outputs, failure } = await runner.result(run);
      if (status !== 'done') throw new Error(`The run ended ${status}: ${JSON.stringify(failure)}`);
      return outputs;
    },
    async close() {
      await runner.close();
      store?.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** The plan of a flow that must have no mistakes. */
export function planOf(flow: Flow, registry: Registry): Plan {
  const { plan, diagnostics } = compile(flow, undefined, registry);
  if (!plan) throw new Error(`The flow of the benchmark does not compile: ${JSON.stringify(diagnostics.slice(0, 3))}`);
  return plan;
}
