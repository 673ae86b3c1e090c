/** The workspace document, version 1: the models, connections and secrets that flows name. zod owns its shape. */
import { z } from 'zod';
import { connectionSchema } from './connections/index.ts';
import { nameSchema } from './flow.ts';
import { poolLimitsSchema } from './pool-limits.ts';
import { secretRefSchema } from './secret-ref.ts';

/** What is known of a model's size; sizes it and, later, plans its GPUs. Prices in US dollars per million tokens. */
export const modelCardSchema = z.strictObject({
  parametersB: z.number().positive().optional(),
  bitsPerWeight: z.number().positive().optional(),
  contextTokens: z.int().positive().optional(),
  layers: z.int().positive().optional(),
  kvHeads: z.int().positive().optional(),
  headDim: z.int().positive().optional(),
  inputPrice: z.number().nonnegative().optional(),
  outputPrice: z.number().nonnegative().optional(),
});

/** Models that run within Switchyard: `model` is a file or folder of the server's machine, relative to the workspace file. */
export const localProviders = ['gguf', 'onnx'] as const;
export type LocalProvider = (typeof localProviders)[number];

const providers = ['builtin', 'openai-compatible', 'openai', 'anthropic', 'google', 'ollama', ...localProviders] as const;

/** How a model is offered tools: by its endpoint's own tool calling, by JSON that its endpoint holds to a schema, by JSON of any shape, or by words alone. */
export const modelProtocols = ['native', 'json-schema', 'json-object', 'prompt'] as const;

/** The field of a request that holds an answer to a JSON Schema, as endpoints name it. */
export const schemaFields = ['response_format', 'structured_outputs', 'guided_json', 'json_schema'] as const;

const protocolSchema = z.enum(modelProtocols);
const schemaFieldSchema = z.enum(schemaFields);

export const modelSchema = z.strictObject({
  provider: z.enum(providers),
  model: z.string().min(1),
  baseUrl: z.url({ protocol: /^https?$/ }).optional(),
  apiKey: secretRefSchema.optional(),
  protocol: protocolSchema
    .optional()
    .meta({ description: 'How it is offered tools and held to a schema. Left out: as its latest test found, else its endpoint is asked.' }),
  schemaField: schemaFieldSchema.optional().meta({ description: 'The field of a request that carries a JSON Schema; default response_format.' }),
  tested: z
    .strictObject({ protocol: protocolSchema, schemaField: schemaFieldSchema.optional() })
    .optional()
    .meta({ description: 'What its latest test found to work; counts where "protocol" is left out.' }),
  card: modelCardSchema.optional(),
  limits: poolLimitsSchema.optional(),
});

export const workspaceSchema = z.strictObject({
  format: z.literal('switchyard.workspace'),
  version: z.literal(1),
  models: z.record(nameSchema, modelSchema).default({}),
  connections: z.record(nameSchema, connectionSchema).default({}),
});

export type ModelCard = z.infer<typeof modelCardSchema>;
export type Model = z.infer<typeof modelSchema>;

/** Whether models of this provider run within Switchyard. */
export function isLocalProvider(provider: Model['provider']): provider is LocalProvider {
  return (localProviders as readonly string[]).includes(provider);
}
export type ModelProtocol = (typeof modelProtocols)[number];
export type SchemaField = (typeof schemaFields)[number];
export type Workspace = z.infer<typeof workspaceSchema>;

export function emptyWorkspace(): Workspace {
  return { format: 'switchyard.workspace', version: 1, models: {}, connections: {} };
}
