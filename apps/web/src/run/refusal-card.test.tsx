// @vitest-environment happy-dom
/** Why a run did not start is told with its place: "Choose a connection." alone leaves one looking for where. */
import { emptyFlow, type Diagnostic } from '@switchyard/shared';
import { act } from 'react';
import { expect, test } from 'vitest';
import { setStage } from '../testing/stage.tsx';
import { editor } from '../use-editor.ts';
import { RefusalCard } from './refusal-card.tsx';

const stage = setStage();

test('each mistake names its node and its setting', () => {
  const flow = { ...emptyFlow('Test'), nodes: { orders: { kind: 'sql', title: 'Shop orders', config: {} } } };
  act(() => editor.open({ id: 'test', revision: 1, flow }));
  const mistake: Diagnostic = {
    code: 'config-invalid',
    severity: 'error',
    path: '/nodes/orders/config/connection',
    node: 'orders',
    field: 'connection',
    message: 'Choose a connection.',
  };
  stage.render(<RefusalCard refusal={{ message: 'The flow has errors, so it does not run: 1', diagnostics: [mistake] }} />);
  expect(stage.host.querySelector('li')?.textContent).toBe('Choose a connection.Shop orders · ConnectionShow');
});
