/** Events from outside that the run on screen waits for: what is to come is told to it here by hand, as any program may tell it over the API. */
import type { Json } from '@switchyard/shared';
import { useState } from 'react';
import { messageOf } from '../../api/api-error.ts';
import { api } from '../../api/client.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { JsonEditor } from '../../ui/json-editor.tsx';
import { sayDone, sayFailed } from '../../ui/messages.ts';
import { titleInRun } from '../body-level.ts';
import { useAwaitedEvents, useRunState } from '../use-run.ts';

/** One for each event, whichever nodes wait for it: all of them hear it. */
export function RunEvents() {
  const events = useAwaitedEvents();
  const run = useRunState((state) => (state.version >= 0 ? state.view.run : ''));
  return (
    <div aria-live="polite" className={events.size > 0 ? 'mb-3 space-y-3' : ''}>
      {[...events].map(([event, nodes]) => (
        <EventCard key={`${run} ${event}`} run={run} event={event} nodes={nodes} />
      ))}
    </div>
  );
}

/** Goes away with the event, wherever that comes from. */
function EventCard({ run, event, nodes }: { run: string; event: string; nodes: readonly string[] }) {
  const [payload, setPayload] = useState<Json | undefined>(null);
  const { isSending, refusal, send } = useTelling(run, event);
  return (
    <section aria-label={`Event: ${event}`} className="rounded-md border border-line2 bg-panel2/60 px-3 py-2">
      <h2 className="flex items-center gap-2 text-sm font-semibold">
        <Icon name="timer" className="text-run" />
        <span className="min-w-0 break-words">
          {nodes.map((node) => titleInRun(node, node)).join(', ')} {nodes.length > 1 ? 'wait' : 'waits'} for the event{' '}
          <code className="font-mono text-xs">{event}</code>
        </span>
      </h2>
      <div className="mt-2 space-y-2">
        <p className="text-xs font-semibold">What comes with it, as JSON</p>
        <JsonEditor label={`What comes with ${event}`} initial={null} lines={2} onChange={(value) => setPayload(value as Json | undefined)} />
        <Button size="small" variant="primary" icon="zap" disabled={isSending || payload === undefined} onClick={() => payload !== undefined && send(payload)}>
          It has come
        </Button>
        {refusal !== undefined && (
          <p role="alert" className="text-xs break-words text-bad">
            {refusal}
          </p>
        )}
      </div>
    </section>
  );
}

function useTelling(run: string, event: string): { isSending: boolean; refusal: string | undefined; send(payload: Json): void } {
  const [isSending, setSending] = useState(false);
  const [refusal, setRefusal] = useState<string>();
  const send = (payload: Json) => {
    setSending(true);
    setRefusal(undefined);
    api.runs.signal
      .mutate({ run, name: event, payload })
      .then(({ accepted }) => {
        if (accepted) sayDone('Told. The run goes on.');
        else sayFailed('It was told already.', 'The first counts.');
      })
      .catch((error: unknown) => setRefusal(messageOf(error)))
      .finally(() => setSending(false));
  };
  return { isSending, refusal, send };
}
