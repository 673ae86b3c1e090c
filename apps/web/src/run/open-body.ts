/** Which execution of the open flow the canvas shows: the one chosen, else the latest. The level that is open says of which flow, and through which nodes it was entered. */
import { create, useStore } from 'zustand';
import type { Level } from '../editor/levels.ts';
import { editor, useEditor } from '../use-editor.ts';
import { type bodiesAbove, bodyAt, placeOf } from './run-places.ts';
import { runStore } from './run-store.ts';

interface ChosenBody {
  body: string | undefined;
}

const chosenBody = create<ChosenBody>(() => ({ body: undefined }));

/** Looks at one execution of a flow that was run many times; without one, at the latest of each. */
export function chooseBody(body: string | undefined): void {
  chosenBody.setState({ body });
}

/** The body on the canvas; undefined where the run on screen did not come there. */
export function openBody(): string | undefined {
  return bodyOf(editor.state().level, chosenBody.getState().body);
}

/** The same for components. */
export function useOpenBody(): string | undefined {
  const level = useEditor((state) => state.level);
  const { body } = chosenBody();
  return useStore(runStore, (state) => (state.version < 0 ? undefined : bodyOf(level, body)));
}

/** A node of the open flow as the run names it; undefined where the run did not come there. */
export function openPlace(node: string): string | undefined {
  const body = openBody();
  return body === undefined ? undefined : placeOf(body, node);
}

/** The same for components. */
export function usePlace(node: string): string | undefined {
  const body = useOpenBody();
  return body === undefined ? undefined : placeOf(body, node);
}

export interface Executions {
  /** From 1; of `keys`. */
  number: number;
  keys: readonly string[];
}

/** The executions of the open flow by the node it was entered through, and which of them is seen; undefined for the document itself and where there is none. */
export function useExecutions(): Executions | undefined {
  const body = useOpenBody();
  const count = useStore(runStore, ({ index, version }) => (version < 0 || !body ? 0 : siblings(index.bodies, body).length));
  if (!body || count === 0) return undefined;
  const keys = siblings(runStore.getState().index.bodies, body);
  return { number: keys.indexOf(body) + 1, keys };
}

function siblings(bodies: Parameters<typeof bodiesAbove>[0], body: string): readonly string[] {
  const at = bodies.byKey.get(body);
  return at ? (bodies.byPlace.get(placeOf(at.outer, at.node)) ?? []) : [];
}

function bodyOf(level: Level, chosen: string | undefined): string | undefined {
  if (level.length === 0) return '';
  const nodes = level.map((step) => step.node);
  return bodyAt(runStore.getState().index.bodies, nodes, chosen);
}

// What was chosen in one run means nothing in the next.
runStore.subscribe((state, before) => {
  if (state.view !== before.view && chosenBody.getState().body !== undefined) chooseBody(undefined);
});
