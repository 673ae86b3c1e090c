/** About: what the kind is for, and examples that can be taken over. */
import type { Kind } from '@switchyard/engine';
import type { JsonObject } from '@switchyard/shared';
import { setConfig } from '../editor/commands.ts';
import { Button } from '../ui/button.tsx';
import { JsonView } from '../ui/json-view.tsx';
import { Markdown } from '../ui/markdown.tsx';
import { sayDone } from '../ui/messages.ts';
import { editor } from '../use-editor.ts';

/** Each example says what comes out for what goes in. */
export function AboutTab({ id, kind }: { id: string; kind: Kind }) {
  const take = (config: unknown) => {
    editor.edit('Take an example over', (flow) => setConfig(flow, id, structuredClone(config) as JsonObject));
    sayDone('The node is set up as in the example', () => editor.undo());
  };
  return (
    <div className="space-y-6 p-4">
      <Markdown text={kind.doc} />
      {kind.examples.length > 0 && (
        <section aria-label="Examples" className="space-y-4">
          <h2 className="text-xs font-semibold text-dim">Examples</h2>
          {kind.examples.map((example) => (
            <article key={example.title} className="space-y-2">
              <header className="flex items-center justify-between gap-2">
                <h3 className="text-sm font-medium">{example.title}</h3>
                <Button size="small" onClick={() => take(example.config)}>
                  Use these settings
                </Button>
              </header>
              <JsonView value={example.config} label={`Settings of: ${example.title}`} className="max-h-60" />
              <div className="grid grid-cols-2 gap-2">
                <div className="min-w-0">
                  <p className="mb-1 text-xs text-dim">Inputs</p>
                  <JsonView value={example.inputs} label={`Inputs of: ${example.title}`} className="max-h-40" />
                </div>
                <div className="min-w-0">
                  <p className="mb-1 text-xs text-dim">Outputs</p>
                  <JsonView value={example.outputs} label={`Outputs of: ${example.title}`} className="max-h-40" />
                </div>
              </div>
            </article>
          ))}
        </section>
      )}
    </div>
  );
}
