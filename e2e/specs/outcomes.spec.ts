/** After a crash in the midst of a write a person says what became of it; and a replay that takes another way says where. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startApplication, type Application } from '../application.ts';
import type { Designer } from '../designer.ts';
import { expect, test } from '../test.ts';

let office: Server;
let asked: string[];
/** Whether the office answers; where not, a write stays under way. */
let isAnswering: boolean;

test.beforeEach(async () => {
  // The application is started twice.
  test.slow();
  asked = [];
  isAnswering = false;
  office = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    if (isAnswering) response.setHeader('content-type', 'application/json').end('{"filed":"again"}');
  }).listen(0, '127.0.0.1');
  await once(office, 'listening');
});

test.afterEach(() => {
  office.closeAllConnections();
  office.close();
});

/** A step that writes, broken off by a crash of the server; the server of the same data folder that comes after it. */
async function crashInWrite(application: Application, designer: Designer, dataFolder: string): Promise<Application> {
  const { port } = office.address() as AddressInfo;
  await application.mutate('workspace.saveConnection', { name: 'office', connection: { type: 'http', baseUrl: `http://127.0.0.1:${port}` } });
  const file = { name: 'file', description: 'Files a report.', method: 'POST', path: '/reports', body: { title: '{{title}}' } };
  const flow = {
    format: 'switchyard.flow',
    version: 1,
    name: 'Filing',
    nodes: {
      ask: { kind: 'input', title: 'Report', config: { fields: { title: { type: 'string' } } } },
      file: { kind: 'http', title: 'File it', config: { connection: 'office', operations: [file] } },
      reply: { kind: 'output', title: 'Answer', config: { fields: { answer: {} } } },
    },
    links: [
      { from: 'ask.title', to: 'file.title' },
      { from: 'file.body', to: 'reply.answer' },
    ],
  };
  await application.mutate('flows.create', { flow });
  await designer.page.reload();
  await designer.openFlow('Filing');
  await designer.ask('March');
  await expect.poll(() => asked).toEqual(['POST /reports']);
  application.process.kill('SIGKILL');
  await once(application.process, 'exit');
  const next = await startApplication(dataFolder);
  await designer.open(next.url);
  await designer.openFlow('Filing');
  await designer.page.getByRole('banner').getByRole('button', { name: '1 open question' }).click();
  await designer.page.getByRole('list', { name: 'Open questions' }).getByRole('button').click();
  await expect(designer.questions).toContainText('What it was called with');
  await expect(designer.questions).toContainText('March');
  return next;
}

test('a write that did happen is gone on from, with what it gave, and is not made again', async ({ application, designer, dataFolder }) => {
  const next = await crashInWrite(application, designer, dataFolder);
  try {
    await designer.picture('25-outcome');
    await designer.questions.getByRole('button', { name: 'It happened' }).click();
    await designer.questions.getByRole('textbox', { name: 'What it gave' }).fill('{ "filed": "once" }');
    await designer.questions.getByRole('button', { name: 'Go on with this' }).click();
    expect(await designer.answer()).toContain('once');
    expect(asked).toEqual(['POST /reports']);
  } finally {
    await next.stop();
  }
});

test('a write that did not happen is repeated', async ({ application, designer, dataFolder }) => {
  const next = await crashInWrite(application, designer, dataFolder);
  try {
    isAnswering = true;
    await designer.questions.getByRole('button', { name: 'It did not: repeat it' }).click();
    expect(await designer.answer()).toContain('again');
    expect(asked).toEqual(['POST /reports', 'POST /reports']);
  } finally {
    await next.stop();
  }
});
