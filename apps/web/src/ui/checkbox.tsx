/** A box to tick, and a switch: both with their words beside them. */
import { Checkbox as Primitive, Switch as SwitchPrimitive } from 'radix-ui';
import { useId, type ReactNode } from 'react';
import { Icon } from './icon.tsx';

interface CheckboxProps {
  label: ReactNode;
  isChecked: boolean;
  onChange: (isChecked: boolean) => void;
  isDisabled?: boolean;
  note?: ReactNode;
  title?: string;
}

/** One of several that may be ticked. */
export function Checkbox({ label, isChecked, onChange, isDisabled, note, title }: CheckboxProps) {
  const id = useId();
  return (
    <div className="flex items-start gap-2 text-sm" title={title}>
      <Primitive.Root
        id={id}
        checked={isChecked}
        disabled={isDisabled ?? false}
        onCheckedChange={(next) => onChange(next === true)}
        className="mt-0.5 grid size-4 shrink-0 place-items-center rounded border border-faint bg-panel data-[state=checked]:border-text data-[state=checked]:bg-text data-[state=checked]:text-panel disabled:opacity-50"
      >
        <Primitive.Indicator>
          <Icon name="check" size={12} />
        </Primitive.Indicator>
      </Primitive.Root>
      <label htmlFor={id} className="min-w-0">
        {label}
        {note && <span className="block text-xs text-faint">{note}</span>}
      </label>
    </div>
  );
}

interface SwitchProps {
  id?: string;
  label: string;
  isOn: boolean;
  onChange: (isOn: boolean) => void;
}

/** On or off. */
export function Switch({ id, label, isOn, onChange }: SwitchProps) {
  return (
    <SwitchPrimitive.Root
      {...(id && { id })}
      aria-label={label}
      checked={isOn}
      onCheckedChange={onChange}
      className="h-5 w-9 shrink-0 rounded-full border border-faint bg-line p-px data-[state=checked]:border-text data-[state=checked]:bg-text"
    >
      <SwitchPrimitive.Thumb className="block size-4 rounded-full bg-panel shadow-card transition-transform duration-100 data-[state=checked]:translate-x-4" />
    </SwitchPrimitive.Root>
  );
}
