/** The vendors, one entry each. Their packages are imported at the first call of such a model, so that starting loads none of them. */
import type { Vendor } from './vendor-client.ts';

export const openai: Vendor = {
  load: async (settings, model) => (await import('@ai-sdk/openai')).createOpenAI(settings).responses(model),
  // Nothing of a run is kept at the vendor, and schemas need not be of the vendor's strict subset.
  options: { openai: { store: false, strictJsonSchema: false } },
};

export const anthropic: Vendor = {
  load: async (settings, model) => (await import('@ai-sdk/anthropic')).createAnthropic(settings).languageModel(model),
};

export const google: Vendor = {
  load: async (settings, model) => (await import('@ai-sdk/google')).createGoogle(settings).languageModel(model),
  wantsCallsBack: true,
};
