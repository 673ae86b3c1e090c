/** The API that code is written against: an object for each granted node, a function for each of its operations, and the declarations of them that a model reads. */
import type { DataLayer } from '../../digest/digest.ts';
import type { BoundTool } from '../../operations/bound-tools.ts';
import { declareOperation, docText } from '../type-text.ts';

/** The function that gives a kept result whole. */
export const keptFunction = 'kept';

export interface CodeApi {
  /** Names of all functions, as the code calls them. */
  functions: string[];
  /** What a function of a granted node calls. */
  tools: ReadonlyMap<string, BoundTool>;
  /** TypeScript. */
  declarations: string;
}

/** Characters of the declarations; longer ones lose comments and results. */
const mostDeclared = 48_000;

/** Words of the language, and what code has besides: a node of such an id gets a name that ends in `_`. */
const taken =
  'abstract arguments async await boolean break byte case catch char class const continue debugger declare default delete do double else enum eval export extends false final finally float for function if implements import in instanceof int interface let long namespace native new null of package private protected public return short static super switch synchronized this throw throws transient true try type typeof undefined var void volatile while with yield console globalThis kept'.split(
    ' ',
  );

export function makeCodeApi({ granted, tools }: Pick<DataLayer, 'granted' | 'tools'>): CodeApi {
  const names = new Set(taken);
  const byName = new Map<string, BoundTool>();
  const objects = granted.map(({ node, title }) => {
    const root = freeName(node, names);
    const own = tools.filter((tool) => tool.node === node && isFree(byName, `${root}.${tool.operation.name}`));
    for (const tool of own) byName.set(`${root}.${tool.operation.name}`, tool);
    return { root, title, own };
  });
  const write = (isBare: boolean) => [...objects.map((object) => declareObject(object, isBare)), keptDeclaration].join('\n');
  const whole = write(false);
  return { functions: [...byName.keys(), keptFunction], tools: byName, declarations: whole.length <= mostDeclared ? whole : write(true) };
}

const keptDeclaration = `/** A result that was kept for you, whole, by its id. */\ndeclare function ${keptFunction}(id: string): Promise<any>;`;

function declareObject({ root, title, own }: { root: string; title: string; own: readonly BoundTool[] }, isBare: boolean): string {
  const functions = own.map(({ operation }) => {
    const { doc, args, result } = declareOperation(operation, isBare);
    return `  ${doc}\n  ${operation.name}${args}: Promise<${result}>;`;
  });
  return [`/** ${docText(title, 120)} */`, `declare const ${root}: {`, ...functions, '};'].join('\n');
}

function freeName(node: string, names: Set<string>): string {
  let name = node;
  while (names.has(name)) name += '_';
  names.add(name);
  return name;
}

function isFree(names: ReadonlyMap<string, BoundTool>, name: string): boolean {
  return !names.has(name);
}
