/** CEL as Switchyard speaks it: numbers mix freely, sizes are limited, and what could run long is refused. */
import { Environment } from '@marcbachmann/cel-js';

/** Limits of one expression's text and syntax. Left-leaning chains nest as deep as they are long, so the node count also bounds the stack. */
export const syntaxLimits = Object.freeze({ characters: 10_000, nodes: 2_000, depth: 100, comprehensionDepth: 4 });

/** Methods refused wherever they stand, and what to write instead. */
export const refusedMethods: ReadonlyMap<string, string> = new Map([
  ['matches', 'a regular expression could run for hours. Use contains(), startsWith(), endsWith() or =='],
  ['json', 'it reads a document that was never checked. Wire the value itself instead'],
]);

/** Macros whose first argument names a variable that is bound in the arguments after it. */
const iterationMacros: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);

/** A node of the syntax tree, as far as it is read and metered here. `handle` is there once types are checked. */
export interface SyntaxNode {
  op: string;
  args: unknown;
  start: number;
  end: number;
  input: string;
  meta: { alternate?: SyntaxNode };
  handle?: (...values: never[]) => unknown;
}

export interface Parsed {
  (context: Record<string, unknown>): unknown;
  ast: SyntaxNode;
  check(): { valid: boolean; error?: Error & { summary?: string; range?: { start: number; end: number } } };
}

const environment = createEnvironment();

export function parseSyntax(text: string): Parsed {
  return environment.parse(text) as unknown as Parsed;
}

/** Is it a name that CEL itself has given a meaning, a type's name for example? */
export function isConstant(name: string): boolean {
  return environment.hasVariable(name);
}

export interface Binding {
  name: string;
  /** Nodes outside the bound variable's reach. */
  outside: SyntaxNode[];
  /** Nodes in which the name means the bound variable. */
  inside: SyntaxNode[];
  isComprehension: boolean;
}

/** What a macro call binds, `list.map(x, …)` or `cel.bind(x, …)`; undefined for any other node. */
export function bindingOf(node: SyntaxNode): Binding | undefined {
  if (node.op !== 'rcall') return undefined;
  const [method, receiver, args] = node.args as [string, SyntaxNode, SyntaxNode[]];
  const name = args[0]?.op === 'id' ? (args[0].args as string) : undefined;
  if (name === undefined) return undefined;
  if (iterationMacros.has(method) && node.meta.alternate) return { name, outside: [receiver], inside: args.slice(1), isComprehension: true };
  const isBind = method === 'bind' && receiver.op === 'id' && receiver.args === 'cel' && args.length === 3;
  return isBind ? { name, outside: args.slice(1, 2), inside: args.slice(2), isComprehension: false } : undefined;
}

/** JSON numbers arrive as CEL's double, literals without a point are its int: every operator is there for both, either way round. */
function createEnvironment(): Environment {
  const created = new Environment({
    unlistedVariablesAreDyn: true,
    homogeneousAggregateLiterals: false,
    limits: { maxAstNodes: syntaxLimits.nodes, maxDepth: syntaxLimits.depth, maxListElements: 500, maxMapEntries: 500, maxCallArguments: 16 },
  });
  const arithmetic: [string, (left: number, right: number) => number][] = [
    ['+', (left, right) => left + right],
    ['-', (left, right) => left - right],
    ['*', (left, right) => left * right],
    ['/', (left, right) => left / right],
    ['%', (left, right) => left % right],
  ];
  for (const [operator, apply] of arithmetic) {
    const mixed = (left: number | bigint, right: number | bigint) => apply(Number(left), Number(right));
    created.registerOperator(`int ${operator} double: double`, mixed);
    created.registerOperator(`double ${operator} int: double`, mixed);
  }
  created.registerOperator('double % double: double', (left: number, right: number) => left % right);
  // Registers both ways round.
  // biome-ignore lint/suspicious/noDoubleEquals: a bigint equals a number of the same value by == only.
  const isSame = (left: number | bigint, right: number | bigint) => left == right;
  created.registerOperator('int == double: bool', isSame);
  return created;
}
