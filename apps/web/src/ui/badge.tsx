/** A small label: a tier, a state, an origin. */
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';

export type Tone = 'neutral' | 'control' | 'data' | 'good' | 'warning' | 'bad' | 'active';

const tones: Record<Tone, string> = {
  neutral: 'border-line2 text-dim',
  control: 'border-control-line text-control',
  data: 'border-data-line text-data',
  good: 'border-transparent bg-ok-soft text-ok',
  warning: 'border-transparent bg-warn-soft text-warn',
  bad: 'border-bad/40 text-bad',
  active: 'border-run/40 text-run',
};

interface BadgeProps {
  tone?: Tone;
  children: ReactNode;
  className?: string;
}

/** The label; its tone never says anything that its words do not. */
export function Badge({ tone = 'neutral', children, className }: BadgeProps) {
  return (
    <span
      className={classNames('inline-flex items-center gap-1 rounded border px-1 text-xs leading-4 font-semibold whitespace-nowrap', tones[tone], className)}
    >
      {children}
    </span>
  );
}
