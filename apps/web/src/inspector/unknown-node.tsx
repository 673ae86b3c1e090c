/** A node whose kind is not known here: a placeholder that shows what it is and keeps it as it is. */
import type { FlowNode } from '@switchyard/shared';
import { JsonView } from '../ui/json-view.tsx';
import { NodeMistakes } from './node-mistakes.tsx';

/** Read-only. */
export function UnknownNode({ id, node }: { id: string; node: FlowNode }) {
  return (
    <div className="min-h-0 flex-1 space-y-3 overflow-auto border-t border-line p-4">
      <p className="text-sm">
        This version of Switchyard does not know the kind <code className="font-mono text-xs">{node.kind}</code>. The node is kept with its settings and wires,
        and is exported as it came; a flow that holds it does not run.
      </p>
      <NodeMistakes id={id} fields={[]} />
      <JsonView value={node} label="The node as it stands in the document" />
    </div>
  );
}
