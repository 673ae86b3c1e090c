/** The lower part of a card during and after a run: the live line, or the checklist of a node that calls others. */
import { Button } from '../ui/button.tsx';
import { StatusMark } from '../ui/status-mark.tsx';
import { session } from '../use-editor.ts';
import type { CardRun } from './card-run.ts';

/** Hidden below half zoom. */
export function CardBody({ run: { checklist, line, time, status, question } }: { run: CardRun }) {
  return (
    <div className="card-body">
      {question !== undefined && (
        <div className="card-question">
          <span className="line-clamp-2" title={question}>
            {question}
          </span>
          <Button size="small" className="nodrag ml-auto" onClick={() => session.setState({ isDockOpen: true, dockTab: 'run' })}>
            Decide
          </Button>
        </div>
      )}
      {checklist ? (
        <ol className="space-y-1">
          {checklist.map((item) => (
            <li key={item.key} className={`flex items-center gap-2 ${item.status === 'idle' ? 'text-faint' : ''}`}>
              <StatusMark status={item.status} size={12} />
              <span className="truncate">{item.text}</span>
            </li>
          ))}
        </ol>
      ) : line === undefined ? null : (
        <p className={`flex gap-2 font-mono ${status === 'failed' ? 'text-bad' : ''}`} title={line}>
          <span className="truncate">{line}</span>
          {time && <span className="ml-auto shrink-0 tabular-nums">{time}</span>}
        </p>
      )}
    </div>
  );
}
