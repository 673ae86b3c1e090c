/** What the strategies of a control node take for the same ten questions: turns of the model, tokens, time; and what calls side by side take. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { emptyWorkspace, type Flow } from '../packages/shared/src/index.ts';
import { createHost } from '../packages/engine/src/adapters/host.ts';
import { compareStrategies, comparedStrategies, type StrategyFigures } from '../packages/engine/src/testing/compare-strategies.ts';
import { startScriptedModel } from '../packages/engine/src/testing/servers/scripted-model-server.ts';
import { testRun } from '../packages/engine/src/testing/test-run.ts';
import { shown } from './figures.ts';
import { machineLine, table, writeSection } from './performance-page.ts';

const isQuick = process.argv.includes('--quick');
const firstTokenMs = isQuick ? 20 : 300;
const tokenMs = isQuick ? 0 : 10;
const callMs = isQuick ? 100 : 1000;
const modelTurnMs = isQuick ? 20 : 300;
const callsAtOnce = 8;

/** One control node makes calls of `callMs` each in one turn; gives how long the run took in ms. */
async function callsSideBySide(): Promise<number> {
  const server = createServer((_, response) => setTimeout(() => response.end('{}'), callMs));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const toolCalls = Array.from({ length: callsAtOnce }, (_, n) => ({ name: 'api_get', arguments: { n: String(n) } }));
  await using model = await startScriptedModel([]);
  const script = [
    { toolCalls, delayMs: modelTurnMs },
    { text: 'Done.', delayMs: modelTurnMs },
  ];
  const connection = { type: 'http', baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` } as const;
  const workspace = { ...emptyWorkspace(), models: { m: model.model }, connections: { api: connection } };
  const secrets = { get: () => undefined, values: () => [] };
  const host = createHost({ workspace: () => workspace, baseDirectory: '.', dataDirectory: '.', secrets, examples: {} });
  const flow: Flow = {
    format: 'switchyard.flow',
    version: 1,
    name: 'side by side',
    nodes: {
      ask: { kind: 'input', config: { fields: { question: {} } } },
      boss: { kind: 'control', config: { model: 'm' } },
      api: { kind: 'http', config: { connection: 'api', operations: [{ name: 'get', description: 'Gets one', method: 'GET', path: '/{{n}}' }] } },
      reply: { kind: 'output', config: { fields: { answer: {} } } },
    },
    links: [
      { from: 'ask.question', to: 'boss.request' },
      { from: 'boss.answer', to: 'reply.answer' },
    ],
    grants: [{ from: 'boss', to: 'api' }],
  };
  let taken = 0;
  for (const _ of ['to warm up', 'to measure']) {
    model.play(script);
    const begin = performance.now();
    const { result } = await testRun(flow, { inputs: { question: 'All eight, please.' }, host });
    if (result.status !== 'done' || result.usage.toolCalls !== callsAtOnce) throw new Error(JSON.stringify(result));
    taken = performance.now() - begin;
  }
  await host.close();
  server.closeAllConnections();
  server.close();
  return taken;
}

const total = (figures: readonly StrategyFigures[], of: 'turns' | 'inputTokens' | 'outputTokens' | 'ms') => figures.reduce((sum, one) => sum + one[of], 0);
const tokensOf = (figures: readonly StrategyFigures[]) => total(figures, 'inputTokens') + total(figures, 'outputTokens');

const machine = machineLine();
const figures = await compareStrategies((outputTokens) => firstTokenMs + outputTokens * tokenMs);
const by = (strategy: string, question?: string) => figures.filter((one) => one.strategy === strategy && (question === undefined || one.question === question));
const base = by('tools');
const totals = comparedStrategies.map((strategy) => {
  const own = by(strategy);
  const part = (value: number, of: number) => `${shown(value)} (${Math.round((value / of) * 100)} %)`;
  return [
    strategy,
    part(total(own, 'turns'), total(base, 'turns')),
    part(tokensOf(own), tokensOf(base)),
    shown(total(own, 'inputTokens')),
    shown(total(own, 'outputTokens')),
    part(total(own, 'ms') / 1000, total(base, 'ms') / 1000),
  ];
});
const questions = [...new Set(figures.map(({ question }) => question))].map((question) => [
  question.replaceAll('|', '/'),
  ...comparedStrategies.map((strategy) => {
    const own = by(strategy, question);
    return `${total(own, 'turns')} · ${tokensOf(own).toLocaleString('en')} · ${(total(own, 'ms') / 1000).toFixed(2)}`;
  }),
]);
const taken = await callsSideBySide();
const least = callMs + 2 * modelTurnMs;
const report = [
  machine,
  table(['', 'turns', 'tokens', 'in', 'out', 'seconds'], totals),
  `By question: turns · tokens · seconds. The model takes ${firstTokenMs} ms and ${tokenMs} ms a token.`,
  table(['', ...comparedStrategies], questions),
  `**Calls side by side**: ${callsAtOnce} calls of ${callMs} ms in one turn between two turns of ${modelTurnMs} ms took ${shown(taken)} ms, ${((taken / least - 1) * 100).toFixed(1)} % over the slowest call and the turns (goal: 5 %).`,
].join('\n\n');
if (process.argv.includes('--json')) console.log(JSON.stringify({ figures, sideBySide: { calls: callsAtOnce, ms: taken, leastMs: least } }));
else console.log(report);
if (!isQuick && !process.argv.includes('--json')) writeSection('strategies', report);
