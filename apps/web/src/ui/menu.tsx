/** A menu of actions, opened by a button or by the context-menu key or click. */
import { ContextMenu as ContextPrimitive, DropdownMenu as Primitive } from 'radix-ui';
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';
import { Icon, type IconName } from './icon.tsx';
import { Kbd } from './kbd.tsx';

export type MenuItem =
  | {
      label: string;
      icon?: IconName;
      keys?: string;
      onSelect: () => void;
      isDisabled?: boolean;
      isDanger?: boolean;
      /** Given for an item that is on or off. */
      isChecked?: boolean;
    }
  | 'separator'
  | { heading: string };

const panel = 'z-50 min-w-44 rounded-md border border-line2 bg-panel p-1 shadow-card';
const row = 'flex cursor-default items-center gap-2 rounded px-2 py-1 text-sm outline-none data-[disabled]:opacity-50 data-[highlighted]:bg-panel2';

interface MenuProps {
  /** The button that opens it. */
  trigger: ReactNode;
  items: readonly MenuItem[];
  align?: 'start' | 'center' | 'end';
}

/** Opens under its button. */
export function Menu({ trigger, items, align = 'end' }: MenuProps) {
  return (
    <Primitive.Root modal={false}>
      <Primitive.Trigger asChild>{trigger}</Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content align={align} sideOffset={4} collisionPadding={8} className={panel}>
          <Items items={items} parts={Primitive} />
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

/** Opens where its child was clicked with the other button, or by the menu key. */
export function ContextMenu({ children, items }: { children: ReactNode; items: readonly MenuItem[] }) {
  return (
    <ContextPrimitive.Root modal={false}>
      <ContextPrimitive.Trigger asChild>{children}</ContextPrimitive.Trigger>
      <ContextPrimitive.Portal>
        <ContextPrimitive.Content collisionPadding={8} className={panel}>
          <Items items={items} parts={ContextPrimitive} />
        </ContextPrimitive.Content>
      </ContextPrimitive.Portal>
    </ContextPrimitive.Root>
  );
}

type Parts = Pick<typeof Primitive, 'Item' | 'Separator' | 'Label'> | Pick<typeof ContextPrimitive, 'Item' | 'Separator' | 'Label'>;

function Items({ items, parts }: { items: readonly MenuItem[]; parts: Parts }) {
  return items.map((item, place) => {
    if (item === 'separator') {
      const before = items[place - 1];
      return <parts.Separator key={`after ${typeof before === 'object' && 'label' in before ? before.label : 'nothing'}`} className="my-1 h-px bg-line" />;
    }
    if ('heading' in item) {
      return (
        <parts.Label key={item.heading} className="px-2 pt-1 text-xs font-semibold text-dim">
          {item.heading}
        </parts.Label>
      );
    }
    return (
      <parts.Item
        key={item.label}
        disabled={item.isDisabled ?? false}
        onSelect={item.onSelect}
        {...(item.isChecked !== undefined && { role: 'menuitemcheckbox', 'aria-checked': item.isChecked })}
        className={classNames(row, item.isDanger && 'text-bad')}
      >
        <MenuIcon item={item} />
        <span className="flex-1">{item.label}</span>
        {item.keys && <Kbd keys={item.keys} className="ml-4" />}
      </parts.Item>
    );
  });
}

function MenuIcon({ item }: { item: Extract<MenuItem, { label: string }> }) {
  if (item.isChecked !== undefined) return <span className="w-4">{item.isChecked && <Icon name="check" />}</span>;
  return item.icon ? <Icon name={item.icon} className={item.isDanger ? '' : 'text-dim'} /> : null;
}
