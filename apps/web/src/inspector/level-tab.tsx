/** The flow of the document that is open: its name, which nodes run it, its problems, and the way to a flow of its own. */
import { useMemo } from 'react';
import { flowUsers } from '../editor/flow-uses.ts';
import { renameOpenFlow } from '../editor/document-flows.ts';
import { flowAt, flowNameAt, levelOf } from '../editor/levels.ts';
import { ariaOf, Field } from '../ui/field.tsx';
import { counted } from '../ui/figures.ts';
import { Icon } from '../ui/icon.tsx';
import { Input } from '../ui/input.tsx';
import { editor, useEditor } from '../use-editor.ts';
import { OwnFlow } from './document-flows.tsx';
import { ProblemSummary } from './problem-summary.tsx';

/** What is shown within a flow while nothing is selected. */
export function LevelTab() {
  const name = useEditor((state) => flowNameAt(state.level)) ?? '';
  const isFrozen = useEditor((state) => state.frozen !== undefined);
  const diagnostics = useEditor((state) => state.here.diagnostics);
  return (
    <div className="min-h-0 flex-1 overflow-auto p-4">
      <div role="group" aria-label="The flow" {...(isFrozen && { inert: true })} className="space-y-6">
        <Field label="Name" help="As nodes of this document name it">
          {(said) => <NameField key={name} said={said} name={name} />}
        </Field>
        <Users name={name} />
        <ProblemSummary diagnostics={diagnostics} />
        <OwnFlow name={name} />
      </div>
    </div>
  );
}

/** Enter or leaving the field keeps the name; it is made to fit, and every node that names the flow follows. */
function NameField({ said, name }: { said: Parameters<typeof ariaOf>[0]; name: string }) {
  return (
    <Input
      {...ariaOf(said)}
      className="font-mono"
      defaultValue={name}
      maxLength={56}
      spellCheck={false}
      onBlur={(event) => {
        if (event.target.value !== name) renameOpenFlow(editor, name, event.target.value);
        event.target.value = flowNameAt(editor.state().level) ?? name;
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') event.currentTarget.value = name;
        if (event.key === 'Enter' || event.key === 'Escape') event.currentTarget.blur();
      }}
    />
  );
}

/** What is changed here changes for all of them; a press shows the node. */
function Users({ name }: { name: string }) {
  const document = useEditor((state) => state.frozen ?? state.document);
  const users = useMemo(() => flowUsers(document, name, editor.registry), [document, name]);
  const show = ({ flow, node }: (typeof users)[number]) => {
    editor.openLevel(levelOf(document, flow, editor.registry));
    editor.select([node]);
  };
  return (
    <section aria-label="Used by">
      <h2 className="mb-1 text-xs font-semibold text-dim">Used by {users.length === 0 ? 'no node' : counted(users.length, 'node')}</h2>
      <ul>
        {users.map((user) => {
          const node = flowAt(document, user.flow === undefined ? [] : [{ flow: user.flow }]).nodes[user.node];
          const face = node && editor.face(node);
          return (
            <li key={`${user.flow ?? ''} ${user.node}`}>
              <button type="button" onClick={() => show(user)} className="flex h-8 w-full items-center gap-2 rounded text-left text-sm hover:bg-panel2">
                <Icon name={face?.kind?.icon ?? 'box'} size={14} className="text-control" />
                <span className="min-w-0 flex-1 truncate">{face?.title ?? user.node}</span>
                <span className="truncate text-xs text-faint">{user.flow ?? document.name}</span>
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
