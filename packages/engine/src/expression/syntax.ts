/** Walks a syntax tree: which variables are free, and whether it uses what expressions may not. */
import { ExpressionError } from './expression-error.ts';
import { bindingOf, isConstant, refusedMethods, syntaxLimits, type SyntaxNode } from './language.ts';

interface Scope {
  bound: ReadonlySet<string>;
  comprehensions: number;
  /** Names of types mean something, because the expression asks for the type of a value. */
  hasTypes: boolean;
}

/** Names of the free variables in the order they first appear. Throws an ExpressionError for what is refused. */
export function inspectSyntax(root: SyntaxNode): string[] {
  const variables = new Set<string>();
  visit(root, { bound: new Set(), comprehensions: 0, hasTypes: /\btype\s*\(|\bgoogle\b/.test(root.input) }, variables);
  return [...variables];
}

function visit(node: SyntaxNode, scope: Scope, variables: Set<string>): void {
  if (node.op === 'id') {
    const name = node.args as string;
    if (scope.bound.has(name)) return;
    if (!isConstant(name)) variables.add(name);
    else if (!scope.hasTypes)
      throw new ExpressionError(`"${name}" is a word of the expression language, so it cannot name a value. Call the value otherwise.`, node.start, node.end);
    return;
  }
  refuse(node);
  const binding = bindingOf(node);
  if (!binding) {
    for (const child of childrenOf(node.args)) visit(child, scope, variables);
    return;
  }
  const comprehensions = scope.comprehensions + (binding.isComprehension ? 1 : 0);
  if (comprehensions > syntaxLimits.comprehensionDepth) {
    throw new ExpressionError(`Loops over lists are nested deeper than ${syntaxLimits.comprehensionDepth} levels.`, node.start, node.end);
  }
  for (const child of binding.outside) visit(child, scope, variables);
  const inner = { ...scope, bound: new Set([...scope.bound, binding.name]), comprehensions };
  for (const child of binding.inside) visit(child, inner, variables);
}

function refuse(node: SyntaxNode): void {
  if (node.op !== 'rcall' && node.op !== 'call') return;
  const name = (node.args as [string])[0];
  const why = refusedMethods.get(name);
  if (why) throw new ExpressionError(`${name}() is not available: ${why}.`, node.start, node.end);
}

/** The nodes directly below: arguments are nodes, or lists (of lists) of them, beside names and literals. */
export function* childrenOf(args: unknown): Generator<SyntaxNode> {
  if (Array.isArray(args)) for (const item of args) yield* childrenOf(item);
  else if (isNode(args)) yield args;
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && typeof (value as SyntaxNode).op === 'string' && 'meta' in value;
}
