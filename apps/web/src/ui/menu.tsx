/** A menu of actions, opened by a button. */
import { DropdownMenu as Primitive } from 'radix-ui';
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';
import { Icon, type IconName } from './icon.tsx';
import { Kbd } from './kbd.tsx';

export interface MenuItem {
  label: string;
  icon?: IconName;
  keys?: string;
  onSelect: () => void;
  isDisabled?: boolean;
  isDanger?: boolean;
}

interface MenuProps {
  /** The button that opens it. */
  trigger: ReactNode;
  items: readonly MenuItem[];
  align?: 'start' | 'center' | 'end';
  /** Where given, the menu is open from the start and tells when it closes. */
  onClose?: () => void;
}

/** Opens under its button. */
export function Menu({ trigger, items, align = 'end', onClose }: MenuProps) {
  return (
    <Primitive.Root modal={false} {...(onClose && { open: true, onOpenChange: (isOpen: boolean) => !isOpen && onClose() })}>
      <Primitive.Trigger asChild>{trigger}</Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content align={align} sideOffset={4} collisionPadding={8} className="z-50 min-w-44 rounded-md border border-line2 bg-panel p-1 shadow-card">
          {items.map((item) => (
            <Primitive.Item
              key={item.label}
              disabled={item.isDisabled ?? false}
              onSelect={item.onSelect}
              className={classNames(
                'flex cursor-default items-center gap-2 rounded px-2 py-1 text-sm outline-none data-[disabled]:opacity-50 data-[highlighted]:bg-panel2',
                item.isDanger && 'text-bad',
              )}
            >
              {item.icon && <Icon name={item.icon} className={item.isDanger ? '' : 'text-dim'} />}
              <span className="flex-1">{item.label}</span>
              {item.keys && <Kbd keys={item.keys} className="ml-4" />}
            </Primitive.Item>
          ))}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
