/** One list of actions: no two share a key, and each press means what is shown. */
import { emptyFlow } from '@switchyard/shared';
import { describe, expect, test } from 'vitest';
import type { ActionHost } from './action.ts';
import { createActions } from './actions.ts';
import { isPress, keysText, type KeyPress } from './keys.ts';
import { createMemoryStorage, createSession } from './session.ts';
import { openEditor } from './testing/editor-driver.ts';

const user = openEditor();
const nothing = () => undefined;
const begun: string[] = [];
const host: ActionHost = {
  editor: user.editor,
  session: createSession(createMemoryStorage()),
  canvas: nothing,
  run: {
    start: nothing,
    stop: nothing,
    isRunning: () => false,
    canBegin: () => true,
    fromNode: (node) => begun.push(node),
    nodeAlone: nothing,
    toNode: nothing,
    whyNoPin: (node) => [`${node} is only called.`],
    togglePin: nothing,
    hasEnded: () => false,
    saveAsTest: nothing,
    replay: nothing,
  },
  files: { create: nothing, importFile: nothing, download: nothing, copyText: nothing, duplicate: nothing },
  clipboard: { copy: nothing, paste: nothing },
  makeFlow: nothing,
  openDialog: nothing,
  nextPanel: nothing,
  say: nothing,
};
const actions = createActions(host);
const act = (title: string) => {
  const action = actions.find((each) => each.title === title);
  if (!action) throw new Error(`There is no action "${title}"`);
  return action;
};
const press = (key: string, held: Partial<KeyPress> = {}): KeyPress => ({ key, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...held });

describe('actions', () => {
  test('have ids and keys of their own', () => {
    const ids = actions.map((action) => action.id);
    const keys = actions.flatMap((action) => action.keys);
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test('are enabled only where they can do something', () => {
    expect(act('Undo').isEnabled()).toBe(false);
    expect(act('Delete').isEnabled()).toBe(false);
    user.selects(user.adds('input'));
    expect(act('Delete').isEnabled()).toBe(true);
    act('Delete').run();
    expect(user.flow().nodes).toEqual({});
    act('Undo').run();
    expect(Object.keys(user.flow().nodes)).toEqual(['input']);
  });

  test('a run begins at the one node that is selected', () => {
    user.selects();
    expect(act('Run from here').isEnabled()).toBe(false);
    const [node] = Object.keys(user.flow().nodes) as [string];
    user.selects(node);
    expect(act('Run from here').isEnabled()).toBe(true);
    expect([act('Pin or unpin its outputs').isEnabled(), act('Pin or unpin its outputs').whyNot()]).toEqual([false, [`${node} is only called.`]]);
    act('Run from here').run();
    expect(begun).toEqual([node]);
  });

  test('Enter leads into the flow that the selected node runs, Escape back', () => {
    const within = openEditor({ ...emptyFlow('Outer'), flows: { inner: { nodes: {}, links: [], grants: [] } } });
    const [runner, other] = [within.adds('flow'), within.adds('template')];
    within.types(runner, 'flow', 'inner');
    const own = createActions({ ...host, editor: within.editor });
    const [into, back] = ['Enter', 'Escape'].map((key) => own.find((each) => each.keys[0] === key) as (typeof own)[number]);
    within.selects(other);
    expect([into?.isEnabled(), back?.isEnabled()]).toEqual([false, false]);
    within.selects(runner);
    into?.run();
    expect([within.editor.state().level, into?.isEnabled(), back?.isEnabled()]).toEqual([[{ flow: 'inner', node: runner }], false, true]);
    back?.run();
    expect([within.editor.state().level, within.editor.state().selection.nodes]).toEqual([[], [runner]]);
  });

  test('arrows walk, and with Alt move within the band', () => {
    const [left, right] = Object.keys(user.flow().nodes).concat(user.adds('output', [400, 0]));
    user.selects(left as string);
    act('Go to the node on the right').run();
    expect(user.editor.state().selection.nodes).toEqual([right]);
    const before = user.flow().layout?.[right as string] as [number, number];
    act('Move down').run();
    act('Move down').run();
    expect(user.flow().layout?.[right as string]).toEqual([before[0], before[1] + 16]);
  });
});

describe('keys', () => {
  test.each([
    ['Mod+K', press('k', { ctrlKey: true }), false, true],
    ['Mod+K', press('k', { metaKey: true }), true, true],
    ['Mod+K', press('k', { ctrlKey: true }), true, false],
    ['Mod+Z', press('Z', { ctrlKey: true, shiftKey: true }), false, false],
    ['Mod+Shift+Z', press('Z', { ctrlKey: true, shiftKey: true }), false, true],
    ['Shift+L', press('L', { shiftKey: true }), false, true],
    ['?', press('?', { shiftKey: true }), false, true],
    ['Plus', press('+', { shiftKey: true }), false, true],
    ['1', press('1'), false, true],
    ['1', press('1', { altKey: true }), false, false],
    ['F2', press('F2'), false, true],
    ['Delete', press('Delete', { ctrlKey: true }), false, false],
  ] as const)('%s', (keys, pressed, isMac, expected) => {
    expect(isPress(pressed, keys, isMac)).toBe(expected);
  });

  test('are shown as they are on the keyboard', () => {
    expect(keysText('Mod+Shift+Z', false)).toBe('Ctrl Shift Z');
    expect(keysText('Mod+Enter', true)).toBe('⌘ ↵');
  });
});
