/**
 * Parts of the window that are loaded when they are first shown, or in an idle moment before.
 *
 * 1. A part that cannot be loaded while the server is away comes as soon as the server answers; meanwhile what stands in its place stays.
 * 2. A server that answers, but not with the part, is a newer one: that is an error, and the boundary around the part says so.
 */
import { lazy, type ComponentType, type LazyExoticComponent } from 'react';
import { sayFailed } from './messages.ts';

const pauseMs = 2000;
/** Some three hours; after that the window has to be reloaded. */
const mostPauses = 5000;
const answerWithinMs = 5000;

const parts: (() => Promise<unknown>)[] = [];
let isTold = false;

/** The component that `load` gives, to be drawn within a Suspense and a PartBoundary. */
export function lazyPart<Props>(load: () => Promise<ComponentType<Props>>): LazyExoticComponent<ComponentType<Props>> {
  parts.push(load);
  return lazy(async () => ({ default: await loadPatiently(load) }));
}

/** Loads what has not been shown yet, one after the other, so that showing it later waits for nothing and needs no server. A part brings further ones. */
export async function preloadParts(): Promise<void> {
  for (const load of parts) await load().catch(() => undefined);
}

/** What `load` gives, once the server answers. Rejects where it answers and what is asked for cannot be had. */
export async function loadPatiently<Part>(load: () => Promise<Part>): Promise<Part> {
  for (let pauses = 0; pauses < mostPauses; pauses += 1) {
    try {
      const part = await load();
      isTold = false;
      return part;
    } catch {
      if (await serverAnswers()) break;
    }
    if (!isTold) sayFailed('A part of the window is not loaded yet.', 'The server cannot be reached. The part is shown as soon as the server answers.');
    isTold = true;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  return await load();
}

async function serverAnswers(): Promise<boolean> {
  try {
    return (await fetch('/health', { cache: 'no-store', signal: AbortSignal.timeout(answerWithinMs) })).ok;
  } catch {
    return false;
  }
}
