/**
 * The one place where operations of grants are called, whatever the strategy: what is asked is checked, counted, and then made.
 *
 * 1. Nothing is called but what was granted, with arguments that fit its schema.
 * 2. A failure of an operation, or arguments that do not fit, is an outcome: the model may mend it.
 * 3. The same call is made at most `identicalCalls` times, and an operation may be called wrongly in as many turns in a row; after that the
 *    conversation fails, so that it cannot go in circles. At most `callsPerTurn` are made because of one turn of the model.
 * 4. All that is asked at once is checked and counted before any of it is made.
 * 5. The trace tells of what is refused.
 */
import { FailureError, failure, isFinal, isJsonObject, parseJson, stableText, type Failure, type Json, type JsonObject } from '@switchyard/shared';
import { inOrder, type Context, type Step } from '../../../node.ts';
import { mismatchText, validate } from '../../../schema.ts';
import type { BoundTool } from './bound-tools.ts';

/** A call as it is asked for. */
export interface Asked {
  /** The tool's name. */
  name: string;
  /** As JSON text where the model wrote it so. */
  args: JsonObject | string;
}

/** What became of a call; `source` says whose word it is, `edited` the arguments that a person put in place of those asked for. */
export type Outcome = { source: string; value: Json; edited?: JsonObject } | { source: string; failure: Failure };

type Readied = { tool: BoundTool; args: JsonObject; key: string } | { source: string; refusal: Failure };

/** The calls of one conversation. */
export class OperationCalls {
  readonly context: Context;
  readonly #tools: ReadonlyMap<string, BoundTool>;
  readonly #timesMade = new Map<string, number>();
  readonly #misfits = new Map<string, number>();

  constructor(tools: readonly BoundTool[], context: Context) {
    this.#tools = new Map(tools.map((tool) => [tool.name, tool]));
    this.context = context;
  }

  /** The calls that one turn of the model leads to, keyed below `turn`. */
  turn(turn: Context): TurnCalls {
    return new TurnCalls(this, turn);
  }

  tool(name: string): BoundTool | undefined {
    return this.#tools.get(name);
  }

