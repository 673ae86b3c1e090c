/** What whole plans and code are for: fewer turns and fewer tokens for the same answers. */
import { expect, test } from 'vitest';
import { compareStrategies, comparedStrategies } from '../../../testing/compare-strategies.ts';
import { strategyQuestions } from '../../../testing/strategy-questions.ts';

test('plan and code need fewer turns and tokens than tools for the same ten answers', async () => {
  const figures = await compareStrategies();
  expect(figures).toHaveLength(strategyQuestions.length * comparedStrategies.length);
  for (const { question } of strategyQuestions) {
    const answers = figures.filter((one) => one.question === question).map(({ answer }) => answer);
    expect(answers[0], question).not.toMatch(/not found|NaN|The answer: \./);
    expect(new Set(answers).size, `${question}: ${answers.join(' | ')}`).toBe(1);
  }
  const total = (strategy: string, of: 'turns' | 'inputTokens' | 'outputTokens') =>
    figures.filter((one) => one.strategy === strategy).reduce((sum, one) => sum + one[of], 0);
  for (const strategy of ['plan', 'code']) {
    expect(total(strategy, 'turns'), strategy).toBeLessThan(total('tools', 'turns'));
    expect(total(strategy, 'inputTokens') + total(strategy, 'outputTokens'), strategy).toBeLessThan(
      total('tools', 'inputTokens') + total('tools', 'outputTokens'),
    );
  }
}, 120_000);
