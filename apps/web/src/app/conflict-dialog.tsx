/** Someone else saved this flow in between: the choice is the person's, and neither way loses anything unasked. */
import type { Flow } from '@switchyard/shared';
import { messageOf } from '../api/api-error.ts';
import { keepAsCopy, takeTheirs } from '../browser-flows.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { counted } from '../ui/figures.ts';
import { sayDone, sayFailed } from '../ui/messages.ts';
import { useEditor } from '../use-editor.ts';

interface ConflictDialogProps {
  isOpen: boolean;
  onClose: () => void;
  theirs: { revision: number; flow: Flow };
}

/** Keep mine as a copy, or take theirs. */
export function ConflictDialog({ isOpen, onClose, theirs }: ConflictDialogProps) {
  const mine = useEditor((state) => state.document);
  const choose = (work: Promise<void>, done: string) => {
    work.then(
      () => sayDone(done),
      (error: unknown) => sayFailed(messageOf(error)),
    );
    onClose();
  };
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      title="This flow was changed elsewhere"
      description="Another window or person saved it after you opened it. Your work is kept in this browser until you choose."
      size="small"
      actions={
        <>
          <Button onClick={() => choose(takeTheirs(), 'The other version is open now.')}>Take theirs</Button>
          <Button variant="primary" onClick={() => choose(keepAsCopy(), 'Your version is a flow of its own now.')}>
            Keep mine as a copy
          </Button>
        </>
      }
    >
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-sm">
        <dt className="text-dim">Yours</dt>
        <dd>{sizeOf(mine)}</dd>
        <dt className="text-dim">Theirs</dt>
        <dd>{`${sizeOf(theirs.flow)}, revision ${theirs.revision}`}</dd>
      </dl>
    </Dialog>
  );
}

function sizeOf(flow: Flow): string {
  return `“${flow.name}”: ${counted(Object.keys(flow.nodes).length, 'node')}, ${counted(flow.links.length, 'link')}, ${counted(flow.grants.length, 'grant')}`;
}
