/** Waits for a run that a command started, tells its events where asked, passes Ctrl+C on, and prints how it ended. */
import type { Json, JsonObject, RunResult } from '@switchyard/shared';
import { eachEvent } from '../work/event-batches.ts';
import { exitCodes, type OpenRuns, type Surroundings } from './command.ts';

export interface RunOutput {
  json: boolean;
  events: boolean;
  /** The data folder that keeps the run. */
  data?: string;
}

export interface WatchedRun {
  run: string;
  /** The node that it is to end at: what that gives is told, since it is no output of the flow. */
  last?: string;
  open: OpenRuns;
  /** Settles with the run. */
  outcome: Promise<RunResult>;
}

/** Gives the exit code. */
export async function watchRun({ run, last, open, outcome }: WatchedRun, output: RunOutput, surroundings: Surroundings): Promise<number> {
  const stopListening = surroundings.onInterrupt(() => {
    surroundings.note('Cancelling…');
    void open.runner.cancel(run);
  });
  try {
    const told = output.events ? printEvents(run, open, surroundings) : Promise.resolve();
    const result = await outcome;
    await told;
    if (!output.events) {
      const given = last === undefined ? undefined : await givenBy(last, run, open);
      if (output.json) surroundings.print(JSON.stringify({ ...result, ...(given && { last: { node: last, outputs: given } }) }));
      else {
        if (given && Object.keys(result.outputs).length === 0)
          for (const [port, value] of Object.entries(given)) surroundings.print(`${last}.${port}: ${valueText(value)}`);
        printResult(result, surroundings);
      }
    }
    for (const key of await unusedEdits(run, open)) surroundings.note(unusedText(key));
    if (result.status === 'waiting') surroundings.note(await waitingText(run, open, output.data));
    if (result.status !== 'waiting') open.forget(run);
    return exitCodes[result.status];
  } finally {
    stopListening();
  }
}

async function printEvents(run: string, { runner }: OpenRuns, surroundings: Surroundings): Promise<void> {
  for await (const event of eachEvent(runner.watch(run, -1, new AbortController().signal))) {
    surroundings.print(JSON.stringify(event));
    // Of a run that waits, its end of now.
    if (event.type === 'run-end') return;
  }
}

/** The outputs of a node of the flow, also where its policy gave them for a failure; undefined where it gave none. */
async function givenBy(node: string, run: string, { runner }: OpenRuns): Promise<JsonObject | undefined> {
  let outputs: JsonObject | undefined;
  for await (const event of eachEvent(runner.watch(run, -1, new AbortController().signal))) {
    if ((event.type === 'task-end' || event.type === 'task-failure') && event.task === node) outputs = event.outputs;
    if (event.type === 'run-end') break;
  }
  return outputs;
}

/** Keys of the results that were given to it, and that it had no use for. */
async function unusedEdits(run: string, { runner }: OpenRuns): Promise<string[]> {
  if ((await runner.get(run))?.seed?.edits === undefined) return [];
  for await (const event of eachEvent(runner.watch(run, -1, new AbortController().signal))) if (event.type === 'run-end') return event.unusedEdits ?? [];
  return [];
}

function unusedText(key: string): string {
  return `The result given for "${key}" was not used: the run did not come to it, or asked another question there. See its other calls with --events.`;
}

/** What to do about a run that waits. */
async function waitingText(run: string, { runner }: OpenRuns, dataFolder: string | undefined): Promise<string> {
  if (dataFolder === undefined)
    return 'It waits for a person or an event, and is kept nowhere. Run it with --data DIR, so that it can be answered and gone on with.';
  if ((await runner.questions({ run })).length === 0)
    return `It waits for an event. "switchyard start --data ${dataFolder}" goes on with it: tell it of the event in the browser, or by runs.signal.`;
  return `It waits. See what it asks with "switchyard questions --data ${dataFolder}", answer with "switchyard answer ${run} --data ${dataFolder}".`;
}

/** The outputs as text for people, and how the run ended. */
export function printResult(result: RunResult, surroundings: Pick<Surroundings, 'print' | 'note'>): void {
  const outputs = Object.entries(result.outputs);
  const [only] = outputs;
  if (outputs.length === 1 && only) surroundings.print(valueText(only[1]));
  else for (const [name, value] of outputs) surroundings.print(`${name}: ${valueText(value)}`);
  const { modelCalls, toolCalls, inputTokens, outputTokens } = result.usage;
  surroundings.note(`Run ${result.run}: ${result.status}. ${modelCalls} model calls, ${toolCalls} tool calls, ${inputTokens + outputTokens} tokens.`);
  if (result.failure)
    surroundings.note(`${result.failure.node === undefined ? '' : `${result.failure.node}: `}${result.failure.message} [${result.failure.code}]`);
}

function valueText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}
