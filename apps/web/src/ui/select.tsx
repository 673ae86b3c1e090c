/** A choice of one from a list that opens. */
import { Select as Primitive } from 'radix-ui';
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';
import { Icon } from './icon.tsx';
import { styleNonce } from './style-nonce.ts';

export interface SelectOption {
  value: string;
  label: ReactNode;
  /** Words for the keyboard's type-ahead where the label is not text. */
  text?: string;
  note?: ReactNode;
  isDisabled?: boolean;
}

export interface SelectGroup {
  label?: string;
  options: readonly SelectOption[];
}

interface SelectProps {
  id?: string;
  /** Names the choice where no visible label does. */
  label?: string;
  value: string | undefined;
  onChange: (value: string) => void;
  groups: readonly SelectGroup[];
  placeholder?: string;
  isInvalid?: boolean;
  describedBy?: string;
  isDisabled?: boolean;
  className?: string;
}

/** The closed choice shows the chosen option's label. */
export function Select(props: SelectProps) {
  const { id, label, value, onChange, groups, placeholder = 'Choose…', isInvalid, describedBy, isDisabled, className } = props;
  return (
    <Primitive.Root value={value ?? ''} onValueChange={onChange} disabled={isDisabled ?? false}>
      <Primitive.Trigger
        {...(id && { id })}
        {...(label && { 'aria-label': label })}
        {...(isInvalid && { 'aria-invalid': true })}
        {...(describedBy && { 'aria-describedby': describedBy })}
        className={classNames(
          'flex h-8 w-full min-w-0 items-center justify-between gap-2 rounded-md border border-line2 bg-panel px-2 text-sm hover:border-faint',
          'aria-invalid:border-bad disabled:opacity-50 data-[placeholder]:text-faint',
          className,
        )}
      >
        <span className="flex min-w-0 items-center gap-2 truncate">
          <Primitive.Value placeholder={placeholder} />
        </span>
        <Icon name="chevron-down" size={14} className="text-faint" />
      </Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content
          position="popper"
          sideOffset={4}
          collisionPadding={8}
          className="z-50 max-h-[min(24rem,var(--radix-select-content-available-height))] min-w-(--radix-select-trigger-width) overflow-hidden rounded-md border border-line2 bg-panel shadow-card"
        >
          <Primitive.Viewport className="p-1" {...(styleNonce && { nonce: styleNonce })}>
            {groups.map((group, index) => (
              <Options key={group.label ?? index} group={group} />
            ))}
          </Primitive.Viewport>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

function Options({ group }: { group: SelectGroup }) {
  return (
    <Primitive.Group>
      {group.label && <Primitive.Label className="px-2 pt-2 pb-1 text-xs font-semibold text-dim">{group.label}</Primitive.Label>}
      {group.options.map((option) => (
        <Primitive.Item
          key={option.value}
          value={option.value}
          disabled={option.isDisabled ?? false}
          {...(option.text && { textValue: option.text })}
          className="flex cursor-default items-center gap-2 rounded px-2 py-1 text-sm outline-none data-[disabled]:opacity-50 data-[highlighted]:bg-panel2"
        >
          <span className="w-4 shrink-0">
            <Primitive.ItemIndicator>
              <Icon name="check" size={14} />
            </Primitive.ItemIndicator>
          </span>
          <span className="min-w-0">
            <Primitive.ItemText>{option.label}</Primitive.ItemText>
            {option.note && <span className="block text-xs text-faint">{option.note}</span>}
          </span>
        </Primitive.Item>
      ))}
    </Primitive.Group>
  );
}
