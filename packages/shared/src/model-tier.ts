/** The dividing line between small and large models, by the size of their weights. */
import type { ModelCard } from './workspace.ts';

export type ModelTier = 'SLM' | 'workstation' | 'LLM';

/** Size of the weights in GB (10^9 bytes): parameters times bits per weight over 8; undefined where the card does not say. */
export function weightsGb(card: ModelCard | undefined): number | undefined {
  return card?.parametersB === undefined ? undefined : (card.parametersB * (card.bitsPerWeight ?? 16)) / 8;
}

/**
 * SLM: up to 8 GB of weights, which one small GPU holds; LLM: from 48 GB, which need a high-end GPU or several;
 * between them what a workstation with 128 GB of unified memory runs at ease.
 */
export function modelTier(card: ModelCard | undefined): ModelTier | undefined {
  const gb = weightsGb(card);
  if (gb === undefined) return undefined;
  if (gb <= 8) return 'SLM';
  return gb < 48 ? 'workstation' : 'LLM';
}
