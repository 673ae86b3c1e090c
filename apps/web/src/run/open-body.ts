/**
 * Which execution of the open flow the canvas shows: the one chosen, else the latest. The level that is open says of which flow, and through which
 * nodes it was entered.
 */
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { editor } from '../use-editor.ts';
import { type bodiesAbove, bodyAt, placeOf } from './run-places.ts';
import { runStore } from './run-store.ts';

interface OpenBody {
  chosen: string | undefined;
  /** Follows from the level, the run and what is chosen: kept here so that a thousand cards watch one value that seldom changes. */
  body: string | undefined;
}

const openBody = createStore<OpenBody>(() => ({ chosen: undefined, body: '' }));

function refresh(chosen: string | undefined): void {
  const { level } = editor.state();
  const body =
    level.length === 0
      ? ''
      : bodyAt(
          runStore.getState().index.bodies,
          level.map((step) => step.node),
          chosen,
        );
  const before = openBody.getState();
  if (before.body !== body || before.chosen !== chosen) openBody.setState({ chosen, body });
}

editor.store.subscribe(({ level }, before) => {
  if (level !== before.level) refresh(openBody.getState().chosen);
});

runStore.subscribe((state, before) => {
  // What was chosen in one run means nothing in the next.
  if (state.view !== before.view) refresh(undefined);
  else if (state.version !== before.version) refresh(openBody.getState().chosen);
});

/** Looks at one execution of a flow that was run many times; without one, at the latest of each. */
export function chooseBody(body: string | undefined): void {
  refresh(body);
}

/** The body on the canvas; undefined where the run on screen did not come there. */
export function useOpenBody(): string | undefined {
  return useStore(openBody, (state) => state.body);
}

/** A node of the open flow as the run names it; undefined where the run did not come there. */
export function openPlace(node: string): string | undefined {
  const { body } = openBody.getState();
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
