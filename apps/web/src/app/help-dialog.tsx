/** All keys, from the one list of actions. */
import { Dialog } from '../ui/dialog.tsx';
import type { ActionGroup } from '../editor/action.ts';
import { actions, allKeysOf, openDialog } from './app-actions.ts';

const groups: readonly ActionGroup[] = ['Run', 'Edit', 'Add', 'View', 'Walk', 'Help'];

/** Open from when it is drawn. */
export function HelpDialog() {
  return (
    <Dialog isOpen onClose={() => openDialog(undefined)} title="Keys" size="large">
      <div className="columns-3 gap-8 max-lg:columns-2">
        {groups.map((group) => (
          <section key={group} className="mb-4 break-inside-avoid">
            <h3 className="mb-1 text-xs font-semibold text-dim">{group}</h3>
            <dl className="space-y-1">
              {actions
                .filter((action) => action.group === group && action.keys.length > 0)
                .map((action) => (
                  <div key={action.id} className="flex items-baseline justify-between gap-4">
                    <dt>{action.title}</dt>
                    <dd className="flex gap-1">
                      {allKeysOf(action).map((keys) => (
                        <kbd key={keys} className="rounded border border-line2 px-1 font-sans text-xs whitespace-nowrap text-dim">
                          {keys}
                        </kbd>
                      ))}
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
        <section className="mb-4 break-inside-avoid">
          <h3 className="mb-1 text-xs font-semibold text-dim">With the pointer</h3>
          <dl className="space-y-1">
            {gestures.map(([what, how]) => (
              <div key={what} className="flex items-baseline justify-between gap-4">
                <dt>{what}</dt>
                <dd className="text-right text-xs text-dim">{how}</dd>
              </div>
            ))}
          </dl>
        </section>
      </div>
      <p className="mt-2 border-t border-line pt-3 text-xs text-faint">The canvas is drawn with React Flow by xyflow.</p>
    </Dialog>
  );
}

const gestures: readonly (readonly [string, string])[] = [
  ['Add a node', 'double click on the canvas'],
  ['Add and wire a node', 'drop a wire on the canvas'],
  ['Wire to the port that fits', 'drop a wire on a card'],
  ['Grant', 'drag a square below a control node'],
  ['Insert into a link', 'the + in its middle'],
  ['Select several', 'Shift and drag, or Shift and click'],
  ['Move the view', 'drag, or scroll'],
  ['Zoom', 'Ctrl and scroll, or pinch'],
];
