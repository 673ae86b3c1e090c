/** Stop: what the server says against it is told, and nothing is left to fail unseen. */
import { expect, test } from 'vitest';
import { useMessages } from '../ui/messages.ts';
import { runOrStop } from './run-flow.ts';
import { runStore } from './run-store.ts';

test('a run that cannot be stopped is told of', async () => {
  const { view } = runStore.getState();
  runStore.setState({
    mode: 'live',
    view: { ...view, run: 'r1', status: 'running' },
    cancel: () => Promise.reject(new Error('There is no run with the id "r1".')),
  });
  await runOrStop();
  expect(useMessages.getState().messages).toMatchObject([
    { isFailure: true, text: 'The run was not stopped', description: 'There is no run with the id "r1".' },
  ]);
});
