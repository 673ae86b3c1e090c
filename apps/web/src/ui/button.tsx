/** Buttons: with words, and with an icon alone (which then needs a label, shown as its tooltip). */
import type { ButtonHTMLAttributes, Ref } from 'react';
import { classNames } from './class-names.ts';
import { Icon, type IconName } from './icon.tsx';
import { Tooltip } from './tooltip.tsx';

export type ButtonVariant = 'primary' | 'default' | 'quiet' | 'danger';

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  variant?: ButtonVariant;
  size?: 'small' | 'medium';
  icon?: IconName;
  ref?: Ref<HTMLButtonElement>;
}

const variants: Record<ButtonVariant, string> = {
  primary: 'border-text bg-text text-panel hover:opacity-90',
  default: 'border-line2 bg-panel text-text hover:bg-panel2',
  quiet: 'border-transparent bg-transparent text-dim hover:bg-panel2 hover:text-text',
  danger: 'border-line2 bg-panel text-bad hover:bg-panel2',
};

const base =
  'inline-flex shrink-0 items-center justify-center whitespace-nowrap rounded-md border font-medium select-none disabled:cursor-not-allowed disabled:opacity-50';

/** A button with words; `icon` stands before them. */
export function Button({ variant = 'default', size = 'medium', icon, className, children, type = 'button', ...rest }: ButtonProps) {
  const measure = size === 'small' ? 'h-7 gap-1 px-2 text-xs' : 'h-8 gap-2 px-3 text-sm';
  return (
    <button type={type} className={classNames(base, variants[variant], measure, className)} {...rest}>
      {icon && <Icon name={icon} size={size === 'small' ? 14 : 16} />}
      {children}
    </button>
  );
}

interface IconButtonProps extends Omit<ButtonProps, 'children'> {
  icon: IconName;
  /** What it does; read aloud, and shown on hover and focus. */
  label: string;
  /** The keys that do the same, shown in the tooltip. */
  keys?: string;
}

/** A square button with an icon alone. */
export function IconButton({ icon, label, keys, variant = 'quiet', size = 'medium', className, type = 'button', ...rest }: IconButtonProps) {
  const measure = size === 'small' ? 'size-7' : 'size-8';
  return (
    <Tooltip text={label} {...(keys && { keys })}>
      <button type={type} aria-label={label} className={classNames(base, variants[variant], measure, className)} {...rest}>
        <Icon name={icon} size={size === 'small' ? 14 : 16} />
      </button>
    </Tooltip>
  );
}
