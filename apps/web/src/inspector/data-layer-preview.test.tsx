// @vitest-environment happy-dom
/** What stands in place of a preview, or beside it, where not all could be told. */
import { emptyFlow, type Diagnostic, type Json } from '@switchyard/shared';
import { act } from 'react';
import { expect, test, vi } from 'vitest';
import { setStage } from '../testing/stage.tsx';
import { editor, session } from '../use-editor.ts';
import { DataLayerPreview } from './data-layer-preview.tsx';

const stage = setStage();

/** The preview of a node with one grant, once the server has answered so. */
async function open(answer: Response): Promise<void> {
  vi.stubGlobal('fetch', async () => answer);
  const nodes = { boss: { kind: 'control', config: { model: 'planner' } }, shop: { kind: 'sql', config: { connection: 'shop' } } };
  act(() => {
    editor.open({ id: 'test', revision: 1, flow: { ...emptyFlow('Test'), nodes, grants: [{ from: 'boss', to: 'shop' }] } });
    stage.render(<DataLayerPreview id="boss" />);
  });
  act(() => stage.host.querySelector('button')?.click());
  await act(async () => await vi.waitFor(() => expect(stage.host.textContent).not.toContain('Reading what')));
}

const told = (data: Json) => Response.json({ result: { data } });
const button = (name: string) => [...stage.host.querySelectorAll('button')].find(({ textContent }) => textContent === name);
const mistakes = () => [...stage.host.querySelectorAll('li')].map(({ textContent }) => textContent);

test('errors of the flow are not told again, but shown on demand', async () => {
  const diagnostics: Diagnostic[] = [{ code: 'config-invalid', severity: 'error', path: '/nodes/shop', message: 'Long and told elsewhere' }];
  const data = { code: 'BAD_REQUEST', httpStatus: 400, diagnostics };
  await open(Response.json({ error: { message: 'The flow has errors: Long and told elsewhere', code: -32600, data } }, { status: 400 }));
  expect(mistakes()).toEqual(['The flow has errors: mend them first, then this can be told.Show']);
  expect(button('Refresh')).toBeUndefined();
  act(() => button('Show')?.click());
  expect(session.getState()).toMatchObject({ isDockOpen: true, dockTab: 'problems' });
});

test('a connection that could not be read stands beside what is told without it', async () => {
  await open(
    told({ request: { messages: [{ role: 'user', text: 'x' }], tools: [] }, unread: [{ connection: 'shop', message: 'Connection "shop" is down.' }] }),
  );
  expect(mistakes()).toEqual(['Connection "shop" is down. A run goes on without it.']);
  expect(stage.host.textContent).toContain('Without a request');
});

test('what would end the node before it asks stands in place of the rest', async () => {
  await open(told({ failure: { code: 'operation-missing', message: 'It is not offered.', retry: 'never' }, unread: [] }));
  expect(mistakes()).toEqual(['It is not offered.']);
  expect(stage.host.textContent).not.toContain('Without a request');
  expect(button('Refresh')).toBeDefined();
});
