/** What the server says, made once: whole completions, the same as streams of server-sent events, and the shop's stock. */
import { answer, items, toolName } from './job.ts';

const places: Record<(typeof items)[number], [count: number, place: string]> = {
  lamp: [12, 'the hall at Ghent'],
  desk: [7, 'the warehouse at Lyon'],
  chair: [31, 'the depot at Turin'],
};

/** JSON of `GET /stock/ITEM`. */
export function stockOf(item: (typeof items)[number]): object {
  const [count, place] = places[item];
  return { item, count, place, isLow: count < 10, leavesWithinDays: 2, checkedAt: '2026-11-24T08:00:00Z' };
}

/** What a request of the second turn has in it, since the contestant must have sent every result. */
export const marksOfResults: readonly string[] = items.map((item) => places[item][1]);

const calls = items.map((item) => ({ id: `call_${item}`, type: 'function', function: { name: toolName, arguments: JSON.stringify({ item }) } }));

type Turn = 'calls' | 'answer';
/** The ids differ: LangGraph takes two messages of one id for the same. */
const headOf = (turn: Turn) => ({ id: `chatcmpl-7d1f60c2a9b84e53-${turn}`, created: 1_763_971_200, model: 'scripted', system_fingerprint: 'fp_bench' });
const usage = {
  calls: { prompt_tokens: 160, completion_tokens: 54, total_tokens: 214 },
  answer: { prompt_tokens: 420, completion_tokens: 48, total_tokens: 468 },
};
const finish = { calls: 'tool_calls', answer: 'stop' };

export function wholeReply(turn: Turn): object {
  const message = turn === 'calls' ? { role: 'assistant', content: null, tool_calls: calls } : { role: 'assistant', content: answer };
  return { ...headOf(turn), object: 'chat.completion', choices: [{ index: 0, message, finish_reason: finish[turn] }], usage: usage[turn] };
}

/** The stream as endpoints send it: a role, a chunk a token, why it ended, what was used. */
export function streamedReply(turn: Turn): string {
  const chunk = (choices: object[], more: object = {}) => `data: ${JSON.stringify({ ...headOf(turn), object: 'chat.completion.chunk', choices, ...more })}\n\n`;
  const delta = (fields: object, reason: string | null = null) => chunk([{ index: 0, delta: fields, finish_reason: reason }]);
  return [
    delta({ role: 'assistant', content: turn === 'calls' ? null : '' }),
    ...(turn === 'calls' ? callDeltas() : (answer.match(/\S+\s*/g) ?? []).map((content) => ({ content }))).map((fields) => delta(fields)),
    delta({}, finish[turn]),
    chunk([], { usage: usage[turn] }),
    'data: [DONE]\n\n',
  ].join('');
}

/** The id and name of each call, then its arguments in pieces. */
function callDeltas(): object[] {
  return calls.flatMap(({ function: called, ...call }, index) => [
    { tool_calls: [{ index, ...call, function: { name: called.name, arguments: '' } }] },
    ...(called.arguments.match(/.{1,4}/g) ?? []).map((piece) => ({ tool_calls: [{ index, function: { arguments: piece } }] })),
  ]);
}
