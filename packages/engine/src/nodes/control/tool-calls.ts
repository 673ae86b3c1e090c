/**
 * One turn's tool calls: arguments checked, calls made side by side, and whatever happens to each told back to the model as its result.
 *
 * 1. A failure of a tool, or arguments that do not fit, is the tool's result: the model may mend it.
 * 2. The same call is made at most `identicalCalls` times, and the same tool may be given arguments that do not fit as often in a row;
 *    after that the conversation fails, so that it cannot go in circles.
 */
import { FailureError, failure, isJsonObject, stableText, type Failure, type Json, type JsonObject, type Message, type ToolCall } from '@switchyard/shared';
import { parallel, type Context, type Step } from '../../node.ts';
import { mismatchText, validate } from '../../schema.ts';
import { resultText, type BoundTool } from './tools.ts';

type ToolMessage = Extract<Message, { role: 'tool' }>;
type Readied = { call: ToolCall } & ({ tool: BoundTool; args: JsonObject; key: string } | { refusal: Failure });

export class ToolCalls {
  readonly #tools: ReadonlyMap<string, BoundTool>;
  readonly #context: Context;
  readonly #timesMade = new Map<string, number>();
  readonly #misfits = new Map<string, number>();

  constructor(tools: readonly BoundTool[], context: Context) {
    this.#tools = new Map(tools.map((tool) => [tool.name, tool]));
    this.#context = context;
  }

  /** Makes the calls of one turn; gives their results in the order of the calls. Throws a FailureError where a limit is reached. */
  *make(calls: readonly ToolCall[], turn: Context): Step<ToolMessage[]> {
    const positions = new Map<string, number>();
    const readied = calls.map((call, index): Readied => {
      if (index >= this.#context.limits.callsPerTurn) return { call, refusal: this.#tooMany() };
      return this.#ready(call, positions);
    });
    this.#context.spend({ toolCalls: readied.filter((one) => 'tool' in one).length });
    return yield* parallel(readied.map((one) => this.#result(one, turn)));
  }

  *#result(readied: Readied, turn: Context): Step<ToolMessage> {
    const { call } = readied;
    const message = (source: string, result: Json): ToolMessage => ({ role: 'tool', toolCallId: call.id, name: call.name, text: resultText(source, result) });
    if ('refusal' in readied) return message(call.name, failureResult(readied.refusal));
    const { tool, args, key } = readied;
    const source = `${tool.node}.${tool.operation.name}`;
    try {
      const context = turn.scope(key, { node: tool.node, operation: tool.operation.name });
      return message(source, yield* tool.operation.call(args, context));
    } catch (error) {
      // A run that is out of budget must end; whatever else failed is the model's to deal with.
      if (!(error instanceof FailureError) || error.failure.code.startsWith('limit-')) throw error;
      return message(source, failureResult(error.failure));
    }
  }

  #ready(call: ToolCall, positions: Map<string, number>): Readied {
    const tool = this.#tools.get(call.name);
    if (!tool) {
      const known = [...this.#tools.keys()].join(', ') || 'none';
      return { call, refusal: this.#misfit(call.name, 'tool-unknown', `There is no tool "${call.name}". The tools are: ${known}.`) };
    }
    const args = parseArguments(call.arguments);
    if (args === undefined) {
      return {
        call,
        refusal: this.#misfit(
          call.name,
          'arguments-invalid',
          `The arguments of "${call.name}" are not a JSON object. Call it again with one that fits its schema.`,
        ),
      };
    }
    const mismatches = validate(tool.operation.input, args);
    if (mismatches.length > 0) {
      return {
        call,
        refusal: this.#misfit(
          call.name,
          'arguments-invalid',
          `The arguments of "${call.name}" do not fit its schema: ${mismatchText(mismatches)} Call it again with arguments that fit.`,
        ),
      };
    }
    this.#misfits.delete(call.name);
    this.#countIdentical(call.name, args);
    const prefix = `.${tool.node}.${tool.operation.name}`;
    const position = positions.get(prefix) ?? 0;
    positions.set(prefix, position + 1);
    return { call, tool, args, key: `${prefix}.${position}` };
  }

  #countIdentical(name: string, args: JsonObject): void {
    const { identicalCalls } = this.#context.limits;
    const identity = `${name} ${stableText(args)}`;
    const times = (this.#timesMade.get(identity) ?? 0) + 1;
    this.#timesMade.set(identity, times);
    if (times > identicalCalls) {
      throw new FailureError(
        failure(
          'limit-identical-calls',
          `The model asked for the same call of "${name}" more than ${identicalCalls} times. See in the trace what it got; mend its instructions, or raise "limits.identicalCalls".`,
        ),
      );
    }
  }

  #misfit(name: string, code: string, message: string): Failure {
    const { identicalCalls } = this.#context.limits;
    const times = (this.#misfits.get(name) ?? 0) + 1;
    this.#misfits.set(name, times);
    if (times > identicalCalls) {
      throw new FailureError(
        failure(
          code,
          `The model called "${name}" wrongly ${times} times in a row. Last: ${message} Use a model that is better at tool calling, or describe the operation more clearly.`,
        ),
      );
    }
    return failure(code, message);
  }

  #tooMany(): Failure {
    const { callsPerTurn } = this.#context.limits;
    return failure('limit-calls-per-turn', `Not called: at most ${callsPerTurn} calls are made in one turn. Ask again in the next turn if it is still needed.`);
  }
}

function failureResult({ code, message }: Failure): Json {
  return { failure: { code, message } };
}

/** Some models write nothing where a tool takes no arguments. */
function parseArguments(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text.trim() === '' ? '{}' : text);
    return isJsonObject(value) && !Object.hasOwn(value, '__proto__') ? value : undefined;
  } catch {
    return undefined;
  }
}
