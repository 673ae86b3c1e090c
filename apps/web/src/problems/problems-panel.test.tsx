// @vitest-environment happy-dom
/** Each mistake says where it is. */
import { emptyFlow } from '@switchyard/shared';
import { act } from 'react';
import { expect, test } from 'vitest';
import { compilerLoaded } from '../browser-editor.ts';
import { setStage } from '../testing/stage.tsx';
import { editor } from '../use-editor.ts';
import { ProblemsPanel } from './problems-panel.tsx';

const stage = setStage();

test('the same mistake in two entries of a list is told apart by their numbers, under the name that the form has for it', async () => {
  await compilerLoaded;
  const cases = [{ when: 'true' }, { when: 'false' }];
  const flow = { ...emptyFlow('Test'), nodes: { way: { kind: 'branch', title: 'Way', config: { cases } } } };
  act(() => {
    editor.open({ id: 'test', revision: 1, flow });
    editor.check();
  });
  stage.render(<ProblemsPanel />);
  const rows = [...stage.host.querySelectorAll('li')].map(({ textContent }) => textContent);
  expect(rows).toContain('Fill in "Port".Way · Cases 1 · config-invalid');
  expect(rows).toContain('Fill in "Port".Way · Cases 2 · config-invalid');
});
