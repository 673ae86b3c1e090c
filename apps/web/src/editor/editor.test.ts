/** The editor as a person uses it. */
import { emptyFlow, linkEnd, readFlow, flowText, type Flow } from '@switchyard/shared';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openEditor } from './testing/editor-driver.ts';
import { anyEdit } from './testing/random-edits.ts';

describe('undo and redo', () => {
  test('take back and bring back one step at a time', () => {
    const user = openEditor();
    const ask = user.adds('input');
    user.renames(ask, 'Question');
    user.undoes();
    expect(user.flow().nodes[ask]?.title).toBeUndefined();
    user.undoes();
    expect(user.flow().nodes).toEqual({});
    user.redoes();
    user.redoes();
    expect(user.flow().nodes[ask]?.title).toBe('Question');
  });

  test('typing is one step, until there is a pause or the field is left', async () => {
    const user = openEditor();
    const node = user.adds('template');
    for (const text of ['H', 'He', 'Hello']) user.types(node, 'template', text);
    await user.waits(2000);
    user.types(node, 'template', 'Hello you');
    user.editor.seal();
    user.types(node, 'template', 'Hello you!');
    const values: unknown[] = [];
    for (let step = 0; step < 4; step += 1) {
      values.push(user.flow().nodes[node]?.config.template);
      user.undoes();
    }
    expect(values).toEqual(['Hello you!', 'Hello you', 'Hello', '']);
  });

  test('a new edit drops what was undone', () => {
    const user = openEditor();
    user.adds('input');
    user.undoes();
    user.adds('output');
    user.redoes();
    expect(Object.values(user.flow().nodes).map((node) => node.kind)).toEqual(['output']);
  });

  test('undoing any sequence of edits gives back the document exactly, and redoing it the last one', () => {
    fc.assert(
      fc.property(fc.array(anyEdit, { maxLength: 40, size: 'max' }), (edits) => {
        const user = openEditor();
        const before = JSON.stringify(user.flow());
        for (const edit of edits) edit(user);
        const after = JSON.stringify(user.flow());
        let steps = 0;
        for (; user.editor.state().history.past.length > 0; steps += 1) user.undoes();
        expect(JSON.stringify(user.flow())).toBe(before);
        for (; steps > 0; steps -= 1) user.redoes();
        expect(JSON.stringify(user.flow())).toBe(after);
      }),
      { numRuns: 200 },
    );
  });
});

