/** A state told by shape as well as colour. */
import { classNames } from './class-names.ts';
import { Icon, type IconName } from './icon.tsx';

export type Status = 'idle' | 'queued' | 'running' | 'done' | 'failed' | 'skipped' | 'waiting' | 'resting' | 'cancelled' | 'stale';

const marks: Record<Status, { icon: IconName; colour: string; word: string }> = {
  idle: { icon: 'circle', colour: 'text-faint', word: 'Not run' },
  queued: { icon: 'circle-dashed', colour: 'text-dim', word: 'Queued' },
  running: { icon: 'loader', colour: 'text-run motion-safe:animate-spin', word: 'Running' },
  done: { icon: 'check', colour: 'text-ok', word: 'Done' },
  failed: { icon: 'circle-x', colour: 'text-bad', word: 'Failed' },
  skipped: { icon: 'minus', colour: 'text-faint', word: 'Skipped' },
  waiting: { icon: 'hand', colour: 'text-warn', word: 'Waiting for a person' },
  resting: { icon: 'timer', colour: 'text-run', word: 'Waiting' },
  cancelled: { icon: 'ban', colour: 'text-dim', word: 'Cancelled' },
  stale: { icon: 'history', colour: 'text-warn', word: 'Stale' },
};

/** The word for a state, as shown beside its mark. */
export function statusWord(status: Status): string {
  return marks[status].word;
}

interface StatusMarkProps {
  status: Status;
  size?: number;
  /** Shows the word too; without it the word is said to screen readers only. */
  hasWord?: boolean;
}

/** The mark. */
export function StatusMark({ status, size = 14, hasWord }: StatusMarkProps) {
  const { icon, colour, word } = marks[status];
  return (
    <span className="inline-flex items-center gap-1 whitespace-nowrap">
      <Icon name={icon} size={size} className={colour} {...(!hasWord && { label: word })} />
      {hasWord && <span className={classNames('text-xs font-semibold', colour.split(' ')[0])}>{word}</span>}
    </span>
  );
}
