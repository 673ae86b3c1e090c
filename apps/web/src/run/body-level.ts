/** From a place in a run to the level on which its node is drawn, as far as a document still has the flows that were run. */
import type { Flow, FlowNode } from '@switchyard/shared';
import { flowAt, topLevel, type Level } from '../editor/levels.ts';
import { titleIn } from '../node-title.ts';
import { editor } from '../use-editor.ts';
import { chooseBody } from './open-body.ts';
import { bodiesAbove, bodyOfTask } from './run-places.ts';
import { runStore } from './run-store.ts';

/** The level that nodes lead to, each entered from the one before; undefined where one of them runs no flow of the document. */
export function levelThrough(document: Flow, nodes: readonly string[]): Level | undefined {
  let level = topLevel;
  for (const id of nodes) {
    const within = flowAt(document, level).nodes;
    const node = Object.hasOwn(within, id) ? within[id] : undefined;
    const flow = node && editor.face(node).subflow;
    if (flow === undefined || !Object.hasOwn(document.flows ?? {}, flow)) return undefined;
    level = [...level, { flow, node: id }];
  }
  return level;
}

/**
 * Opens the level of a body, shows that execution of it, and selects a node there. Where the document has no such level any more, the node that ran it
 * is shown.
 */
export function showPlace(body: string, node: string | undefined): void {
  const { frozen, document } = editor.state();
  const above = bodiesAbove(runStore.getState().index.bodies, body).map((each) => each.node);
  const level = levelThrough(frozen ?? document, above);
  chooseBody(level && body !== '' ? body : undefined);
  editor.openLevel(level ?? topLevel);
  const shown = level ? node : above[0];
  editor.select(shown === undefined ? [] : [shown]);
}

/** The node that a site names: an id after those of the nodes through which its flow is run. */
export function nodeAt(document: Flow, site: string): FlowNode | undefined {
  const nodes = site.split('/');
  const id = nodes.pop() ?? '';
  const level = levelThrough(document, nodes);
  const within = level ? flowAt(document, level).nodes : {};
  return Object.hasOwn(within, id) ? within[id] : undefined;
}

/** The title of a node beside a task of the run on screen, in the flow as it ran: whichever is open now may be another. */
export function titleInRun(task: string, id: string): string {
  const { view, index, flow } = runStore.getState();
  const own = view.tasks.get(task);
  const above = own ? bodiesAbove(index.bodies, bodyOfTask(own)).map((each) => each.node) : [];
  const level = flow && levelThrough(flow, above);
  return level ? titleIn(flowAt(flow, level), id) : id;
}
