/** An empty canvas teaches: what to begin with. */
import { useQuery } from '@tanstack/react-query';
import type { Flow } from '@switchyard/shared';
import { messageOf } from '../api/api-error.ts';
import { queries } from '../api/client.ts';
import { createFlow } from '../browser-flows.ts';
import { canvasControl } from '../canvas/canvas-control.ts';
import { startFromQuestion } from '../editor/start-from-question.ts';
import { Icon, type IconName } from '../ui/icon.tsx';
import { sayFailed } from '../ui/messages.ts';
import { editor, useEditor } from '../use-editor.ts';

/** Nothing once the flow has a node. */
export function Welcome() {
  const isEmpty = useEditor(
    (state) => state.flowId !== undefined && !state.frozen && Object.keys(state.document.nodes).length === 0 && state.level.length === 0,
  );
  return isEmpty ? <Beginnings /> : null;
}

function Beginnings() {
  const { data: examples } = useQuery(queries.examples.list.queryOptions());
  const begin = () => {
    startFromQuestion(editor);
    canvasControl()?.fit();
    canvasControl()?.focus();
  };
  return (
    <div data-panel="welcome" className="pointer-events-none absolute inset-0 z-10 flex items-center justify-center p-6">
      <div className="pointer-events-auto flex max-h-full w-full max-w-lg flex-col rounded-md border border-line2 bg-panel p-4 shadow-card">
        <h2 className="text-lg font-semibold">An empty flow</h2>
        <p className="mt-1 text-dim">
          A large model plans in the control layer; databases, APIs and small models answer in the data layer. Double click anywhere or press Tab to add a node,
          or begin here.
        </p>
        <div className="mt-4 flex min-h-0 flex-col gap-2 overflow-y-auto" tabIndex={0} role="group" aria-label="Flows to begin with">
          <Choice
            icon="message-square"
            title="Start from a question"
            text="A question, a control node that plans, and an answer, wired together."
            onClick={begin}
          />
          {(examples ?? []).map((example) => (
            <Choice key={example.id} icon="workflow" title={example.title} text={example.description} onClick={() => open(example.flow)} />
          ))}
        </div>
      </div>
    </div>
  );
}

/** The button that was pressed goes with the empty flow: the focus goes on to what it made. */
function open(flow: Flow): void {
  createFlow(flow).then(
    () => canvasControl()?.focus(),
    (error: unknown) => sayFailed(messageOf(error)),
  );
}

function Choice({ icon, title, text, onClick }: { icon: IconName; title: string; text: string; onClick: () => void }) {
  return (
    <button
      type="button"
      onClick={onClick}
      className="flex shrink-0 items-start gap-3 rounded-md border border-line p-3 text-left hover:border-line3 hover:bg-panel2"
    >
      <span className="kind-glyph kind-control">
        <Icon name={icon} />
      </span>
      <span>
        <span className="block font-semibold">{title}</span>
        <span className="block text-xs leading-4 text-dim">{text}</span>
      </span>
    </button>
  );
}
