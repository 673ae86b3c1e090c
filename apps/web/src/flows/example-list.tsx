/** The examples that ship with Switchyard: choosing one makes a flow of one's own from it. */
import { useQuery } from '@tanstack/react-query';
import { messageOf } from '../api/api-error.ts';
import { queries } from '../api/client.ts';
import { createFlow } from '../browser-flows.ts';
import { sayFailed } from '../ui/messages.ts';

/** Those that `words` do not speak of are left out. */
export function ExampleList({ words }: { words: string }) {
  const { data = [] } = useQuery(queries.examples.list.queryOptions());
  const wanted = words.trim().toLowerCase();
  const found = data.filter(({ title, description }) => `${title} ${description}`.toLowerCase().includes(wanted));
  if (found.length === 0) return null;
  return (
    <section aria-label="Examples" className="border-t border-line pt-3">
      <h2 className="px-2 pb-1 text-xs font-semibold text-dim">Begin with an example</h2>
      <ul className="space-y-px">
        {found.map(({ id, title, description, flow }) => (
          <li key={id}>
            <button
              type="button"
              title={description}
              onClick={() => void createFlow(flow).catch((error: unknown) => sayFailed('The example was not opened', messageOf(error)))}
              className="w-full rounded-md px-2 py-1 text-left hover:bg-panel2"
            >
              <span className="sr-only">Example: </span>
              <span className="block truncate text-sm">{title}</span>
              <span className="line-clamp-2 text-xs text-faint">{description}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
