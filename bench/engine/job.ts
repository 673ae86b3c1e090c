/**
 * The job that every contestant does: a model turn that asks for three tool calls, the three calls side by side over HTTP, and a model turn that answers.
 * Contestants know `job` and check their answer with `checkAnswer`; the server plays the model and the shop from the same figures.
 */

/** How a contestant reaches the server, and what it answers with. */
export interface Job {
  /** Base URL of the model; it answers as a stream below `/v1`, and whole below `/whole/v1`. */
  modelUrl(isStreamed: boolean): string;
  /** Base URL of the shop, `GET /stock/ITEM` below it. */
  shopUrl: string;
  apiKey: string;
  model: string;
  system: string;
  question: string;
}

/** One who does the job. */
export interface Contestant {
  /** Does it once and gives the final answer's text; `isStreamed` chooses the model's way to answer. */
  run(isStreamed: boolean): Promise<string>;
  close?(): Promise<void>;
}

/** Where a module of `contestants/` is entered. */
export type Prepare = (job: Job) => Promise<Contestant>;

export const items = ['lamp', 'desk', 'chair'] as const;
export const toolName = 'stock_read';
export const toolDescription = 'How many of an item are in stock, and where.';
export const toolParameters = { type: 'object', properties: { item: { type: 'string' } }, required: ['item'], additionalProperties: false } as const;

export const answer = [
  'There are 12 lamps in the hall at Ghent, 7 desks in the warehouse at Lyon and 31 chairs in the depot at Turin.',
  'All of them can leave within two days; the desks at Lyon run low, so order more of these first.',
].join(' ');

export function jobAt(origin: string): Job {
  return {
    modelUrl: (isStreamed) => `${origin}${isStreamed ? '' : '/whole'}/v1`,
    shopUrl: `${origin}/shop`,
    apiKey: 'bench-key-4f1c9a7e22',
    model: 'scripted',
    system: 'You answer questions about the stock of a shop, from what the tools say.',
    question: 'How many lamps, desks and chairs are there, and where?',
  };
}

/** Throws where a contestant did not come to the answer: the server gives it only to whoever sent it all three results. */
export function checkAnswer(given: string): void {
  if (given !== answer) throw new Error(`The answer is not the one that the model gives: ${JSON.stringify(given).slice(0, 300)}`);
}
