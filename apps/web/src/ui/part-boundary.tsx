/** Keeps the failure of one part of the window to that part: without it, a part that cannot be drawn or loaded takes everything off the screen. */
import { Component, type ReactNode } from 'react';
import { Button } from './button.tsx';
import { Icon } from './icon.tsx';

interface PartBoundaryProps {
  children: ReactNode;
}

/** A part is loaded when it is first shown, so it fails also where the server is away, or was replaced by another version since the window opened. */
export class PartBoundary extends Component<PartBoundaryProps, { failed: Error | undefined }> {
  override state: { failed: Error | undefined } = { failed: undefined };

  static getDerivedStateFromError(failed: unknown): { failed: Error } {
    return { failed: failed instanceof Error ? failed : new Error(String(failed)) };
  }

  override render(): ReactNode {
    return this.state.failed ? <PartFailed message={this.state.failed.message} /> : this.props.children;
  }
}

function PartFailed({ message }: { message: string }) {
  return (
    <section
      role="alert"
      className="fixed inset-x-0 bottom-3 z-50 mx-auto w-96 max-w-[calc(100vw-24px)] rounded-md border border-line2 bg-panel px-3 py-2 text-sm shadow-card"
    >
      <h2 className="flex items-center gap-2 font-semibold">
        <Icon name="circle-alert" className="text-bad" />A part of the window could not be shown
      </h2>
      <p className="mt-1 text-xs break-words text-dim">{message}</p>
      <p className="mt-1">The server may be away, or a newer one since this window opened. What you changed is kept: reload once the server answers.</p>
      <Button size="small" className="mt-2" onClick={() => location.reload()}>
        Reload
      </Button>
    </section>
  );
}
