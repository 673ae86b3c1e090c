import { kinds } from '@switchyard/engine/nodes';
import { emptyFlow, type Flow } from '@switchyard/shared';
import { describe, expect, test } from 'vitest';
import { offeredKinds } from './palette.ts';

/** What fits beside the icon at the panel's first width. */
const longestTagline = 34;

describe('the palette', () => {
  test('offers what runs a flow only where the document has one, or another is saved', () => {
    const names = (flow: Flow, savedFlows = ['open']) => offeredKinds(kinds.values(), { flow, flowId: 'open', savedFlows }).map(({ kind }) => kind);
    const runsSubflows = [...kinds.values()].filter(({ subflow }) => subflow).map(({ kind }) => kind);
    expect(runsSubflows.length).toBeGreaterThan(0);
    expect(names(emptyFlow('plain'))).toEqual([...kinds.keys()].filter((kind) => !runsSubflows.includes(kind)));
    expect(names(emptyFlow('plain'), ['open', 'other'])).toEqual([...kinds.keys()]);
    expect(names({ ...emptyFlow('nested'), flows: { inner: { nodes: {}, links: [], grants: [] } } })).toEqual([...kinds.keys()]);
  });

  test('says what each kind is in one line', () => {
    const tooLong = [...kinds.values()].filter(({ tagline }) => tagline.length > longestTagline).map(({ kind, tagline }) => `${kind}: ${tagline}`);
    expect(tooLong).toEqual([]);
  });
});
