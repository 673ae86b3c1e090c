/** For tests and benches: the order desk of the examples, whole and real, run with any strategy and any model as its planner. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exampleParts, examples, readExampleFlow, readExampleWorkspace } from '@switchyard/examples';
import type { Flow, JsonObject, Model, RunResult, RunView } from '@switchyard/shared';
import { createHost } from '../adapters/host.ts';
import { testRun } from './test-run.ts';

export interface OrderDeskRuns {
  /** The sample questions of the flow's input. */
  questions: string[];
  run(question: string, config: JsonObject): Promise<{ result: RunResult; view: RunView }>;
  close(): Promise<void>;
}

/** Opens the order desk; `planner` takes the place of the built-in one. */
export async function openOrderDeskRuns(planner?: Model): Promise<OrderDeskRuns> {
  const [example] = examples;
  if (!example) throw new Error('There is no example');
  const flow = readExampleFlow(example);
  const workspace = readExampleWorkspace(example);
  if (planner) workspace.models.planner = planner;
  const directory = await mkdtemp(join(tmpdir(), 'switchyard-desk-'));
  const host = createHost({
    workspace: () => workspace,
    baseDirectory: directory,
    dataDirectory: directory,
    secrets: { get: () => undefined, values: () => [] },
    examples: exampleParts,
  });
  const fields = flow.nodes.ask?.config.fields as { question: { examples: string[] } };
  return {
    questions: fields.question.examples,
    run: (question, config) => testRun(withPlanner(flow, config), { inputs: { question }, host }),
    close: async () => {
      await host.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function withPlanner(flow: Flow, config: JsonObject): Flow {
  const { planner } = flow.nodes;
  if (!planner) throw new Error('The order desk has no planner');
  return { ...flow, nodes: { ...flow.nodes, planner: { ...planner, config: { ...planner.config, ...config } } } };
}
