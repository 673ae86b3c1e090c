/** Where runs come from: what the run store asks of the server, so that tests can answer from a list of events. */
import type { RunSummary, StoredRun } from '@switchyard/api/router';
import type { Divergence } from '@switchyard/engine/run';
import type { Flow, JsonObject, RunEvent, SeedRequest } from '@switchyard/shared';
import { api } from '../api/client.ts';

export interface StartRequest {
  flow: Flow;
  flowId?: string;
  inputs: JsonObject;
  /** What it is begun from: results of an earlier run, outputs that are given. */
  seed?: SeedRequest;
}

export interface Watcher {
  /** What is there, in order; some hundreds at most. */
  onEvents(events: readonly RunEvent[]): void;
  /** Whether events arrive; while not, the subscription goes on from the last event by itself. */
  onConnection(isConnected: boolean): void;
  onEnd(): void;
  onError(error: unknown): void;
}

export interface RunSource {
  start(request: StartRequest): Promise<{ run: string }>;
  cancel(run: string): Promise<{ cancelled: boolean }>;
  get(run: string): Promise<Omit<StoredRun, 'plan'>>;
  list(flowId: string | undefined): Promise<RunSummary[]>;
  /** Stored events with a seq above `after`, without long bodies, some thousands at most; none where no more are kept. */
  outline(run: string, after: number): Promise<RunEvent[]>;
  /** The stored event with this seq, whole; undefined where it is kept no longer. */
  event(run: string, seq: number): Promise<RunEvent | undefined>;
  /** The run as a test: a JSON text. */
  record(run: string): Promise<{ text: string }>;
  /** Runs it again without calling anything: where it first takes another way than was recorded, if it does. */
  replay(run: string): Promise<{ divergence?: Divergence }>;
  /** Stored events, then live ones, without long bodies. Gives the function that stops. */
  watch(run: string, watcher: Watcher): () => void;
}

/** The first page is there soon, the others are few. */
const firstPage = 500;
const laterPage = 5000;

/** The server. */
export const serverRuns: RunSource = {
  start: (request) => api.runs.start.mutate(request),
  cancel: (run) => api.runs.cancel.mutate({ run }),
  get: (run) => api.runs.get.query({ run }),
  list: (flowId) => api.runs.list.query({ limit: 50, ...(flowId !== undefined && { flowId }) }),
  outline: (run, after) => api.runs.outline.query({ run, after, limit: after < 0 ? firstPage : laterPage }),
  event: async (run, seq) => (await api.runs.events.query({ run, after: seq - 1, limit: 1 })).find((event) => event.seq === seq),
  record: (run) => api.runs.record.query({ run }),
  replay: (run) => api.runs.replay.query({ run }),
  watch(run, watcher) {
    const subscription = api.runs.watchBatches.subscribe(
      { run, outline: true },
      {
        onData: (batch) => watcher.onEvents(batch.data),
        // The first connecting is no loss: only one that follows an error is.
        onConnectionStateChange: (change) => watcher.onConnection(change.state !== 'connecting' || !change.error),
        onComplete: () => watcher.onEnd(),
        onError: (error) => watcher.onError(error),
      },
    );
    return () => subscription.unsubscribe();
  },
};
