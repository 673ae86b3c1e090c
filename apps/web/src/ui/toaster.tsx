/** Draws the short messages at the window's corner; those of an act that can be undone carry the button that undoes it. */
import { Toast } from 'radix-ui';
import { Button, IconButton } from './button.tsx';
import { Icon } from './icon.tsx';
import { dismiss, useMessages, type Message } from './messages.ts';

const shownMs = { plain: 4000, long: 10_000 };

/** Stands once in the application. F8 takes the focus to the messages. */
export function Toaster() {
  const messages = useMessages((state) => state.messages);
  return (
    <Toast.Provider swipeDirection="right">
      {messages.map((message) => (
        <ToastMessage key={message.id} message={message} />
      ))}
      <Toast.Viewport className="fixed right-3 bottom-3 z-50 flex w-88 max-w-[calc(100vw-24px)] flex-col gap-2 outline-none" />
    </Toast.Provider>
  );
}

function ToastMessage({ message: { id, text, description, isFailure, undo } }: { message: Message }) {
  return (
    <Toast.Root
      type={isFailure ? 'foreground' : 'background'}
      duration={undo || isFailure ? shownMs.long : shownMs.plain}
      onOpenChange={(isOpen) => !isOpen && dismiss(id)}
      className="flex items-start gap-2 rounded-md border border-line2 bg-panel py-2 pr-1 pl-3 shadow-card"
    >
      <Icon name={isFailure ? 'circle-alert' : 'circle-check'} className={`mt-1.5 ${isFailure ? 'text-bad' : 'text-ok'}`} />
      <div className="min-w-0 flex-1 py-1">
        <Toast.Title className="text-sm font-medium break-words">{text}</Toast.Title>
        {description && <Toast.Description className="text-xs break-words text-dim">{description}</Toast.Description>}
      </div>
      {undo && (
        <Toast.Action asChild altText="Undo">
          <Button size="small" onClick={undo}>
            Undo
          </Button>
        </Toast.Action>
      )}
      <Toast.Close asChild>
        <IconButton icon="x" size="small" label="Dismiss" />
      </Toast.Close>
    </Toast.Root>
  );
}