  get names(): string[] {
    return [...this.#tools.keys()];
  }

  /** Throws a FailureError where the same call has been made too often. */
  countMade(name: string, args: JsonObject): void {
    this.forgetMisfits(name);
    const { identicalCalls } = this.context.limits;
    const identity = `${name} ${stableText(args)}`;
    const times = (this.#timesMade.get(identity) ?? 0) + 1;
    this.#timesMade.set(identity, times);
    if (times <= identicalCalls) return;
    throw new FailureError(
      failure(
        'limit-identical-calls',
        `The model asked for the same call of "${name}" more than ${identicalCalls} times. See in the trace what it got; mend its instructions, or raise "limits.identicalCalls".`,
      ),
    );
  }

  /** Takes note that a turn called wrongly; throws a FailureError where turn after turn has. */
  countMisfit(name: string, { code, message }: Failure): void {
    const { identicalCalls } = this.context.limits;
    const times = (this.#misfits.get(name) ?? 0) + 1;
    this.#misfits.set(name, times);
    if (times <= identicalCalls) return;
    throw new FailureError(
      failure(
        code,
        `The model called "${name}" wrongly ${times} times in a row. Last: ${message} Use a model that is better at tool calling, or describe the operation more clearly.`,
      ),
    );
  }

  /** It was called rightly: what went wrong before does not count any more. */
  forgetMisfits(name: string): void {
    this.#misfits.delete(name);
  }
}

/** The calls that one turn leads to. */
export class TurnCalls {
  readonly #conversation: OperationCalls;
  readonly #turn: Context;
  readonly #positions = new Map<string, number>();
  readonly #misfits = new Set<string>();
  #asked = 0;
  #refused = 0;

  constructor(conversation: OperationCalls, turn: Context) {
    this.#conversation = conversation;
    this.#turn = turn;
  }

  /** Makes these calls side by side; gives their outcomes in the order of the calls. Throws a FailureError where a limit is reached. `under` goes into their keys and the trace. */
  *make(asked: readonly Asked[], { under, atOnce }: { under?: string; atOnce?: number } = {}): Step<Outcome[]> {
    const readied = asked.map((one) => this.#ready(one, under === undefined ? '' : `.${under}`));
    readied.forEach((one, index) => {
      const { name, args } = asked[index] as Asked;
      if ('refusal' in one) this.tellRefused(name, args, one.refusal);
    });
    this.#turn.spend({ toolCalls: readied.filter((one) => 'tool' in one && one.tool.node !== undefined).length });
    return yield* inOrder(
      readied.map((one) => ({ start: () => this.#perform(one, under) })),
      atOnce,
    );
  }

  /** Tells in the trace that what was asked for is not called. */
  tellRefused(name: string, args: Json, refusal: Failure): void {
    const tool = this.#conversation.tool(name);
    const target = { operation: tool?.operation.name ?? name, ...(tool?.node !== undefined && { node: tool.node }) };
    this.#turn.tell({ type: 'call-refused', suffix: `.refused.${this.#refused}`, ...target, request: args, failure: refusal });
    this.#refused += 1;
  }

  *#perform(readied: Readied, step: string | undefined): Step<Outcome> {
    if ('refusal' in readied) return { source: readied.source, failure: readied.refusal };
    const { tool, args, key } = readied;
    const { node, operation } = tool;
    const source = node === undefined ? tool.name : `${node}.${operation.name}`;
    const context =
      node === undefined ? this.#turn : this.#turn.scope(key, { node, operation: operation.name, isGrantedCall: true, ...(step !== undefined && { step }) });
    try {
      let edited: JsonObject | undefined;
      const value = yield* operation.call(args, context, (changed) => {
        edited = changed;
      });
      return { source, value, ...(edited && { edited }) };
    } catch (error) {
      // A run that is out of budget must end; whatever else failed is the model's to deal with.
      if (!(error instanceof FailureError) || isFinal(error.failure)) throw error;
      return { source, failure: error.failure };
    } finally {
      if (node !== undefined) context.endGrantedCall();
    }
  }

  #ready({ name, args: given }: Asked, under: string): Readied {
    const { callsPerTurn } = this.#turn.limits;
    this.#asked += 1;
    if (this.#asked > callsPerTurn) {
      const message = `Not called: at most ${callsPerTurn} calls are made in one turn. Ask again in the next turn if it is still needed.`;
      return { source: name, refusal: failure('limit-calls-per-turn', message) };
    }
    const tool = this.#conversation.tool(name);
    if (!tool) {
      const known = this.#conversation.names.join(', ') || 'none';
      return this.#refuse(name, failure('tool-unknown', `There is no tool "${name}". The tools are: ${known}.`));
    }
    const args = typeof given === 'string' ? parseArguments(given) : given;
    const misfit = args === undefined ? 'are not a JSON object.' : misfitOf(tool, args);
    if (args === undefined || misfit !== undefined)
      return this.#refuse(name, failure('arguments-invalid', `The arguments of "${name}" ${misfit} Call it again with arguments that fit its schema.`));
    this.#conversation.countMade(name, args);
    const prefix = `${under}.${tool.node ?? ''}.${tool.operation.name}`;
    const position = this.#positions.get(prefix) ?? 0;
    this.#positions.set(prefix, position + 1);
    return { tool, args, key: `${prefix}.${position}` };
  }

  /** Counted once a turn: a turn that calls the same wrongly ten times is one mistake. */
  #refuse(name: string, refusal: Failure): Readied {
    if (!this.#misfits.has(name)) this.#conversation.countMisfit(name, refusal);
    this.#misfits.add(name);
    return { source: name, refusal };
  }
}

function misfitOf(tool: BoundTool, args: JsonObject): string | undefined {
  const mismatches = validate(tool.operation.input, args);
  return mismatches.length === 0 ? undefined : `do not fit its schema: ${mismatchText(mismatches)}`;
}

/** Some models write nothing where a tool takes no arguments. */
export function parseArguments(text: string): JsonObject | undefined {
  const value = parseJson(text.trim() === '' ? '{}' : text);
  return isJsonObject(value) && !Object.hasOwn(value, '__proto__') ? value : undefined;
}
