/** One grant: the node called, its operations, and when a person is asked first. */
import { approvals, type Approval, type Grant } from '@switchyard/shared';
import { useId, useState, type ReactNode } from 'react';
import { revoke, setGrant } from '../editor/commands.ts';
import { Badge } from '../ui/badge.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { Checkbox } from '../ui/checkbox.tsx';
import { classNames } from '../ui/class-names.ts';
import { Icon } from '../ui/icon.tsx';
import { counted } from '../ui/figures.ts';
import { NumberInput } from '../ui/input.tsx';
import { Segmented } from '../ui/segmented.tsx';
import { editor, useEditor } from '../use-editor.ts';
import { FixButton } from './form/fix-button.tsx';
import { useOffered, type Offered } from './offered-operations.ts';

const approvalWords: Record<Approval, { label: string; line: string }> = {
  never: { label: 'Never', line: 'never asks' },
  writes: { label: 'Before writes', line: 'asks before writes' },
  always: { label: 'Always', line: 'always asks' },
};

/** Folded it is one line; unfolded it can be changed. */
export function GrantRow({ grant, isOpen: isOpenFirst = false }: { grant: Grant; isOpen?: boolean }) {
  const flow = useEditor((state) => state.shown);
  const [isOpen, setOpen] = useState(isOpenFirst);
  const node = flow.nodes[grant.to];
  const face = node && editor.face(node);
  const offered = useOffered(flow, grant.to, isOpen);
  const title = face?.title ?? grant.to;
  return (
    <li className="py-1">
      <div className="flex items-center gap-2">
        <span
          className={classNames(
            'grid size-6 shrink-0 place-items-center rounded',
            face?.kind?.layer === 'control' ? 'bg-control-soft text-control' : 'bg-data-soft text-data',
          )}
        >
          <Icon name={face?.kind?.icon ?? 'box'} size={14} />
        </span>
        <button type="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)} className="flex h-7 min-w-0 flex-1 items-center gap-2 text-left">
          <span className="truncate text-sm">{title}</span>
          <span className="ml-auto text-xs whitespace-nowrap text-dim">{grantLine(grant, offered)}</span>
          <Icon name={isOpen ? 'chevron-down' : 'chevron-right'} size={14} className="text-faint" />
        </button>
      </div>
      <GrantMistakes grant={grant} />
      {isOpen && (
        <div className="space-y-2 pt-1 pb-2 pl-8">
          <Operations grant={grant} offered={offered} />
          {face?.kind?.operations && <ApprovalChoice grant={grant} />}
          <div className="flex items-center gap-1">
            <Button size="small" onClick={() => editor.select([grant.to])}>
              Open {title}
            </Button>
            <IconButton
              size="small"
              icon="unlink"
              label={`Take the grant of ${title} back`}
              onClick={() => editor.edit('Take a grant back', (before) => revoke(before, grant))}
            />
          </div>
        </div>
      )}
    </li>
  );
}

function Operations({ grant, offered }: { grant: Grant; offered: Offered }) {
  const { operations, missing, note } = offered;
  const isEmpty = operations.length === 0 && missing.length === 0 && !grant.operations?.length;
  const told = note ?? (isEmpty ? 'It offers nothing to call yet: set it up first.' : undefined);
  return (
    <>
      {!isEmpty && <OperationChoice grant={grant} offered={offered} />}
      {told !== undefined && <p className="text-xs break-words text-dim">{told}</p>}
    </>
  );
}

