/**
 * The run on screen, live or past: events folded by foldRun, and what the panels and cards ask of it. Shared by canvas, inspector, run and trace.
 *
 * 1. The view and the index change in place; `version` grows once per frame with events, and hooks compare stamps.
 * 2. At most one run is watched; starting or opening another stops the watch of the one before.
 * 3. Events of a run that is no longer on screen are dropped.
 * 4. A run that has ended is read page by page; its end is known before its last page is.
 */
import { emptyRun, foldRun, type Diagnostic, type Flow, type RunEvent, type RunView } from '@switchyard/shared';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { diagnosticsOf, messageOf } from '../api/api-error.ts';
import { emptyIndex, noteEvent, type RunIndex } from './run-index.ts';
import { serverRuns, type RunSource, type StartRequest } from './run-source.ts';

type Ended = Pick<RunView, 'status' | 'outputs' | 'endedAt'> & Partial<Pick<RunView, 'failure' | 'usage'>>;

/** Why no run is on screen although one was asked for. */
export interface RunRefusal {
  message: string;
  diagnostics: readonly Diagnostic[];
}

export interface RunState {
  view: RunView;
  index: RunIndex;
  /** Grows with every batch of events and every change of the run on screen. */
  version: number;
  /** `past` where an earlier run was opened: the canvas then shows `flow` as it ran. */
  mode: 'none' | 'live' | 'past';
  /** From asking for a start to the first event. */
  isStarting: boolean;
  isConnected: boolean;
  /** While further pages of an ended run are being read. */
  isReading: boolean;
  /** The document as it ran. */
  flow: Flow | undefined;
  flowId: string | undefined;
  refusal: RunRefusal | undefined;
  startRun(request: StartRequest): Promise<void>;
  /** Asks the server to stop the run on screen; its last events tell when it has. */
  cancel(): Promise<void>;
  openPast(run: string): Promise<void>;
  /** Says why the flow does not run, without asking the server. */
  refuse(message: string, diagnostics: readonly Diagnostic[]): void;
  /** Takes the run off the screen; a live one goes on at the server. */
  close(): void;
}

/** Calls back soon, at most once per frame, also while the window is hidden. */
export type Schedule = (flush: () => void) => void;

const nothing = () => ({
  view: emptyRun(),
  index: emptyIndex(),
  mode: 'none' as const,
  isStarting: false,
  isConnected: true,
  isReading: false,
  flow: undefined,
  flowId: undefined,
  refusal: undefined,
});

/** A store over a source of runs. */
export function createRunStore(source: RunSource, schedule: Schedule = eachFrame): StoreApi<RunState> {
  let stopWatching = () => {};
  let session = 0;

  return createStore<RunState>((set, get) => {
    const show = (change: Partial<RunState>) => {
      session += 1;
      stopWatching();
      set({ ...nothing(), version: get().version + 1, ...change });
      return session;
    };
    const refuse = (asked: number, error: unknown) => {
      if (asked !== session) return;
      set({ isStarting: false, isReading: false, refusal: { message: messageOf(error), diagnostics: diagnosticsOf(error) } });
    };
    const watch = (run: string, asked: number) => {
      stopWatching = source.watch(run, {
        onEvents: gathered(schedule, (events) => asked === session && set(foldBatch(get(), events))),
        onConnection: (isConnected) => asked === session && set({ isConnected }),
        onEnd: () => {},
        onError: (error) => refuse(asked, error),
      });
    };

    /** An event may be told of a task that a page before began: pages are folded one after the other. */
    const readPages = async (run: string, asked: number, ended: Ended) => {
      set({ isReading: true });
      for (let isAll = false; !isAll; ) {
        const page = await source.outline(run, get().view.seq);
        if (asked !== session) return;
        isAll = page.length === 0 || page.at(-1)?.type === 'run-end';
        const folded = foldBatch(get(), page);
        Object.assign(get().view, ended);
        if (isAll) delete get().view.isPartial;
        else get().view.isPartial = true;
        set({ ...folded, isReading: !isAll });
      }
    };

    return {
      ...nothing(),
      version: 0,
      async startRun(request) {
        const asked = show({ mode: 'live', isStarting: true, flow: request.flow, flowId: request.flowId });
        try {
          const { run } = await source.start(request);
          if (asked !== session) return;
          get().view.run = run;
          watch(run, asked);
        } catch (error) {
          refuse(asked, error);
        }
      },
      async cancel() {
        const { run, status } = get().view;
        if (run && (status === 'running' || status === 'waiting' || status === 'none')) await source.cancel(run);
      },
      async openPast(run) {
        const asked = show({ mode: 'past', isStarting: true });
        try {
          const { flow, flowId, status, outputs = {}, endedAt, failure, usage } = await source.get(run);
          if (asked !== session) return;
          set({ flow, flowId });
          if (endedAt === undefined || status === 'waiting') watch(run, asked);
          else await readPages(run, asked, { status, outputs, endedAt, ...(failure && { failure }), ...(usage && { usage }) });
        } catch (error) {
          refuse(asked, error);
        }
      },
      refuse(message, diagnostics) {
        show({ refusal: { message, diagnostics } });
      },
      close() {
        show({});
      },
    };
  });
}

function foldBatch(state: RunState, events: readonly RunEvent[]): Partial<RunState> {
  for (const event of events) {
    if (event.seq <= state.view.seq) continue;
    foldRun(state.view, event);
    noteEvent(state.index, state.view, event);
  }
  return { version: state.version + 1, isStarting: false, refusal: undefined };
}

/** What comes before the next frame, in one list. */
function gathered(schedule: Schedule, handle: (events: readonly RunEvent[]) => void): (events: readonly RunEvent[]) => void {
  let batches: (readonly RunEvent[])[] = [];
  return (batch) => {
    batches.push(batch);
    if (batches.length > 1) return;
    schedule(() => {
      const events = batches.flat();
      batches = [];
      handle(events);
    });
  };
}

/** Frames do not come while the window is hidden; the timer then takes their place. */
function eachFrame(flush: () => void): void {
  const once = () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    flush();
  };
  const frame = requestAnimationFrame(once);
  const timer = setTimeout(once, 250);
}

/** The run on screen. */
export const runStore = createRunStore(serverRuns);
