// @vitest-environment happy-dom
/** The checklist of a grant: what is ticked is in the document, also where only the connection knows what there is. */
import { emptyFlow, type Json } from '@switchyard/shared';
import { act } from 'react';
import { beforeEach, expect, test, vi } from 'vitest';
import { setStage } from '../testing/stage.tsx';
import { editor } from '../use-editor.ts';
import { GrantsSection } from './grants-section.tsx';

const stage = setStage();

let catalogue: Json | undefined;

const tool = { description: 'One', input: { type: 'object' }, isReading: true, isIdempotent: false };

beforeEach(() => {
  catalogue = { tools: { look: tool, change: { ...tool, isReading: false } }, resources: [] };
  vi.stubGlobal('fetch', async () =>
    catalogue === undefined
      ? Response.json({ error: { message: 'It is down', code: -32603, data: { code: 'INTERNAL_SERVER_ERROR', httpStatus: 500 } } }, { status: 500 })
      : Response.json({ result: { data: catalogue } }),
  );
});

async function open(operations?: string[], settings = {}): Promise<void> {
  const nodes = {
    boss: { kind: 'control', config: { model: 'planner' } },
    shop: { kind: 'mcp', title: 'Shop', config: { connection: 'shop', access: 'write', ...settings } },
  };
  const grants = [{ from: 'boss', to: 'shop', ...(operations && { operations }) }];
  act(() => {
    editor.open({ id: 'test', revision: 1, flow: { ...emptyFlow('Test'), nodes, grants } });
    stage.render(<GrantsSection id="boss" />);
  });
  act(() => row().click());
  await act(async () => await vi.waitFor(() => expect(stage.host.textContent).not.toContain('Reading what')));
}

const row = () => [...stage.host.querySelectorAll('button')].find((button) => button.textContent?.startsWith('Shop')) as HTMLButtonElement;
const boxes = () => [...stage.host.querySelectorAll<HTMLButtonElement>('[role="checkbox"]')];
const told = () =>
  boxes().map((box) => `${box.getAttribute('data-state')}${box.disabled ? ' fixed' : ''} ${box.parentElement?.querySelector('code')?.textContent}`);
const press = (name: string) =>
  act(() =>
    boxes()
      .find((box) => box.parentElement?.querySelector('code')?.textContent === name)
      ?.click(),
  );
const granted = () => editor.state().flow.grants[0]?.operations;

test('what the connection offers is ticked; one less is named, and all of it again is not', async () => {
  await open();
  expect(told()).toEqual(['checked look', 'checked change', 'checked read_resource']);
  press('change');
  expect(granted()).toEqual(['look', 'read_resource']);
  expect(row().textContent).toContain('2 of 3 · reads');
  press('change');
  expect(granted()).toBeUndefined();
  expect(row().textContent).toContain('asks before writes');
});

test('what is ticked and not offered any more is shown as such, and can be unticked', async () => {
  await open(['look', 'gone']);
  expect(told()).toEqual(['checked look', 'unchecked change', 'unchecked read_resource', 'checked gone']);
  expect(row().textContent).toContain('1 not offered · reads');
  expect(stage.host.textContent).toContain('A run fails while this is granted');
  press('gone');
  expect(granted()).toEqual(['look']);
  expect(stage.host.textContent).not.toContain('not offered');
});

test('what the settings name and the connection does not offer cannot be ticked, and says why', async () => {
  catalogue = { tools: { look: tool }, resources: [], refused: { drop: 'is new' } };
  await open(undefined, { tools: ['look', 'drop', 'nowhere'] });
  expect(told()).toEqual(['checked look', 'checked read_resource', 'unchecked fixed drop', 'unchecked fixed nowhere']);
  expect(stage.host.textContent).toContain('The definition of its tool "drop" is new: a person must read and accept it.');
  expect(stage.host.textContent).toContain('The settings name it, and the connection does not have it.');
  expect(stage.host.textContent).not.toContain('A run fails');
});

test('while it is not known what is offered, nothing can be lost by a tick', async () => {
  catalogue = undefined;
  await open(['look', 'change']);
  expect(told()).toEqual(['unchecked fixed read_resource', 'checked fixed look', 'checked fixed change']);
  expect(stage.host.textContent).toContain('could not be read');
  expect(stage.host.textContent).not.toContain('not offered');
  expect(row().textContent).toContain('2 operations · asks before writes');
});
