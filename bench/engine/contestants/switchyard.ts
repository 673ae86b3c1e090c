/** Switchyard: a control node with the shop granted, on the real host (guarded way out, pools, masking of secrets) with the whole trace kept. */
import { createHost } from '../../../packages/engine/src/adapters/index.ts';
import { kinds } from '../../../packages/engine/src/nodes/index.ts';
import type { Flow, Workspace } from '../../../packages/shared/src/index.ts';
import { toolDescription, toolParameters, type Job, type Prepare } from '../job.ts';
import { openProduct, planOf } from '../product.ts';

export const prepareDurable: Prepare = (job) => prepareOn(job, true);
export const prepareInMemory: Prepare = (job) => prepareOn(job, false);

const prepareOn = async (job: Job, isDurable: boolean) => {
  const workspace = workspaceOf(job);
  const secrets = { get: (name: string) => (name === 'MODEL_KEY' ? job.apiKey : undefined), values: () => [job.apiKey] };
  const host = createHost({ workspace: () => workspace, baseDirectory: '/nowhere', dataDirectory: '/nowhere', secrets, examples: {} });
  const product = openProduct({ host, registry: kinds, isDurable, secrets: [job.apiKey] });
  const [whole, streamed] = [flowOf(job, 'whole'), flowOf(job, 'streamed')].map((flow) => ({ flow, plan: planOf(flow, kinds) })) as [Ready, Ready];
  return {
    async run(isStreamed: boolean) {
      const { flow, plan } = isStreamed ? streamed : whole;
      return (await product.run(flow, plan, { question: job.question })).answer as string;
    },
    async close() {
      await product.close();
      await host.close();
    },
  };
};

type Ready = { flow: Flow; plan: ReturnType<typeof planOf> };

/** Pools wide enough to hold none of the calls back: the others have none. */
function workspaceOf(job: Job): Workspace {
  const limits = { concurrency: 1000 };
  const model = (isStreamed: boolean) => ({
    provider: 'openai-compatible' as const,
    model: job.model,
    baseUrl: job.modelUrl(isStreamed),
    apiKey: { secret: 'MODEL_KEY' },
    limits,
  });
  return {
    format: 'switchyard.workspace',
    version: 1,
    models: { whole: model(false), streamed: model(true) },
    connections: { shop: { type: 'http', baseUrl: job.shopUrl, limits } },
  };
}

function flowOf(job: Job, model: string): Flow {
  const read = { name: 'read', description: toolDescription, method: 'GET', path: '/stock/{{item}}', params: toolParameters.properties };
  return {
    format: 'switchyard.flow',
    version: 1,
    name: 'Stock',
    nodes: {
      ask: { kind: 'input', config: { fields: { question: { type: 'string' } } } },
      clerk: { kind: 'control', config: { model, instructions: job.system } },
      stock: { kind: 'http', config: { connection: 'shop', operations: [read] } },
      tell: { kind: 'output', config: { fields: { answer: { type: 'string' } } } },
    },
    links: [
      { from: 'ask.question', to: 'clerk.request' },
      { from: 'clerk.answer', to: 'tell.answer' },
    ],
    grants: [{ from: 'clerk', to: 'stock' }],
  };
}
