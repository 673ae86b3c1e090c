/** Someone else saved this flow in between: the choice is the person's, who sees what differs, and neither way loses anything unasked. */
import type { Flow } from '@switchyard/shared';
import { useId, useMemo } from 'react';
import { messageOf } from '../api/api-error.ts';
import { createCopy, keepAsCopy, takeTheirs } from '../browser-flows.ts';
import { compareFlows, partingTexts, type Difference, type SettingDifference } from '../editor/compare-flows.ts';
import { kindForm } from '../inspector/form/derive-form.ts';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { counted } from '../ui/figures.ts';
import { Icon, type IconName } from '../ui/icon.tsx';
import { sayDone, sayFailed } from '../ui/messages.ts';
import { editor, useEditor } from '../use-editor.ts';

interface ConflictDialogProps {
  isOpen: boolean;
  onClose: () => void;
  theirs: { revision: number; flow: Flow };
}

/** Keep mine as a copy, or take theirs. */
export function ConflictDialog({ isOpen, onClose, theirs }: ConflictDialogProps) {
  const choose = (work: Promise<void>, done: string, undo?: () => void) => {
    work.then(
      () => sayDone(done, undo),
      (error: unknown) => sayFailed(messageOf(error)),
    );
    onClose();
  };
  const take = () => {
    const mine = editor.state().document;
    // The flow itself is the other's now: what was given up comes back as a flow of its own.
    choose(takeTheirs(), 'The other version is open now.', () => choose(createCopy(mine), 'Your version is a flow of its own now.'));
  };
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      title="This flow was changed elsewhere"
      description="Another window or person saved it after you opened it. Your work is kept in this browser until you choose."
      actions={
        <>
          <Button onClick={take}>Take theirs</Button>
          <Button variant="primary" onClick={() => choose(keepAsCopy(), 'Your version is a flow of its own now.')}>
            Keep mine as a copy
          </Button>
        </>
      }
    >
      <Differences theirs={theirs.flow} />
    </Dialog>
  );
}

const mostShown = 200;

/** Both versions beside each other, node by node. */
function Differences({ theirs }: { theirs: Flow }) {
  const mine = useEditor((state) => state.document);
  const heading = useId();
  const found = useMemo(() => compareFlows(mine, theirs, titles), [mine, theirs]);
  if (found.length === 0) return <p className="text-sm text-dim">Both versions hold the same: nothing is lost, whichever you take.</p>;
  const shown = found.slice(0, mostShown);
  return (
    <>
      <h3 id={heading} className="mb-1 text-sm font-semibold">
        {counted(found.length, 'difference')}
      </h3>
      {/* A long list is read with the keys too. */}
      <ul aria-labelledby={heading} tabIndex={0} className="max-h-[50vh] divide-y divide-line overflow-auto rounded-md border border-line">
        {shown.map((difference) => (
          <li key={difference.key} className="px-3 py-2 text-sm">
            <Told difference={difference} />
          </li>
        ))}
        {found.length > shown.length && <li className="px-3 py-2 text-sm text-dim">and {counted(found.length - shown.length, 'more difference')}</li>}
      </ul>
    </>
  );
}

const titles = {
  node: (node: Flow['nodes'][string]) => editor.face(node).title,
  setting: (node: Flow['nodes'][string], name: string) => {
    const { kind } = editor.face(node);
    return (kind ? kindForm(kind) : []).find((field) => field.name === name)?.title ?? name;
  },
};

const icons: Record<Difference['what'], IconName> = { flow: 'share', node: 'box', link: 'arrow-right', grant: 'zap', positions: 'layout-grid' };

function Told({ difference: { what, title, id, kind, within, only, settings } }: { difference: Difference }) {
  return (
    <>
      <p className="flex items-center gap-2">
        <Icon name={editor.registry.get(kind ?? '')?.icon ?? icons[what]} size={14} className="text-faint" label={what} />
        <span className="min-w-0 flex-1 truncate" title={title}>
          {title}
          {id !== undefined && <code className="font-mono text-xs text-faint"> {id}</code>}
          {within !== undefined && <span className="text-dim"> in {within}</span>}
        </span>
        <Badge tone={only === undefined ? 'warning' : 'neutral'}>{only === undefined ? 'Differs' : only === 'mine' ? 'Only in yours' : 'Only in theirs'}</Badge>
      </p>
      {settings.length > 0 && (
        <ul className="mt-1 space-y-1 pl-6">
          {settings.map((setting) => (
            <li key={setting.name}>
              <BothValues setting={setting} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function BothValues({ setting }: { setting: SettingDifference }) {
  const { mine, theirs } = partingTexts(setting);
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-2 text-xs">
      <dt className="col-span-2 font-semibold text-dim">{setting.name}</dt>
      <dt className="text-faint">Yours</dt>
      <dd className="min-w-0 font-mono break-words">{mine ?? <Unset />}</dd>
      <dt className="text-faint">Theirs</dt>
      <dd className="min-w-0 font-mono break-words">{theirs ?? <Unset />}</dd>
    </dl>
  );
}

function Unset() {
  return <span className="font-sans text-faint">not set</span>;
}
