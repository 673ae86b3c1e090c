/** Over the canvas while a flow of the document is open: the way to it and back, who else runs it, and which of its executions is seen. */
import { useMemo, type ReactNode } from 'react';
import { canvasControl } from '../canvas/canvas-control.ts';
import { flowUses } from '../editor/flow-uses.ts';
import { flowNameAt, type Level } from '../editor/levels.ts';
import { chooseBody, useExecutions } from '../run/open-body.ts';
import { IconButton } from '../ui/button.tsx';
import { counted } from '../ui/figures.ts';
import { Icon } from '../ui/icon.tsx';
import { editor, useEditor } from '../use-editor.ts';

/** Nothing for the document itself. */
export function LevelBar() {
  const level = useEditor((state) => state.level);
  return level.length === 0 ? null : <Bar level={level} />;
}

function Bar({ level }: { level: Level }) {
  const name = useEditor((state) => state.shown.name);
  const open = (depth: number) => {
    editor.openLevel(level.slice(0, depth));
    canvasControl()?.focus();
  };
  return (
    <div data-panel="level" className="flex h-9 shrink-0 items-center gap-2 border-b border-line bg-panel pr-2 pl-1">
      <IconButton icon="corner-left-up" label="Back to the flow around" keys="Esc" size="small" onClick={() => open(level.length - 1)} />
      <nav aria-label="Open flow" className="min-w-0">
        <ol className="flex min-w-0 items-center gap-1 text-sm">
          <Crumb onOpen={() => open(0)}>{name}</Crumb>
          {level.map(({ flow }, index) => (
            <Crumb key={flow} {...(index < level.length - 1 && { onOpen: () => open(index + 1) })}>
              {flow}
            </Crumb>
          ))}
        </ol>
      </nav>
      <Uses name={flowNameAt(level) ?? ''} />
      <span className="flex-1" />
      <ExecutionChoice />
    </div>
  );
}

function Crumb({ onOpen, children }: { onOpen?: () => void; children: string }): ReactNode {
  return (
    <li className="flex min-w-0 items-center gap-1">
      {onOpen ? (
        <>
          <button type="button" onClick={onOpen} className="max-w-60 min-w-0 truncate rounded px-1 leading-6 text-dim hover:bg-panel2 hover:text-text">
            {children}
          </button>
          <Icon name="chevron-right" size={14} className="text-faint" />
        </>
      ) : (
        <span aria-current="page" className="max-w-60 min-w-0 truncate px-1 leading-6 font-semibold">
          {children}
        </span>
      )}
    </li>
  );
}

/** What is changed here changes for all of them. */
function Uses({ name }: { name: string }) {
  const document = useEditor((state) => state.frozen ?? state.document);
  const count = useMemo(() => flowUses(document, editor.registry).get(name) ?? 0, [document, name]);
  return <span className="truncate text-xs text-faint">{count === 0 ? 'Not used by any node' : `Used by ${counted(count, 'node')}`}</span>;
}

/** A flow that is run for each item of a list, or again and again, is seen one execution at a time. */
function ExecutionChoice() {
  const executions = useExecutions();
  if (!executions || executions.keys.length < 2) return null;
  const { number, keys } = executions;
  const go = (step: 1 | -1) => chooseBody(keys[number - 1 + step]);
  // The trace names those of a list by their position, from 0.
  const position = /\[\d+\]$/.exec(keys[number - 1] ?? '')?.[0];
  return (
    <div role="group" aria-label="Execution on the canvas" className="flex items-center text-xs text-dim tabular-nums">
      <IconButton icon="chevron-left" label="Execution before" size="small" disabled={number === 1} onClick={() => go(-1)} />
      <span aria-live="polite" className="min-w-32 text-center">
        {position && <code className="font-mono text-faint">{position} </code>}
        Execution {number} of {keys.length}
      </span>
      <IconButton icon="chevron-right" label="Execution after" size="small" disabled={number === keys.length} onClick={() => go(1)} />
    </div>
  );
}
