/** Kinds in the groups of the palette: by layer, in the order of the registry. */
import type { Kind } from '@switchyard/engine';

export interface LayerGroup {
  layer: Kind['layer'];
  title: string;
  kinds: Kind[];
}

const groups: readonly Pick<LayerGroup, 'layer' | 'title'>[] = [
  { layer: 'control', title: 'Control layer' },
  { layer: 'data', title: 'Data layer' },
  { layer: 'end', title: 'Ends' },
];

/** The groups that have a kind. */
export function layerGroups(kinds: Iterable<Kind>): LayerGroup[] {
  const all = [...kinds];
  return groups.map((group) => ({ ...group, kinds: all.filter((kind) => kind.layer === group.layer) })).filter((group) => group.kinds.length > 0);
}

/** Does the kind answer to these words? */
export function answersTo(kind: Kind, words: string): boolean {
  const text = `${kind.title} ${kind.tagline} ${kind.kind}`.toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
