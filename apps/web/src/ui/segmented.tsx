/** A choice of one from few, all shown. */
import { ToggleGroup } from 'radix-ui';
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';

interface SegmentedProps {
  /** Names the choice for screen readers. */
  label: string;
  value: string | undefined;
  options: readonly { value: string; label: ReactNode; title?: string }[];
  onChange: (value: string) => void;
  tone?: 'control' | 'data' | 'neutral';
  size?: 'small' | 'medium';
}

const chosen = {
  control: 'data-[state=on]:bg-control-soft data-[state=on]:text-control',
  data: 'data-[state=on]:bg-data-soft data-[state=on]:text-data',
  neutral: 'data-[state=on]:bg-panel2 data-[state=on]:text-text',
};

/** Walked with the arrow keys; the chosen one cannot be unchosen. */
export function Segmented({ label, value, options, onChange, tone = 'neutral', size = 'medium' }: SegmentedProps) {
  return (
    <ToggleGroup.Root
      type="single"
      aria-label={label}
      value={value ?? ''}
      onValueChange={(next) => next && onChange(next)}
      className="grid auto-cols-[minmax(min-content,1fr)] grid-flow-col overflow-hidden rounded-md border border-line2 bg-panel"
    >
      {options.map((option) => (
        <ToggleGroup.Item
          key={option.value}
          value={option.value}
          {...(option.title && { title: option.title })}
          className={classNames(
            'truncate border-line2 px-2 text-dim not-first:border-l hover:text-text focus-visible:-outline-offset-2 data-[state=on]:font-semibold',
            size === 'small' ? 'h-6 text-xs' : 'h-8 text-sm',
            chosen[tone],
          )}
        >
          {option.label}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}
