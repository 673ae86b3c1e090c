/** The vendors, one entry each. Their packages are imported at the first call of such a model, so that starting loads none of them. */
import { isJsonObject } from '@switchyard/shared';
import type { Vendor } from './vendor-client.ts';

// Nothing of a run is kept at the vendor, and schemas need not be of the vendor's strict subset.
const openaiOptions = { store: false, strictJsonSchema: false };

export const openai: Vendor = {
  load: async (settings, model) => (await import('@ai-sdk/openai')).createOpenAI(settings).responses(model),
  options: { openai: openaiOptions },
  // Its reasoning models tell none; the package then does not ask for them.
  probabilities: {
    options: { openai: { ...openaiOptions, logprobs: 1 } },
    read: ({ openai: told }) => (isJsonObject(told) && Array.isArray(told.logprobs) ? told.logprobs : []),
  },
};

export const anthropic: Vendor = {
  load: async (settings, model) => (await import('@ai-sdk/anthropic')).createAnthropic(settings).languageModel(model),
};

export const google: Vendor = {
  load: async (settings, model) => (await import('@ai-sdk/google')).createGoogle(settings).languageModel(model),
  wantsCallsBack: true,
};
