/** The flows of a document: making one, renaming one, and its inputs and outputs. */
import type { Registry } from '@switchyard/engine';
import type { Flow, FlowNode, Subflow } from '@switchyard/shared';
import type { Editor } from './editor-store.ts';
import { flowNamed, renameReferences } from './flow-references.ts';
import { freeName, nameOfWords } from './fresh-name.ts';
import { flowUsers } from './flow-uses.ts';
import { changeAt, topLevel } from './levels.ts';
import { renamePort } from './node-commands.ts';

/** A flow to begin with: where values come in, and where they go out. Gives the document with it, and its name. */
export function addFlow(document: Flow, { wish, registry }: { wish: string; registry: Registry }): { flow: Flow; name: string } {
  const flows = document.flows ?? {};
  const name = freeName(nameOfWords(wish, 'flow'), (each) => Object.hasOwn(flows, each));
  const kinds = [...registry.values()];
  const nodes: Record<string, FlowNode> = {};
  for (const role of ['entry', 'exit'] as const) {
    const kind = kinds.find((each) => each.role === role);
    if (kind) nodes[kind.kind] = { kind: kind.kind, config: { ...kind.initial } };
  }
  const layout = Object.fromEntries(Object.keys(nodes).map((id, index): [string, [number, number]] => [id, [index * 480, 0]]));
  return { flow: { ...document, flows: { ...flows, [name]: { nodes, links: [], grants: [], layout } } }, name };
}

/** Gives a flow of the document another name, wherever it is named; a name that is taken gets a number, one without a letter changes nothing. */
function renameFlowOf(document: Flow, { from, wish, registry }: { from: string; wish: string; registry: Registry }): { flow: Flow; name: string } {
  const flows = document.flows ?? {};
  const words = nameOfWords(wish, from);
  const name = words === from ? from : freeName(words, (each) => each !== from && Object.hasOwn(flows, each));
  if (name === from || !flowNamed(flows, from)) return { flow: document, name: from };
  const follow = <Body extends Subflow>(body: Body): Body => ({
    ...body,
    nodes: renameReferences(body, registry, (each) => (each === from ? name : each)).nodes,
  });
  const renamed = Object.entries(flows).map(([each, body]) => [each === from ? name : each, follow(body)]);
  return { flow: { ...follow(document), flows: Object.fromEntries(renamed) }, name };
}

interface EndRename {
  /** The flow of the document whose input or output has another name. */
  flow: string;
  /** On the nodes that run it. */
  side: 'input' | 'output';
  from: string;
  to: string;
  registry: Registry;
}

/** Leads the links of the nodes that run a flow to the new name of its input or output; used together with the change that renames it. */
export function renameEnd(document: Flow, { flow, side, from, to, registry }: EndRename): Flow {
  return flowUsers(document, flow, registry).reduce(
    (changed, user) =>
      changeAt(changed, user.flow === undefined ? topLevel : [{ flow: user.flow }], (open) => renamePort(open, { node: user.node, side, from, to })),
    document,
  );
}

/** Gives a flow another name; whoever is in it stays there. */
export function renameOpenFlow(editor: Editor, from: string, wish: string): void {
  const { document, level } = editor.state();
  const { flow, name } = renameFlowOf(document, { from, wish, registry: editor.registry });
  const renamed = level.map((step) => (step.flow === from ? { ...step, flow: name } : step));
  editor.editDocument(`Rename "${from}"`, () => flow, { open: renamed });
}
