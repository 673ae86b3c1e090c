/** The ten questions asked by each strategy of a real order desk, over real HTTP to a scripted model: what each takes. */
import { openOrderDeskRuns } from './order-desk-runs.ts';
import { startScriptedModel } from './servers/scripted-model-server.ts';
import { playQuestion, strategyQuestions, type ComparedStrategy } from './strategy-questions.ts';

export const comparedStrategies: readonly ComparedStrategy[] = ['tools', 'plan', 'code'];

export interface StrategyFigures {
  question: string;
  strategy: ComparedStrategy;
  answer: string;
  /** Turns of the model. */
  turns: number;
  inputTokens: number;
  outputTokens: number;
  ms: number;
}

/** Asks everything once; `delayOf` is how long the model takes for an answer of so many tokens. Throws where a run fails. */
export async function compareStrategies(delayOf?: (outputTokens: number) => number): Promise<StrategyFigures[]> {
  await using model = await startScriptedModel([]);
  const desk = await openOrderDeskRuns(model.model);
  try {
    // What is opened at first use is opened now, so that it counts for none of them.
    model.play(() => 'Hello.');
    await desk.run('Hello?', { strategy: 'code' });
    const figures: StrategyFigures[] = [];
    for (const asked of strategyQuestions) {
      for (const strategy of comparedStrategies) {
        model.play(playQuestion(asked, strategy, delayOf));
        const begin = performance.now();
        const { result } = await desk.run(asked.question, { strategy });
        const ms = performance.now() - begin;
        if (result.status !== 'done') throw new Error(`"${asked.question}" by ${strategy} failed: ${JSON.stringify(result.failure)}`);
        const { modelCalls: turns, inputTokens, outputTokens } = result.usage;
        figures.push({ question: asked.question, strategy, answer: String(result.outputs.answer), turns, inputTokens, outputTokens, ms });
      }
    }
    return figures;
  } finally {
    await desk.close();
  }
}
