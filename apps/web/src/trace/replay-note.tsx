/** What came of the replay of the run on screen: the same, or where it first took another way. */
import { rowOfCall } from '../run/call-key.ts';
import { useReplay } from '../run/recorded-run.ts';
import { openRow } from '../run/trace-selection.ts';
import { useRunView } from '../run/use-run.ts';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { ValueView } from '../ui/value-view.tsx';

const words = {
  missing: 'It asks for a call that was not recorded.',
  unasked: 'It no longer asks for a call that was recorded.',
  differs: 'It asks for a call with another request than was recorded.',
  result: 'It asks for the same, and ends otherwise.',
};

/** Nothing where the run was not replayed. */
export function ReplayNote() {
  const { view } = useRunView();
  const { run, isUnderWay, divergence } = useReplay();
  if (run !== view.run) return null;
  if (isUnderWay) return <Told>Replaying: nothing is called.</Told>;
  if (!divergence) {
    return (
      <Told tone="ok">
        <Icon name="circle-check" className="text-ok" /> Replayed, and the same: every call was asked for as recorded, and it ended as it had.
      </Told>
    );
  }
  const { what, key, expected, actual } = divergence;
  return (
    <section role="status" aria-label="Replay" className="space-y-2 rounded-md bg-warn-soft px-3 py-2 text-sm">
      <p className="flex items-start gap-2">
        <Icon name="triangle-alert" className="mt-0.5 text-warn" />
        <span className="min-w-0 flex-1">
          <b className="font-semibold">The replay takes another way.</b> {words[what]}{' '}
          {key !== undefined && <code className="font-mono text-xs break-all">{key}</code>}
        </span>
        {key !== undefined && view.calls.has(key) && (
          <Button size="small" onClick={() => openRow(rowOfCall(key))}>
            Show the call
          </Button>
        )}
      </p>
      {expected !== undefined && <ValueView value={expected} label="Recorded" className="max-h-48" />}
      {actual !== undefined && <ValueView value={actual} label="Now" className="max-h-48" />}
    </section>
  );
}

function Told({ tone, children }: { tone?: 'ok'; children: React.ReactNode }) {
  return (
    <p role="status" aria-label="Replay" className={`flex items-center gap-2 rounded-md px-3 py-2 text-sm ${tone ? 'bg-ok-soft' : 'bg-panel2'}`}>
      {children}
    </p>
  );
}
