/** How often a flow that a node runs has failed, where the node went on: of the items of a list, of the calls of a model. Pure. */
import type { TaskView } from '@switchyard/shared';
import { countText } from '../ui/figures.ts';
import { bodyOfTask, placeOf, type RunBodies } from './run-places.ts';

export interface BodyFailures {
  failed: number;
  of: number;
}

/** The bodies of a run, and of those that each place has run the ones that failed. */
export interface FailedBodies {
  bodies: RunBodies;
  failedBodies: Map<string, Set<string>>;
}

/** Notes a task that has failed: that fails its body, unless the node's policy handled it. What is given up along with another has not failed. */
export function noteFailedBody({ bodies, failedBodies }: FailedBodies, task: TaskView | undefined): void {
  if (task?.status !== 'failed' || task.handling !== undefined || task.failure?.code === 'abandoned') return;
  const body = bodyOfTask(task);
  const around = bodies.byKey.get(body);
  if (!around) return;
  const place = placeOf(around.outer, around.node);
  failedBodies.set(place, (failedBodies.get(place) ?? new Set()).add(body));
}

/** Undefined where none has failed. */
export function failuresAt({ failedBodies, bodies }: FailedBodies, place: string): BodyFailures | undefined {
  const failed = failedBodies.get(place)?.size ?? 0;
  return failed === 0 ? undefined : { failed, of: bodies.byPlace.get(place)?.length ?? failed };
}

/** In words, as everywhere. */
export function failuresText({ failed, of }: BodyFailures): string {
  return `${countText(failed)} of ${countText(of)} failed`;
}
