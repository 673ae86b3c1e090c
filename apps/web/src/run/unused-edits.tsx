/** Results that were given to the run on screen and that it never came to: whoever gave them would take its end for what follows from them. */
import { Icon } from '../ui/icon.tsx';
import { useRunView } from './use-run.ts';

/** Nothing where there are none. */
export function UnusedEdits() {
  const { view } = useRunView();
  const { unusedEdits = [] } = view;
  if (unusedEdits.length === 0) return null;
  return (
    <section aria-label="Results not used" className="flex items-start gap-2 rounded-md bg-warn-soft px-3 py-2 text-sm">
      <Icon name="triangle-alert" className="mt-0.5 text-warn" />
      <div className="min-w-0 flex-1">
        <p>
          <b className="font-semibold">{unusedEdits.length === 1 ? 'A result that you gave was not used.' : 'Results that you gave were not used.'}</b> The run
          did not come to it, or asked another question there:
        </p>
        {unusedEdits.map((key) => (
          <code key={key} className="block font-mono text-xs break-all">
            {key}
          </code>
        ))}
      </div>
    </section>
  );
}
