/** Short messages at the window's corner; those of an act that can be undone carry the button that undoes it. */
import { Toaster as Sonner, toast } from 'sonner';

/** Stands once in the application. */
export function Toaster() {
  return (
    <Sonner
      position="bottom-right"
      theme="system"
      gap={8}
      toastOptions={{ classNames: { toast: 'font-sans! text-sm! bg-panel! text-text! border-line2! rounded-md! shadow-card!', description: 'text-dim!' } }}
    />
  );
}

/** Says that something was done; with `undo`, how to take it back. */
export function sayDone(message: string, undo?: () => void): void {
  toast(message, undo ? { action: { label: 'Undo', onClick: undo }, duration: 10_000 } : {});
}

/** Says that something failed, why, and what to do. */
export function sayFailed(message: string, description?: string): void {
  toast.error(message, { duration: 10_000, ...(description && { description }) });
}
