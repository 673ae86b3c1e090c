/** What a panel shows while it holds nothing: what would stand here, and how to get it. */
import type { ReactNode } from 'react';
import { Icon, type IconName } from './icon.tsx';

interface EmptyStateProps {
  icon: IconName;
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
}

/** Centred in its panel. */
export function EmptyState({ icon, title, children, actions }: EmptyStateProps) {
  return (
    <div className="mx-auto flex max-w-96 flex-col items-center gap-1 px-4 py-8 text-center">
      <span className="mb-1 grid size-9 place-items-center rounded-lg bg-panel2 text-dim">
        <Icon name={icon} size={18} />
      </span>
      <p className="text-sm font-semibold">{title}</p>
      {children && <div className="text-xs leading-5 text-dim">{children}</div>}
      {actions && <div className="mt-2 flex gap-2">{actions}</div>}
    </div>
  );
}
