/** Model adapters: how a model call is really made. */
export { createModelPerformer, modelKeyName, modelOrigin, type ModelPerformerOptions } from './model-performer.ts';
export { createEmbedder, type EmbedCall, type Embedder } from './embedder.ts';
export { testModel, type ModelTest, type ModelTestOptions } from './test-model.ts';
export { discoverModels, probeJson, type DiscoveredModel, type Probe } from './discover-models.ts';
export { builtinModels } from './builtin-models.ts';
export { LocalModels } from './local/local-models.ts';
