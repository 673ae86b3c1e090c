/** A dialog over the window: takes the focus, gives it back, closes on Esc. */
import { Dialog as Primitive } from 'radix-ui';
import { useRef, type ReactNode } from 'react';
import { IconButton } from './button.tsx';
import { classNames } from './class-names.ts';

interface DialogProps {
  isOpen: boolean;
  onClose: () => void;
  title: string;
  description?: ReactNode;
  children: ReactNode;
  /** Buttons at the foot. */
  actions?: ReactNode;
  size?: 'small' | 'medium' | 'large';
}

const widths = { small: 'max-w-md', medium: 'max-w-xl', large: 'max-w-4xl' };

/** Its content scrolls; title and actions stay. */
export function Dialog({ isOpen, onClose, title, description, children, actions, size = 'medium' }: DialogProps) {
  const opener = useRef<Element | null>(null);
  return (
    <Primitive.Root open={isOpen} onOpenChange={(open) => !open && onClose()}>
      <Primitive.Portal>
        <Primitive.Overlay className="fixed inset-0 z-40 bg-black/40" />
        <Primitive.Content
          {...(description === undefined && { 'aria-describedby': undefined })}
          onOpenAutoFocus={(event) => {
            opener.current = document.activeElement;
            focusFirstField(event);
          }}
          // A dialog that no trigger of its own has opened would leave the focus nowhere.
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            if (opener.current instanceof HTMLElement) opener.current.focus();
          }}
          className={classNames(
            'fixed top-1/2 left-1/2 z-40 flex max-h-[88vh] w-[calc(100vw-2rem)] -translate-x-1/2 -translate-y-1/2 flex-col rounded-lg border border-line2 bg-panel shadow-card outline-none',
            widths[size],
          )}
        >
          <header className="flex items-start gap-4 border-b border-line px-4 py-3">
            <div className="min-w-0 flex-1">
              <Primitive.Title className="text-lg font-semibold">{title}</Primitive.Title>
              {description !== undefined && <Primitive.Description className="mt-1 text-sm text-dim">{description}</Primitive.Description>}
            </div>
            <IconButton icon="x" label="Close" size="small" onClick={onClose} />
          </header>
          <div className="min-h-0 flex-1 overflow-auto p-4">{children}</div>
          {actions && <footer className="flex justify-end gap-2 border-t border-line px-4 py-3">{actions}</footer>}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

/** The first field takes the focus, else the dialog itself: on the button that closes it, the button's tooltip would take the first Esc. */
function focusFirstField(event: Event): void {
  const dialog = event.currentTarget as HTMLElement;
  event.preventDefault();
  (dialog.querySelector<HTMLElement>('input, textarea, select, [role="combobox"]') ?? dialog).focus();
}
