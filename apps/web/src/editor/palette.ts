/** Kinds in the groups of the palette: by layer, in the order of the registry. */
import type { Kind } from '@switchyard/engine';
import type { EditorState } from './editor-store.ts';

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

/** What can be added to the open flow: a kind that runs a flow only where the document has one to run, or another is saved that can be brought in. */
export function offeredKinds(kinds: Iterable<Kind>, { flow, flowId, savedFlows }: Pick<EditorState, 'flow' | 'flowId' | 'savedFlows'>): Kind[] {
  const hasFlowToRun = Object.keys(flow.flows ?? {}).length > 0 || savedFlows.some((id) => id !== flowId);
  return [...kinds].filter((kind) => hasFlowToRun || kind.subflow === undefined);
}

/** Does the kind answer to these words? */
export function answersTo(kind: Kind, words: string): boolean {
  const text = `${kind.title} ${kind.tagline} ${kind.kind}`.toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
