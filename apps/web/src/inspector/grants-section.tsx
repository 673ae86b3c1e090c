/** May call: what the node was granted, which operations of it, and when a person is asked. */
import type { Grant } from '@switchyard/shared';
import { grant as addGrant } from '../editor/commands.ts';
import { Select } from '../ui/select.tsx';
import { counted } from '../ui/figures.ts';
import { editor, useEditor } from '../use-editor.ts';
import { GrantRow } from './grant-row.tsx';

/** The picture's tethers as a list, with the way to add one. */
export function GrantsSection({ id }: { id: string }) {
  const flow = useEditor((state) => state.shown);
  const grants = flow.grants.filter((each) => each.from === id);
  const granted = new Set(grants.map((each) => each.to));
  const others = Object.entries(flow.nodes).filter(([other, node]) => other !== id && !granted.has(other) && editor.face(node).isCallable);
  return (
    <section aria-label="May call">
      <header className="mb-1 flex items-baseline justify-between text-xs">
        <h2 className="font-semibold">May call</h2>
        <span className="text-faint">{counted(grants.length, 'grant')}</span>
      </header>
      {grants.length === 0 && (
        <p className="text-xs leading-5 text-dim">
          Nothing yet, so it can only answer by itself. Draw a tether from its bottom edge to a data node, or choose one here.
        </p>
      )}
      <ul className="divide-y divide-line">
        {grants.map((each: Grant) => (
          <GrantRow key={each.to} grant={each} />
        ))}
      </ul>
      {others.length > 0 && (
        <div className="mt-2">
          <Select
            label="Grant another node"
            value={undefined}
            placeholder="Grant a node…"
            groups={[{ options: others.map(([other, node]) => ({ value: other, label: editor.face(node).title, note: editor.face(node).summary })) }]}
            onChange={(to) => editor.edit('Grant', (before) => addGrant(before, { from: id, to }))}
          />
        </div>
      )}
    </section>
  );
}
