/** One kind at a time: what it offers, and a run of it as a step on a real host, its ports wired to inputs and outputs. */
import type { Flow, JsonObject, RunResult } from '@switchyard/shared';
import { HostBench } from '../adapters/testing/host-bench.ts';
import type { Host } from '../host.ts';
import type { Bound, Kind, Operation, Ports } from '../node.ts';
import { kinds } from '../nodes/index.ts';
import { testRun } from './test-run.ts';

export class RoomBench extends HostBench {
  readonly #kind: Kind;

  constructor(kind: string) {
    super();
    const known = kinds.get(kind);
    if (!known) throw new Error(`No kind ${kind}`);
    this.#kind = known;
  }

  ports(config: JsonObject): Ports {
    return this.#kind.ports(this.#kind.config.parse(config));
  }

  /** As "field: message". */
  problems(config: JsonObject): string[] {
    return (this.#kind.problems?.(this.#kind.config.parse(config)) ?? []).map(({ field, message }) => `${field}: ${message}`);
  }

  summary(config: JsonObject): string {
    return this.#kind.summary(this.#kind.config.parse(config));
  }

  operations(config: JsonObject, bound: Partial<Bound> = {}): Operation[] {
    return this.#kind.operations?.(this.#kind.config.parse(config), { granted: [], title: 'The node', ...bound }) ?? [];
  }

  /** The node has the id `node`. */
  async runStep(config: JsonObject, inputs: JsonObject, host?: Host): Promise<RunResult> {
    const { outputs } = this.ports(config);
    const flow: Flow = {
      format: 'switchyard.flow',
      version: 1,
      name: 'test',
      nodes: {
        given: { kind: 'input', config: { fields: Object.fromEntries(Object.keys(inputs).map((name) => [name, {}])) } },
        node: { kind: this.#kind.kind, config },
        told: { kind: 'output', config: { fields: Object.fromEntries(Object.keys(outputs).map((name) => [name, {}])) } },
      },
      links: [
        ...Object.keys(inputs).map((name) => ({ from: `given.${name}`, to: `node.${name}` })),
        ...Object.keys(outputs).map((name) => ({ from: `node.${name}`, to: `told.${name}` })),
      ],
      grants: [],
    };
    return (await testRun(flow, { host: host ?? (await this.host()), inputs })).result;
  }
}