describe('whatever is edited', () => {
  test('no link, grant or position is left without its node, and the document stays valid', () => {
    fc.assert(
      fc.property(fc.array(anyEdit, { maxLength: 40, size: 'max' }), (edits) => {
        const user = openEditor();
        for (const edit of edits) {
          edit(user);
          expect(dangling(user.flow())).toEqual([]);
        }
        expect(readFlow(user.text()).diagnostics).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  test('exporting, importing and exporting again gives the same bytes', () => {
    fc.assert(
      fc.property(fc.array(anyEdit, { maxLength: 30 }), (edits) => {
        const user = openEditor();
        for (const edit of edits) edit(user);
        const text = user.text();
        const { document } = readFlow(text);
        expect(flowText(document as Flow)).toBe(text);
      }),
      { numRuns: 100 },
    );
  });
});

describe('deleting', () => {
  test('a node takes its links and grants with it', () => {
    const user = openEditor();
    const [ask, plan, orders] = [user.adds('input'), user.adds('control'), user.adds('sql')];
    user.links(`${ask}.question`, `${plan}.request`);
    user.grants(plan, orders);
    user.selects(plan);
    user.deletes();
    expect(user.flow()).toMatchObject({ links: [], grants: [] });
    expect(Object.keys(user.flow().layout ?? {})).toEqual([ask, orders]);
  });

  test('what was selected and is gone is selected no longer', () => {
    const user = openEditor();
    const ask = user.adds('input');
    user.selects(ask);
    user.undoes();
    expect(user.editor.state().selection.nodes).toEqual([]);
  });
});

describe('the clipboard', () => {
  test('copies nodes with the wires between them, under new ids', () => {
    const user = openEditor();
    const [plan, orders] = [user.adds('control'), user.adds('sql', [0, 400])];
    user.grants(plan, orders);
    user.selects(plan, orders);
    user.pastes(user.copies(), [1000, 0]);
    expect(Object.keys(user.flow().nodes)).toHaveLength(4);
    expect(user.flow().grants).toEqual([
      { from: plan, to: orders },
      { from: `${plan}_2`, to: `${orders}_2` },
    ]);
    expect(user.editor.state().selection.nodes).toEqual([`${plan}_2`, `${orders}_2`]);
  });

  test("takes a whole flow's text", () => {
    const other = openEditor();
    other.links(`${other.adds('input')}.question`, `${other.adds('output')}.answer`);
    const user = openEditor();
    expect(user.pastes(other.text())).toBeUndefined();
    expect(Object.values(user.flow().nodes).map((node) => node.kind)).toEqual(['input', 'output']);
    expect(user.flow().links).toHaveLength(1);
  });

  test('leaves foreign text alone, and says what is wrong with broken text of ours', () => {
    const user = openEditor();
    expect(user.pastes('select 1')).toBeUndefined();
    expect(user.pastes('{"format":"switchyard.selection","version":1,"nodes":{"__proto__":{"kind":"input"}}}')).toContain('cannot be pasted');
    expect(user.pastes('{"format":"switchyard.selection","version":1,"nodes":{"BAD":{"kind":"input"}}}')).toContain('cannot be pasted');
    expect(user.flow().nodes).toEqual({});
  });

  test('a pasted node stands in the band of its layer', () => {
    const user = openEditor();
    user.selects(user.adds('sql', [0, 400]));
    user.pastes(user.copies(), [0, -500]);
    expect(user.flow().layout?.sql_2?.[1]).toBeGreaterThan(256);
  });
});

describe('what is derived', () => {
  test('problems are known after a pause, and moving a node compiles nothing', async () => {
    const user = openEditor();
    const node = user.adds('output');
    await user.waits(300);
    const { derived, here } = user.editor.state();
    expect(derived.of).toBe(user.flow());
    expect(here.byNode.get(node)?.map((diagnostic) => diagnostic.code)).toContain('node-unreachable');
    user.drags(node, [50, 60]);
    await user.waits(300);
    expect(user.editor.state().derived).toBe(derived);
  });

  test('a past run on screen keeps the document from being changed', () => {
    const user = openEditor();
    const node = user.adds('input');
    user.editor.freeze(emptyFlow('As it ran'));
    user.renames(node, 'Other');
    user.undoes();
    expect(user.editor.state().shown.name).toBe('As it ran');
    user.editor.freeze(undefined);
    expect(user.flow().nodes[node]).toBeDefined();
    expect(user.flow().nodes[node]?.title).toBeUndefined();
  });
});

describe('positions', () => {
  test('a document without a layout gets one only when nodes or wires change, and nothing jumps then', () => {
    const flow: Flow = {
      ...emptyFlow('Bare'),
      nodes: { ask: { kind: 'input', config: { fields: { q: {} } } }, reply: { kind: 'output', config: { fields: { a: {} } } } },
    };
    const user = openEditor(flow);
    user.types('ask', 'fields', { q: { type: 'string' } });
    expect(user.flow().layout).toBeUndefined();
    user.links('ask.q', 'reply.a');
    expect(Object.keys(user.flow().layout ?? {})).toEqual(['ask', 'reply']);
  });
});

function dangling(flow: Flow): string[] {
  const isMissing = (id: string) => !Object.hasOwn(flow.nodes, id);
  return [
    ...flow.links.flatMap((link) => [linkEnd(link.from).node, linkEnd(link.to).node]),
    ...flow.grants.flatMap((grant) => [grant.from, grant.to]),
    ...Object.keys(flow.layout ?? {}),
  ].filter(isMissing);
}
