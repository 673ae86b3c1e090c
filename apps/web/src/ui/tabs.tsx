/** Tabs, reached by Tab and walked with the arrow keys. */
import { Tabs as Primitive } from 'radix-ui';
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';

export interface TabItem {
  value: string;
  label: ReactNode;
  content: ReactNode;
}

interface TabsProps {
  /** Names the list of tabs for screen readers. */
  label: string;
  items: readonly TabItem[];
  value: string;
  onChange: (value: string) => void;
  /** Stands at the right end of the row of tabs. */
  aside?: ReactNode;
  className?: string;
  listClassName?: string;
}

/** A row of tabs over the chosen one's content, which fills the rest of the height and scrolls itself. */
export function Tabs({ label, items, value, onChange, aside, className, listClassName }: TabsProps) {
  return (
    <Primitive.Root value={value} onValueChange={onChange} className={classNames('flex min-h-0 flex-col', className)}>
      <div className={classNames('flex shrink-0 items-center overflow-x-clip border-b border-line', listClassName)}>
        <Primitive.List aria-label={label} className="flex shrink-0">
          {items.map((item) => (
            <Primitive.Trigger
              key={item.value}
              value={item.value}
              className={classNames(
                '-mb-px flex h-9 items-center gap-1 border-b-2 border-transparent px-3 text-sm font-medium whitespace-nowrap text-dim hover:text-text',
                'data-[state=active]:border-text data-[state=active]:text-text',
              )}
            >
              {item.label}
            </Primitive.Trigger>
          ))}
        </Primitive.List>
        {aside && <div className="ml-auto flex min-w-0 items-center">{aside}</div>}
      </div>
      {items.map((item) => (
        <Primitive.Content
          key={item.value}
          value={item.value}
          tabIndex={-1}
          // What is placed within it, such as text for screen readers, scrolls with it, and does not make the whole page longer.
          className="relative min-h-0 flex-1 overflow-auto outline-none data-[state=inactive]:hidden"
        >
          {item.content}
        </Primitive.Content>
      ))}
    </Primitive.Root>
  );
}
