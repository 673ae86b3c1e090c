/** A model's place between small and large, with the size of its weights. */
import type { ModelTier } from '@switchyard/shared';
import { sizeText } from '../editor/workspace-names.ts';
import { Badge, type Tone } from '../ui/badge.tsx';

const tones: Record<ModelTier, Tone> = { SLM: 'data', workstation: 'neutral', LLM: 'control' };

interface ModelBadgeProps {
  tier: ModelTier | undefined;
  /** Size of the weights in GB. */
  gb: number | undefined;
  isBuiltin?: boolean;
}

/** Nothing where the size is not known; the built-in ones say what they are. */
export function ModelBadge({ tier, gb, isBuiltin }: ModelBadgeProps) {
  if (isBuiltin) return <Badge>built-in</Badge>;
  if (!tier || gb === undefined) return null;
  return (
    <Badge tone={tones[tier]}>
      {tier} {sizeText(gb)}
    </Badge>
  );
}
