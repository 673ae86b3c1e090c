/** Whether the work is safe, and where. */
import { Suspense, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { lazyPart } from '../ui/lazy-part.ts';
import { PartBoundary } from '../ui/part-boundary.tsx';
import { useEditor } from '../use-editor.ts';

const ConflictDialog = lazyPart(async () => (await import('./conflict-dialog.tsx')).ConflictDialog);

/** Words in every state; a choice to make where someone else saved in between. */
export function SaveMark() {
  const state = useEditor((editor) => editor.saveState);
  const isOpen = useEditor((editor) => editor.flowId !== undefined);
  const [isChoosing, setChoosing] = useState(false);
  if (!isOpen) return null;
  switch (state.name) {
    case 'saved':
    case 'saving':
      return <Words text={state.name === 'saved' ? 'Saved' : 'Saving'} />;
    case 'offline':
      return <Words text="Offline: kept in this browser" isWarning />;
    case 'postponed':
      return <Words text="Not saved yet: kept in this browser" title={state.message} isWarning />;
    case 'refused':
      return <Words text="Not saved: kept in this browser" title={state.message} isWarning />;
    case 'conflict':
      return (
        <>
          <Button size="small" icon="triangle-alert" className="text-warn" onClick={() => setChoosing(true)}>
            Changed elsewhere
          </Button>
          <PartBoundary>
            <Suspense>
              <ConflictDialog isOpen={isChoosing} onClose={() => setChoosing(false)} theirs={state.theirs} />
            </Suspense>
          </PartBoundary>
        </>
      );
  }
}

function Words({ text, title, isWarning }: { text: string; title?: string; isWarning?: boolean }) {
  return (
    <span role="status" title={title} className={`inline-flex items-center gap-1 text-xs whitespace-nowrap ${isWarning ? 'text-warn' : 'text-faint'}`}>
      {isWarning && <Icon name="triangle-alert" size={12} />}
      {text}
    </span>
  );
}
