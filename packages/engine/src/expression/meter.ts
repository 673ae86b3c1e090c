/**
 * The cost limit that CEL engines leave out. Every operation that can take longer than a moment is charged by the size of what it
 * reads and makes before its result is used, so that no expression runs long or grows large, whatever its text and its data are.
 */
import { failure, FailureError } from '@switchyard/shared';
import type { SyntaxNode } from './language.ts';
import { childrenOf } from './syntax.ts';

/** Units one evaluation may spend: about one per value read or made, and one per 16 characters. */
const evaluationBudget = 2_000_000;

const costOfCall = 20;
/** Time zones are looked up by formatting a date, some 50 microseconds. */
const costOfTimeZone = 1_000;
/** An error that `||` or `exists` passes over costs its making, which grows with the text that its message quotes. */
const costOfError = (node: SyntaxNode) => 10 + Math.ceil(node.input.length / 20);

let left = 0;
/** Not every browser knows the limit. */
const errors: { stackTraceLimit?: number | undefined } = Error;

/** Runs `work` with a fresh budget; evaluation is synchronous, so one counter serves. */
export function metered<T>(work: () => T): T {
  left = evaluationBudget;
  const { stackTraceLimit } = errors;
  // An error of CEL tells its place by itself; a loop may make, and pass over, a hundred thousand, and their stacks took three quarters of its time.
  errors.stackTraceLimit = 0;
  try {
    const result = work();
    // CEL's || and exists() pass over errors of one side; being out of budget is none of those.
    spend(0);
    return result;
  } finally {
    errors.stackTraceLimit = stackTraceLimit;
  }
}

export function spend(units: number): void {
  left -= units;
  if (left < 0) {
    throw new FailureError(
      failure('expression-failed', 'The expression needs more steps than one may take. Work on fewer items at a time, or do it in a code node.'),
    );
  }
}

/** Charges for a value's text or items, not for what is within them. */
function spendShallow(value: unknown): void {
  if (typeof value === 'string') spend(1 + (value.length >> 4));
  else if (Array.isArray(value) || value instanceof Uint8Array) spend(1 + value.length);
  else spend(1);
}

/** Charges for everything within a value, as a comparison may read it. */
function spendDeep(value: unknown): void {
  spendShallow(value);
  if (Array.isArray(value)) for (const item of value) spendDeep(item);
  else if (isRecord(value)) for (const key of Object.keys(value)) spendDeep(value[key]);
}

/** Puts the meter around the operations of a type-checked tree. */
export function installMeter(node: SyntaxNode): void {
  const target = node.meta.alternate ?? node;
  if (target.op === 'comprehension') installComprehension(target);
  else {
    installOperation(target);
    for (const child of childrenOf(target.args)) installMeter(child);
  }
}

function installComprehension(node: SyntaxNode): void {
  const { iterable, init, step } = node.args as { iterable: SyntaxNode; init: SyntaxNode; step: SyntaxNode };
  const perItem = 1 + weigh(step) + costOfError(node);
  wrap(node, (items) => spend(1 + perItem * countItems(items)), false);
  for (const child of [iterable, init, step]) installMeter(child);
}

function installOperation(node: SyntaxNode): void {
  const charge = chargeOf(node);
  if (charge) wrap(node, charge.before, charge.isResultCharged);
}

interface Charge {
  /** Charges for the operands: two, or for a call the list of its arguments. */
  before(first: unknown, second: unknown): void;
  isResultCharged: boolean;
}

const comparison: Charge = {
  before: (first, second) => {
    spendDeep(first);
    spendDeep(second);
  },
  isResultCharged: false,
};
const membership: Charge = {
  before: (first, second) => {
    spendDeep(first);
    if (isRecord(second)) spend(1);
    else spendDeep(second);
  },
  isResultCharged: false,
};
const combination: Charge = {
  before: (first, second) => {
    spendShallow(first);
    spendShallow(second);
  },
  isResultCharged: true,
};
const calls = (cost: number): Charge => ({
  before: (values) => {
    spend(cost);
    for (const value of values as unknown[]) spendShallow(value);
  },
  isResultCharged: true,
});
const plainCall = calls(costOfCall);
const zonedCall = calls(costOfTimeZone);

function chargeOf(node: SyntaxNode): Charge | undefined {
  switch (node.op) {
    case '==':
    case '!=':
      return comparison;
    case 'in':
      return membership;
    case '+':
    case '<':
    case '<=':
    case '>':
    case '>=':
      return combination;
    case 'call':
      return plainCall;
    case 'rcall': {
      const [name, , args] = node.args as [string, unknown, unknown[]];
      return name.startsWith('get') && args.length > 0 ? zonedCall : plainCall;
    }
    default:
      return undefined;
  }
}

function wrap(node: SyntaxNode, before: (first: unknown, second: unknown) => void, isResultCharged: boolean): void {
  const handle = node.handle as ((...values: unknown[]) => unknown) | undefined;
  if (!handle) return;
  node.handle = (...values: unknown[]) => {
    before(values[0], values[1]);
    const result = handle(...values);
    if (isResultCharged) spendShallow(result);
    return result;
  };
}

/** What one evaluation of a loop's body costs besides what its operations charge themselves. */
function weigh(node: SyntaxNode): number {
  const target = node.meta.alternate ?? node;
  if (target.op === 'comprehension') return 1;
  let weight = target.op === '||' || target.op === '&&' ? costOfError(target) : 1;
  for (const child of childrenOf(target.args)) weight += weigh(child);
  return weight;
}

function countItems(value: unknown): number {
  if (Array.isArray(value)) return value.length;
  return isRecord(value) ? Object.keys(value).length : 0;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}