/** Nothing is unticked while it is not known what there is: the rest would be lost with it. */
function OperationChoice({ grant, offered: { operations, isWhole, missing, whyMissing } }: { grant: Grant; offered: Offered }) {
  const names = operations.map((operation) => operation.name);
  const chosen = grant.operations ?? names;
  const set = (next: string[]) => {
    const isAll = names.every((name) => next.includes(name)) && next.every((name) => names.includes(name));
    editor.edit('Choose operations', (flow) => setGrant(flow, grant, { operations: isAll ? undefined : next }));
  };
  const row = (name: string, { badge, note, isFixed = !isWhole }: { badge?: ReactNode; note?: ReactNode; isFixed?: boolean }) => (
    <li key={name}>
      <Checkbox
        label={
          <span className="inline-flex items-center gap-2">
            <code className="font-mono text-xs">{name}</code>
            {badge}
          </span>
        }
        note={note}
        isChecked={chosen.includes(name)}
        isDisabled={isFixed}
        onChange={(isChecked) => set(isChecked ? [...chosen, name] : chosen.filter((other) => other !== name))}
      />
    </li>
  );
  const others = [...new Set([...missing, ...chosen.filter((name) => !names.includes(name))])];
  const notOffered = (name: string) => {
    const isChosen = chosen.includes(name);
    const why = whyMissing(name) ?? (isChosen ? '' : 'The settings name it, and the connection does not have it.');
    const note = [why, isChosen ? 'A run fails while this is granted and not offered: untick it.' : ''].filter(Boolean).join(' ');
    return { badge: <Badge tone="warning">not offered</Badge>, note, isFixed: !isChosen };
  };
  return (
    <ul aria-label="Operations" className="max-h-80 space-y-1 overflow-auto">
      {operations.map(({ name, effect, description }) =>
        row(name, { badge: effect === 'write' && <Badge tone="warning">writes</Badge>, note: <span className="line-clamp-2">{description}</span> }),
      )}
      {others.map((name) => row(name, isWhole ? notOffered(name) : {}))}
    </ul>
  );
}

function ApprovalChoice({ grant }: { grant: Grant }) {
  const id = useId();
  const approval = grant.approval ?? 'writes';
  const set = (next: Approval) => editor.edit('Choose when to ask', (flow) => setGrant(flow, grant, { approval: next === 'writes' ? undefined : next }));
  return (
    <div className="space-y-2">
      <p className="mb-1 text-xs font-semibold">Ask a person</p>
      <Segmented
        label="When a person is asked"
        size="small"
        value={approval}
        options={approvals.map((each) => ({ value: each, label: approvalWords[each].label }))}
        onChange={(next) => set(next as Approval)}
      />
      {approval !== 'never' && (
        <div className="flex items-center gap-2 text-xs text-dim">
          <label htmlFor={id} className="min-w-0 flex-1">
            Seconds to answer; then it counts as rejected
          </label>
          <NumberInput
            id={id}
            className="w-24! text-right tabular-nums"
            value={grant.approvalSeconds}
            placeholder="86,400"
            onChange={(seconds) =>
              (seconds === undefined || seconds > 0) &&
              editor.edit('Set the time to answer', (flow) => setGrant(flow, grant, { approvalSeconds: seconds }), {
                merge: `${grant.from}>${grant.to}.approvalSeconds`,
              })
            }
          />
        </div>
      )}
    </div>
  );
}

function GrantMistakes({ grant }: { grant: Grant }) {
  const diagnostics = useEditor((state) => state.here.diagnostics);
  const index = useEditor((state) => state.flow.grants.findIndex((each) => each.from === grant.from && each.to === grant.to));
  const mistakes = diagnostics.filter((diagnostic) => diagnostic.path === `/grants/${index}` || diagnostic.path.startsWith(`/grants/${index}/`));
  if (mistakes.length === 0) return null;
  return (
    <ul className="space-y-2 pb-1 pl-8">
      {mistakes.map((diagnostic) => (
        <li key={diagnostic.message} className="space-y-1">
          <p className={`text-xs break-words ${diagnostic.severity === 'error' ? 'text-bad' : 'text-warn'}`}>{diagnostic.message}</p>
          <FixButton diagnostic={diagnostic} />
        </li>
      ))}
    </ul>
  );
}

/** Such as "track, find · asks before writes", or "reads". */
function grantLine(grant: Grant, { operations, isWhole, mayWrite }: Offered): string {
  const names = grant.operations;
  const granted = names ? operations.filter((operation) => names.includes(operation.name)) : operations;
  const lost = names && isWhole ? names.length - granted.length : 0;
  const approval = grant.approval ?? 'writes';
  const when = mayWrite(granted) || approval === 'always' ? approvalWords[approval].line : 'reads';
  const isAll = isWhole && granted.length === operations.length;
  const which = lost > 0 ? `${lost} not offered` : names && !isAll ? namesLine(names, isWhole ? operations.length : undefined) : '';
  return [which, when].filter(Boolean).join(' · ');
}

function namesLine(names: readonly string[], most: number | undefined): string {
  if (names.length === 1) return names[0] as string;
  return most === undefined ? counted(names.length, 'operation') : `${names.length} of ${most}`;
}
