/** What a control node may call, as tools of a model: names, schemas, and the way back from a tool's name to its operation. */
import type { JsonObject, Tool } from '@switchyard/shared';
import type { Granted, Operation } from '../../../node.ts';

export interface BoundTool {
  /** `node_operation`, at most 64 characters. What the control node offers of its own has a hyphen, which no granted operation's name has. */
  name: string;
  /** The granted node; absent for what the control node offers of its own: pure work on what it holds already, which no grant is needed for. */
  node?: string;
  operation: Operation;
}

const longestName = 64;

/** Where no catalogue changes them, the tools of the same grants are the same in every run. */
const bareTools = new WeakMap<readonly Granted[], readonly BoundTool[]>();

/** The tools of all grants; `catalogues` by node id. Names that are too long or equal end in a short hash. */
export function bindTools(granted: readonly Granted[], catalogues: JsonObject): readonly BoundTool[] {
  if (Object.keys(catalogues).length > 0) return bind(granted, catalogues);
  const known = bareTools.get(granted);
  if (known) return known;
  const bound = bind(granted, catalogues);
  bareTools.set(granted, bound);
  return bound;
}

function bind(granted: readonly Granted[], catalogues: JsonObject): BoundTool[] {
  const bound = granted.flatMap(({ node, operations }) =>
    operations(catalogues[node]).map((operation) => ({ node, operation, plain: `${node}_${operation.name}` })),
  );
  const uses = new Map<string, number>();
  for (const { plain } of bound) uses.set(plain, (uses.get(plain) ?? 0) + 1);
  return bound.map(({ node, operation, plain }) => {
    const isFine = plain.length <= longestName && uses.get(plain) === 1;
    const name = isFine ? plain : `${plain.slice(0, longestName - 9)}_${shortHash(`${node}.${operation.name}`)}`;
    return { name, node, operation };
  });
}

const descriptions = new WeakMap<readonly BoundTool[], Tool[]>();

/** The tools as a model is told of them; the same list for the same tools. */
export function describeTools(tools: readonly BoundTool[]): Tool[] {
  const known = descriptions.get(tools);
  if (known) return known;
  const described = tools.map(({ name, operation }) => ({ name, description: operation.description, parameters: operation.input }));
  descriptions.set(tools, described);
  return described;
}

/** FNV-1a, 32 bits, as 8 hex digits: only to tell names apart. */
function shortHash(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}
