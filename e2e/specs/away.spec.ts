/** A server that ends while somebody watches a run: that is told, and the window goes on by itself once the server is back. */
import { once } from 'node:events';
import { startApplication } from '../application.ts';
import { expect, test } from '../test.ts';

const flow = {
  format: 'switchyard.flow',
  version: 1,
  name: 'Slow',
  nodes: {
    ask: { kind: 'input', title: 'Text', config: { fields: { text: { type: 'string' } } } },
    hold: { kind: 'wait', title: 'Hold', config: { seconds: 8 } },
    reply: { kind: 'output', title: 'Answer', config: { fields: { answer: { type: 'string' } } } },
  },
  links: [
    { from: 'ask.text', to: 'hold.value' },
    { from: 'hold.value', to: 'reply.answer' },
  ],
};

test('a server that is killed while a run is watched is missed in every tab of the dock, and the run goes on with the next', async ({
  application,
  designer,
  page,
  dataFolder,
}) => {
  test.slow();
  await application.mutate('flows.create', { flow });
  await page.reload();
  await designer.openFlow('Slow');
  await designer.ask('still here');
  await designer.show('Trace');
  await expect(designer.traceRow(/^Hold/)).toBeVisible();
  application.process.kill('SIGKILL');
  await once(application.process, 'exit');
  const lost = page.getByRole('status').filter({ hasText: 'Connection lost' });
  await expect(lost).toBeVisible();
  await designer.picture('88-connection-lost');
  const next = await startApplication(dataFolder, Number(new URL(application.origin).port));
  try {
    await expect(lost).toHaveCount(0, { timeout: 20_000 });
    await designer.ended();
    await designer.show('Run');
    expect(await designer.answer()).toContain('still here');
  } finally {
    await next.stop();
  }
});
