/** Tries something out at the server and says how it went. */
import type { ConnectionOffer } from '@switchyard/shared';
import { useRef, useState } from 'react';
import { messageOf } from '../api/api-error.ts';
import { Icon } from '../ui/icon.tsx';
import { durationText } from '../ui/figures.ts';

interface CheckOutcome {
  ok: boolean;
  latencyMs?: number;
  message: string;
  /** Whether a model called the tool it was offered. */
  toolCalling?: boolean;
  /** What a person has to read and accept of a connection. */
  offer?: ConnectionOffer;
}

export interface Check {
  isPending: boolean;
  outcome: CheckOutcome | undefined;
  run(name: string): void;
  /** Tells an outcome that was come to in another way. */
  tell(outcome: CheckOutcome): void;
  clear(): void;
}

/** The latest try; an answer to an earlier one is dropped. */
export function useCheck(ask: (name: string) => Promise<CheckOutcome>): Check {
  const [state, setState] = useState<{ isPending: boolean; outcome: CheckOutcome | undefined }>({ isPending: false, outcome: undefined });
  const latest = useRef(0);
  return {
    ...state,
    clear() {
      latest.current += 1;
      setState({ isPending: false, outcome: undefined });
    },
    tell(outcome) {
      latest.current += 1;
      setState({ isPending: false, outcome });
    },
    run(name) {
      latest.current += 1;
      const asked = latest.current;
      const tell = (outcome: CheckOutcome) => asked === latest.current && setState({ isPending: false, outcome });
      setState({ isPending: true, outcome: undefined });
      ask(name).then(tell, (error: unknown) => tell({ ok: false, message: messageOf(error) }));
    },
  };
}

/** `open`: it answers, and something is left for a person to do. */
const looks = {
  good: { tone: 'bg-ok-soft text-ok', icon: 'check' },
  open: { tone: 'bg-warn-soft text-warn', icon: 'triangle-alert' },
  bad: { tone: 'bg-bad-soft text-bad', icon: 'circle-x' },
} as const;

/** Below a long form it would be out of sight. */
function bringIntoView(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: 'nearest' });
}

/** Takes its place before there is anything to say only while a try is on its way. */
export function CheckResult({ check: { isPending, outcome, clear } }: { check: Check }) {
  if (isPending) {
    return (
      <p ref={bringIntoView} role="status" className="flex items-center gap-2 text-xs text-dim">
        <Icon name="loader" size={14} className="motion-safe:animate-spin" /> Trying it out…
      </p>
    );
  }
  if (!outcome) return null;
  const { tone, icon } = looks[outcome.ok ? (outcome.offer ? 'open' : 'good') : 'bad'];
  return (
    <div ref={bringIntoView} role="status" className={`mt-1 rounded-md py-1 pr-1 pl-2 text-xs ${tone}`}>
      <div className="flex items-start gap-2">
        <Icon name={icon} size={14} className="mt-px" />
        <p className="min-w-0 flex-1 break-words">
          {outcome.message}
          {outcome.latencyMs !== undefined && ` (${durationText(outcome.latencyMs)})`}
        </p>
        <button type="button" aria-label="Dismiss" onClick={clear} className="grid size-4 shrink-0 place-items-center rounded hover:bg-panel">
          <Icon name="x" size={12} />
        </button>
      </div>
      {outcome.ok && outcome.toolCalling !== undefined && (
        <p className="mt-1 flex items-start gap-2 pr-1">
          <Icon name={outcome.toolCalling ? 'check' : 'triangle-alert'} size={14} className={outcome.toolCalling ? 'mt-px' : 'mt-px text-warn'} />
          <span className={outcome.toolCalling ? '' : 'text-warn'}>
            {outcome.toolCalling ? 'It calls tools, so it can control.' : 'It called no tool: fit for writing and classifying, not for control.'}
          </span>
        </p>
      )}
    </div>
  );
}
