/** Auto layout: bands are kept, links lead right, no card covers another, and it stays quick. */
import { kinds } from '@switchyard/engine/nodes';
import { examples, examplesOnServers, readExampleFlow } from '@switchyard/examples';
import { emptyFlow, linkEnd, type Flow, type Position } from '@switchyard/shared';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { autoLayout, positionsOf } from './auto-layout.ts';
import { cardSize, dividerOf, homeBand } from './bands.ts';
import { createFaces } from './node-face.ts';
import { openEditor } from './testing/editor-driver.ts';
import { anyEdit } from './testing/random-edits.ts';
import { nodeTowards } from './walk.ts';

const faceOf = createFaces(kinds);

/** `chains` chains of question, planner and answer, each planner with `called` data nodes. */
function largeFlow(chains: number, called: number): Flow {
  const flow: Flow = emptyFlow('Large');
  for (let chain = 0; chain < chains; chain += 1) {
    flow.nodes[`ask${chain}`] = { kind: 'input', config: { fields: { q: {} } } };
    flow.nodes[`plan${chain}`] = { kind: 'control', config: { model: 'planner' } };
    flow.nodes[`reply${chain}`] = { kind: 'output', config: { fields: { a: {} } } };
    flow.links.push({ from: `ask${chain}.q`, to: `plan${chain}.request` }, { from: `plan${chain}.answer`, to: `reply${chain}.a` });
    for (let number = 0; number < called; number += 1) {
      flow.nodes[`data${chain}_${number}`] = { kind: 'sql', config: { connection: 'shop' } };
      flow.grants.push({ from: `plan${chain}`, to: `data${chain}_${number}` });
    }
  }
  return flow;
}

function covering(flow: Flow, layout: Readonly<Record<string, Position>>): string[] {
  const boxes = Object.entries(layout).map(([id, [x, y]]) => ({ id, x, y, ...cardSize(faceOf(flow.nodes[id] as Flow['nodes'][string])) }));
  return boxes.flatMap((one, index) =>
    boxes
      .slice(index + 1)
      .filter((other) => one.x < other.x + other.width && other.x < one.x + one.width && one.y < other.y + other.height && other.y < one.y + one.height)
      .map((other) => `${one.id} covers ${other.id}`),
  );
}

function outOfBand(flow: Flow, layout: Readonly<Record<string, Position>>): string[] {
  const divider = dividerOf(flow, layout, faceOf);
  return Object.entries(layout)
    .filter(([id, [, y]]) => {
      const face = faceOf(flow.nodes[id] as Flow['nodes'][string]);
      return homeBand(face) === 'data' ? y < divider : y + cardSize(face).height > divider;
    })
    .map(([id]) => id);
}

describe('auto layout', () => {
  test('a planner with its data stands above them, between question and answer', () => {
    const flow = largeFlow(1, 4);
    const layout = autoLayout(flow, faceOf);
    const x = (id: string) => layout[id]?.[0] ?? Number.NaN;
    expect(x('ask0')).toBeLessThan(x('plan0'));
    expect(x('plan0')).toBeLessThan(x('reply0'));
    expect(layout.data0_0?.[1]).toBe(layout.data0_3?.[1]);
    expect(outOfBand(flow, layout)).toEqual([]);
    expect(covering(flow, layout)).toEqual([]);
  });

  test('whatever the flow, every node has a place in whole numbers, in its band, covering no other', () => {
    fc.assert(
      fc.property(fc.array(anyEdit, { maxLength: 40, size: 'max' }), (edits) => {
        const user = openEditor();
        for (const edit of edits) edit(user);
        const flow = user.flow();
        const layout = autoLayout(flow, faceOf);
        expect(Object.keys(layout).sort()).toEqual(Object.keys(flow.nodes).sort());
        expect(Object.values(layout).flat().every(Number.isInteger)).toBe(true);
        expect(outOfBand(flow, layout)).toEqual([]);
        expect(covering(flow, layout)).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  test('links lead to the right where nothing goes in circles', () => {
    const flow = largeFlow(5, 2);
    const layout = autoLayout(flow, faceOf);
    for (const link of flow.links) expect(layout[linkEnd(link.from).node]?.[0]).toBeLessThan(layout[linkEnd(link.to).node]?.[0] ?? 0);
  });

  test('ten thousand nodes are laid out', () => {
    const flow = largeFlow(1000, 7);
    expect(Object.keys(autoLayout(flow, faceOf))).toHaveLength(10_000);
  });
});

describe('the examples', () => {
  test.for([...examples, ...examplesOnServers].map((example) => [example.id, example] as const))(
    'of %s each card is in its band and covers no other',
    ([, example]) => {
      const flow = readExampleFlow(example);
      const layout = positionsOf(flow, faceOf);
      expect(outOfBand(flow, layout)).toEqual([]);
      expect(covering(flow, layout)).toEqual([]);
    },
  );
});

describe('walking with the arrows', () => {
  const positions = { ask: [0, 0], plan: [272, 0], reply: [592, 0], orders: [100, 320], mood: [324, 320] } as const satisfies Record<
    string,
    readonly [number, number]
  >;
  const places: Record<string, Position> = Object.fromEntries(Object.entries(positions).map(([id, [x, y]]) => [id, [x, y] as Position]));
  test.each([
    ['ask', 'right', 'plan'],
    ['plan', 'right', 'reply'],
    ['plan', 'left', 'ask'],
    ['plan', 'down', 'mood'],
    ['mood', 'up', 'plan'],
    ['orders', 'right', 'mood'],
    ['reply', 'right', undefined],
  ] as const)('from %s to the %s: %s', (from, direction, expected) => {
    expect(nodeTowards(places, from, direction)).toBe(expected);
  });

  test('without a start, at the top left', () => {
    expect(nodeTowards(places, undefined, 'down')).toBe('ask');
  });
});
