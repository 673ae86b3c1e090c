/** What a terminal shows of texts that a model, a service or a document wrote. */
import type { OpenWait } from '@switchyard/shared';
import { expect, it } from 'vitest';
import { diagnosticText } from './diagnostic-text.ts';
import { questionText } from './questions-text.ts';

const trick = '\u001b[2K\r\u202e05\u200b\u009b1A';
const shown = '\\u{1b}[2K\\u{d}\\u{202e}05\\u{200b}\\u{9b}1A';

it('a question shows what is asked, whatever its texts would do to a terminal', () => {
  const question: OpenWait = {
    run: 'r1',
    flowName: 'Pay',
    key: 'k',
    task: 't',
    since: 0,
    ask: { about: 'call', node: 'n', title: `Pay ${trick}`, text: `one\n${trick}`, operation: 'bank.pay', arguments: { to: trick } },
  };
  expect(questionText(question).split('\n')).toEqual([
    `r1 k (Pay): Pay ${shown}`,
    '  one',
    `  ${shown}`,
    '  operation: bank.pay',
    // JSON escapes some of it itself.
    '  arguments: {"to":"\\u001b[2K\\r\\u{202e}05\\u{200b}\\u{9b}1A"}',
    '  answers: approve, edit, reject',
  ]);
});

it('a diagnostic stands on its line', () => {
  const text = diagnosticText({
    code: 'node-unreachable',
    severity: 'warning',
    path: '/nodes/t',
    node: 't',
    message: `"${trick}\nerror" (t)`,
    fix: { title: trick },
  });
  expect(text).toBe(`warning at t (/nodes/t): "${shown}\\u{a}error" (t) [node-unreachable]\n  fix: ${shown}`);
});
