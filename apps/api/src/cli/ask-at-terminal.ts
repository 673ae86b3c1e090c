/** Asks at the terminal what a run asks a person, where the run is kept nowhere and so nobody could answer later. */
import {
  askChoices,
  FailureError,
  visibleLine,
  type Answer,
  type AskChoice,
  type Json,
  type JsonObject,
  type OpenWait,
  type RunEvent,
} from '@switchyard/shared';
import { eachEvent } from '../work/event-batches.ts';
import { CommandRefused, type OpenRuns, type Surroundings } from './command.ts';
import { questionText } from './questions-text.ts';
import { jsonObjectOf, jsonOf } from './seed-flags.ts';

/** Asks one line of a person; rejects when `signal` aborts. */
export type Prompt = (text: string, signal: AbortSignal) => Promise<string>;

/** Asks each question of the run as it comes, until the run ends. */
export async function askWhileRunning(run: string, { runner }: OpenRuns, { note, prompt }: Pick<Surroundings, 'note'> & { prompt: Prompt }): Promise<void> {
  const closed = new Map<string, AbortController>();
  let asking: Promise<void> = Promise.resolve();
  const ask = async (key: string, signal: AbortSignal) => {
    for (;;) {
      const question = (await runner.questions({ run })).find((open) => open.key === key);
      if (!question || signal.aborted) return;
      note(questionText(question));
      try {
        await runner.answer(run, key, await promptAnswer(question, (text) => prompt(text, signal)));
        return;
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof FailureError || error instanceof CommandRefused)) throw error;
        note(error.message);
      }
    }
  };
  for await (const event of eachEvent(runner.watch(run, -1, new AbortController().signal))) {
    if (isQuestion(event)) {
      const controller = new AbortController();
      closed.set(event.key, controller);
      // One after another: there is one terminal. Where nobody can be asked any more, the run would wait for ever.
      asking = asking
        .then(() => ask(event.key, controller.signal))
        .catch(async (error: unknown) => {
          note(`Nobody can be asked: ${(error as Error).message}`);
          await runner.cancel(run);
        });
    } else if (event.type === 'wait-end') closed.get(event.key)?.abort();
    else if (event.type === 'run-end') for (const controller of closed.values()) controller.abort();
  }
  await asking;
}

/** Throws a refusal for what is no answer. */
async function promptAnswer({ ask }: OpenWait, prompt: (text: string) => Promise<string>): Promise<Answer> {
  const choices = askChoices[ask.about];
  const word = (await prompt(`${choices.join(' / ')}? `)).trim().toLowerCase();
  const choice = choices.find((one) => word !== '' && one.startsWith(word));
  if (!choice) throw new CommandRefused(`"${word}" is none of ${choices.join(', ')}.`);
  return { ...(await partsOf(choice, ask.fields ?? {}, prompt)), ...(ask.hash !== undefined && { hash: ask.hash }) };
}

async function partsOf(choice: AskChoice, fields: Record<string, JsonObject>, prompt: (text: string) => Promise<string>): Promise<Answer> {
  switch (choice) {
    case 'approve': {
      const values: [string, Json][] = [];
      for (const [name, schema] of Object.entries(fields)) {
        const text = await prompt(visibleLine(`${name} (${JSON.stringify(schema)}): `));
        values.push([name, schema.type === 'string' ? text : jsonOf(text, name)]);
      }
      return values.length > 0 ? { choice, values: Object.fromEntries(values) } : { choice };
    }
    case 'edit':
      return { choice, arguments: jsonObjectOf(await prompt('arguments as JSON: '), 'The arguments') };
    case 'reject':
      return { choice, reason: await prompt('reason: ') };
    case 'happened':
      return { choice, result: jsonOf(await prompt('its result as JSON: '), 'The result') };
    case 'repeat':
    case 'give-up':
      return { choice };
  }
}

function isQuestion(event: RunEvent): event is Extract<RunEvent, { type: 'wait-start' }> {
  return event.type === 'wait-start' && typeof event.until === 'object' && event.until !== null && 'ask' in event.until;
}
