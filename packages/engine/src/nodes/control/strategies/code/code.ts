/**
 * Strategy `code`: the model writes JavaScript against a typed API made from its grants alone; the code runs in the sandbox, and what it returns comes back.
 *
 * 1. Nothing is called but by the code, and by it only what was granted.
 * 2. Code that fails is told with its line, so that the model can mend it; the same number of times in a row as any wrong call.
 */
import { FailureError, failure, type Failure, type SandboxAnswer, type Tool, type ToolCall } from '@switchyard/shared';
import type { Context, Step } from '../../../../node.ts';
import { objectSchema } from '../../../../schema.ts';
import { describeTools } from '../../operations/bound-tools.ts';
import { parseArguments, type TurnCalls } from '../../operations/operation-calls.ts';
import { labelled } from '../../results/labelled.ts';
import type { Desk, Strategy } from '../strategy.ts';
import { approveCode } from './approve-code.ts';
import { makeCodeApi, type CodeApi } from './code-api.ts';
import { runCode, type CodeRun } from './run-code.ts';

const codeTool = 'run-code';
/** Programs that one turn may give. */
const mostPrograms = 4;
const mostLogged = 4_000;

const manners = `You work on a data layer by code. Write one program for the whole task and give it to ${codeTool}: JavaScript, the body of an async function. It has the language and the functions declared below, and nothing else: no imports, network, timers or files.
Await every call; make those side by side with Promise.all that do not depend on one another; filter, join and sum up in the code. A call that fails throws an Error with a code and a message. Return what you need for the answer, small and as JSON. Give no variable the name of a declared object.
Then answer with what the code returned, and name where each figure comes from. A request that needs no data is answered at once. Where the data cannot tell, say so plainly; never make up a figure.`;

export function codeStrategy(desk: Desk): Strategy {
  return new Coding(desk);
}

/** What the programs of one turn share. */
interface Turn {
  context: Context;
  calls: TurnCalls;
  programs: number;
  /** A turn whose programs all fail is one mistake. */
  isCounted: boolean;
}

class Coding implements Strategy {
  readonly manners = manners;
  readonly parts: readonly string[];
  readonly #desk: Desk;
  readonly #api: CodeApi;
  readonly #tool: Tool;
  /** What was read since code last ran to its end. */
  #known = new Map<string, SandboxAnswer>();

  constructor(desk: Desk) {
    this.#desk = desk;
    this.#api = makeCodeApi(desk.layer);
    const { callsPerTurn } = desk.context.limits;
    this.parts = [
      `What your code may call; node_operation of the catalogue is node.operation here. At most ${callsPerTurn} calls in one turn.\n\`\`\`ts\n${this.#api.declarations}\n\`\`\``,
    ];
    this.#tool = {
      name: codeTool,
      description: 'Runs your code in a sandbox and gives what it returns, and what it logged.',
      parameters: objectSchema({ code: { type: 'string', description: 'The body of an async function; return gives the result' } }),
    };
  }

  tools(): Tool[] {
    const { kept, layer } = this.#desk;
    if (layer.tools.length === 0) return [];
    return [this.#tool, ...(kept.size > 0 ? describeTools(kept.tools) : [])];
  }

  *make(asked: readonly ToolCall[], context: Context): Step<string[]> {
    const { calls, kept } = this.#desk;
    const turn: Turn = { context, calls: calls.turn(context), programs: 0, isCounted: false };
    const texts: string[] = [];
    for (const call of asked) {
      if (call.name === codeTool) texts.push(yield* this.#run(call, turn));
      else if (kept.tools.some(({ name }) => name === call.name)) {
        const [outcome] = yield* turn.calls.make([{ name: call.name, args: call.arguments }]);
        if (outcome) texts.push(kept.show(outcome));
      } else {
        const refusal = failure('tool-unknown', `Call ${codeTool}; what was granted is called by its code only.`);
        turn.calls.tellRefused(call.name, call.arguments, refusal);
        texts.push(this.#refuse(call.name, refusal, turn));
      }
    }
    return texts;
  }

  *#run(call: ToolCall, turn: Turn): Step<string> {
    const code = codeIn(call);
    if (code !== undefined) turn.programs += 1;
    if (code === undefined || turn.programs > mostPrograms) {
      const refusal = code === undefined ? codeMissing : tooManyPrograms;
      turn.calls.tellRefused(codeTool, call.arguments, refusal);
      return this.#refuse(codeTool, refusal, turn);
    }
    const under = turn.programs === 1 ? 'code' : `code${turn.programs}`;
    const context = turn.context.scope(`.${under}`);
    const rejection = this.#desk.approvesCode ? yield* approveCode(code, context) : undefined;
    if (rejection) return this.#refuse(codeTool, rejection, turn);
    const { kept } = this.#desk;
    const run: CodeRun = { api: this.#api, kept, calls: turn.calls, context, under, known: this.#known, made: [] };
    try {
      const { result, logs } = yield* runCode(code, run);
      this.#desk.calls.forgetMisfits(codeTool);
      this.#known = new Map();
      return editedText(run.made) + kept.show({ source: codeTool, value: result }) + loggedText(logs);
    } catch (error) {
      // A run that is out of budget must end; whatever else failed is the model's to mend.
      if (!(error instanceof FailureError) || error.failure.code.startsWith('limit-')) throw error;
      return this.#refuse(codeTool, error.failure, turn) + madeText(run.made);
    }
  }

  /** What is refused is told; turn after turn of it ends the conversation. */
  #refuse(name: string, refusal: Failure, turn: Turn): string {
    if (!turn.isCounted) this.#desk.calls.countMisfit(name, refusal);
    turn.isCounted = true;
    return this.#desk.kept.show({ source: name, failure: refusal });
  }
}

const codeMissing = failure('arguments-invalid', `The arguments of ${codeTool} must be {"code": "…"}, with the body of a function.`);
const tooManyPrograms = failure('limit-programs', `Not run: at most ${mostPrograms} programs run in one turn. Write one for the whole task.`);

/** The program as it was given, without the code fence that some models put around it. */
function codeIn(call: ToolCall): string | undefined {
  const code = parseArguments(call.arguments)?.code;
  if (typeof code !== 'string' || code.trim() === '') return undefined;
  return /^\s*```(?:js|javascript|ts|typescript)?\n([\s\S]*?)\n?```\s*$/.exec(code)?.[1] ?? code;
}

function loggedText(logs: readonly string[]): string {
  if (logs.length === 0) return '';
  const text = logs.join('\n');
  return `\nLogged:\n${labelled(`${codeTool} log`, JSON.stringify(text.length > mostLogged ? `${text.slice(0, mostLogged)}…` : text))}`;
}

/** What its code called is not what was called: the model must know, before it reads what came of it. */
function editedText(made: CodeRun['made']): string {
  return made
    .flatMap(({ name, edited }) =>
      edited ? [`A person changed the arguments of a call of ${name} to ${JSON.stringify(edited)}. It was called with these.\n`] : [],
    )
    .join('');
}

/** A model that mends its code must know what has happened already. */
function madeText(made: CodeRun['made']): string {
  if (made.length === 0) return '';
  const told = [...new Set(made.map(({ name, isFailed }) => `${name}${isFailed ? ' (failed)' : ''}`))].map((name) => {
    const times = made.filter((one) => `${one.name}${one.isFailed ? ' (failed)' : ''}` === name).length;
    return times === 1 ? name : `${name}, ${times} times`;
  });
  return `\n${editedText(made)}Calls that were made before it failed: ${told.join('; ')}. What was read is not read again by the mended code; what was changed stays changed.`;
}
