/**
 * Keeps large results out of the prompt: the model is shown an id, a schema, a count and the first rows, and asks for what it needs.
 *
 * 1. What is kept follows from the results of calls, in the order in which the model is shown them: a resumed run keeps the same under the same ids.
 * 2. What the model is shown stands in its next request, and so in the trace; nothing else of a kept result reaches it.
 */
import type { Json, JsonObject } from '@switchyard/shared';
import type { BoundTool } from '../operations/bound-tools.ts';
import type { Outcome } from '../operations/operation-calls.ts';
import { labelled } from './labelled.ts';
import { keptTools } from './kept-operations.ts';
import { mainList, sketch } from './sketch.ts';

/** Characters of JSON from which on a result is kept. */
const largest = 4_000;
const mostSchema = 1_500;
const mostShown = 1_500;
const mostFirst = 20;

export class KeptResults {
  /** What works on kept results. */
  readonly tools: readonly BoundTool[] = keptTools((id) => this.#kept.get(id));
  readonly #kept = new Map<string, Json>();

  get size(): number {
    return this.#kept.size;
  }

  /** What is kept, by id. */
  all(): JsonObject {
    return Object.fromEntries(this.#kept);
  }

  /** The outcome as the model is shown it. */
  show(outcome: Outcome): string {
    if ('failure' in outcome) return labelled(outcome.source, JSON.stringify(failureValue(outcome)));
    const { source, value, edited } = outcome;
    if (edited) return `A person changed the arguments to ${JSON.stringify(edited)}. It was called with these:\n${this.show({ source, value })}`;
    const text = JSON.stringify(value);
    // What the operations on kept results give is bounded already, and was asked for.
    const isShown = text.length <= largest || this.tools.some(({ name }) => name === source);
    return labelled(source, isShown ? text : JSON.stringify(this.keep(value, text.length)));
  }

  /** Keeps the value; gives what stands for it. */
  keep(value: Json, characters = JSON.stringify(value).length): JsonObject {
    const id = `r${this.#kept.size + 1}`;
    this.#kept.set(id, value);
    const found = mainList(value);
    const first = found ? firstRows(found.list) : undefined;
    return {
      kept: id,
      characters,
      ...(found && { list: found.path, count: found.list.length }),
      schema: boundedSketch(value),
      ...(found ? { first: first ?? [] } : { begins: (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, mostShown) }),
    };
  }
}

/** A failure as the model is told it: what it may do next follows from these two alone. */
export function failureValue({ failure: { code, message } }: Extract<Outcome, { failure: unknown }>): JsonObject {
  return { failure: { code, message } };
}

function boundedSketch(value: Json): Json {
  for (let depth = 4; depth > 0; depth -= 1) {
    const told = sketch(value, depth) as Json;
    if (JSON.stringify(told).length <= mostSchema) return told;
  }
  return sketch(value, 0) as Json;
}

/** As many of the first rows as fit; of rows that are too long themselves, the beginning of the first one's text. */
function firstRows(list: readonly Json[]): Json[] {
  let used = 0;
  const rows = list.slice(0, mostFirst).filter((row) => {
    used += JSON.stringify(row).length + 1;
    return used <= mostShown;
  });
  return rows.length > 0 || list.length === 0 ? rows : [`${JSON.stringify(list[0]).slice(0, mostShown)}…`];
}
