/** A labelled control with its help and its mistakes, joined for screen readers. */
import { useId, type ReactNode } from 'react';
import { Icon } from './icon.tsx';
import { Tooltip } from './tooltip.tsx';

export interface FieldControl {
  id: string;
  describedBy?: string;
  isInvalid?: boolean;
}

/** The attributes that join a native control to its label, help and mistakes. */
export function ariaOf({ id, describedBy, isInvalid }: FieldControl): { id: string; 'aria-describedby'?: string; 'aria-invalid'?: true } {
  return { id, ...(describedBy && { 'aria-describedby': describedBy }), ...(isInvalid && { 'aria-invalid': true as const }) };
}

/** What is wrong, with what mends it. */
export interface Mistake {
  message: string;
  severity?: 'error' | 'warning';
  action?: ReactNode;
}

interface FieldProps {
  label: ReactNode;
  /** Stands at the right of the label: what sort of value, "optional". */
  aside?: ReactNode;
  /** Stands below the control. */
  help?: ReactNode;
  /** The same, behind a mark beside the label: for forms of many fields. */
  hint?: string;
  mistakes?: readonly Mistake[];
  children: (control: FieldControl) => ReactNode;
}

/** Gives its child the id and descriptions to put on the control. */
export function Field({ label, aside, help, hint, mistakes = [], children }: FieldProps) {
  const id = useId();
  const helpId = `${id}help`;
  const mistakeId = `${id}mistake`;
  const described = [help || hint ? helpId : '', mistakes.length > 0 ? mistakeId : ''].filter(Boolean).join(' ');
  const isInvalid = mistakes.some((mistake) => mistake.severity !== 'warning');
  return (
    <div>
      <div className="mb-1 flex items-baseline justify-between gap-2 text-xs">
        <span className="flex min-w-0 items-center gap-1">
          <label htmlFor={id} className="min-w-0 font-semibold break-words">
            {label}
          </label>
          {hint && <Hint text={hint} />}
        </span>
        {aside && <span className="text-faint">{aside}</span>}
      </div>
      {children({ id, ...(described && { describedBy: described }), ...(isInvalid && { isInvalid }) })}
      {(help || hint) && (
        <p id={helpId} className={help ? 'mt-1 text-xs text-faint' : 'sr-only'}>
          {help ?? hint}
        </p>
      )}
      <Mistakes id={mistakeId} mistakes={mistakes} />
    </div>
  );
}

/** What is wrong with what stands above; `id` is what that is described by. */
export function Mistakes({ id, mistakes }: { id?: string; mistakes: readonly Mistake[] }) {
  if (mistakes.length === 0) return null;
  return (
    <ul {...(id !== undefined && { id })} className="mt-1 space-y-1">
      {mistakes.map(({ message, severity, action }) => (
        <li key={message} className={`flex items-start gap-1 text-xs ${severity === 'warning' ? 'text-warn' : 'text-bad'}`}>
          <Icon name={severity === 'warning' ? 'triangle-alert' : 'circle-alert'} size={14} className="mt-px" />
          <span className="min-w-0 flex-1 break-words">{message}</span>
          {action}
        </li>
      ))}
    </ul>
  );
}

/** Reached by the mouse; whoever hears the form is told by the control's description. */
function Hint({ text }: { text: string }) {
  return (
    <Tooltip text={text} side="top">
      <span aria-hidden className="grid size-4 place-items-center text-faint hover:text-text">
        <Icon name="info" size={12} />
      </span>
    </Tooltip>
  );
}
