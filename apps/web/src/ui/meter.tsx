/** How much of a budget is used. */
import { classNames } from './class-names.ts';

interface MeterProps {
  label: string;
  value: number;
  /** The budget; without one only the figure is shown. */
  most: number | undefined;
  /** The figures as text, such as "3,412 of 200,000". */
  text: string;
}

/** Turns amber above four fifths and red when spent; the figures say the same. */
export function Meter({ label, value, most, text }: MeterProps) {
  const share = most ? Math.min(1, value / most) : 0;
  const tone = share >= 1 ? 'bg-bad' : share > 0.8 ? 'bg-warn' : 'bg-control';
  return (
    <div>
      <div className="flex justify-between text-xs">
        <span className="font-semibold">{label}</span>
        <span className="tabular-nums text-dim">{text}</span>
      </div>
      <div
        role="meter"
        aria-label={label}
        aria-valuenow={value}
        aria-valuemin={0}
        aria-valuemax={most ?? Math.max(value, 1)}
        aria-valuetext={text}
        className="mt-1 h-1 overflow-hidden rounded-full bg-line"
      >
        <div className={classNames('h-full rounded-full', tone)} style={{ width: `${share * 100}%` }} />
      </div>
    </div>
  );
}
