/** Set up: the form of the node's kind, what it may call, the budgets it works within, and what happens when it fails. */
import type { Kind } from '@switchyard/engine';
import type { FlowNode } from '@switchyard/shared';
import { useEditor } from '../use-editor.ts';
import { BudgetMeters } from './budget-meters.tsx';
import { DataLayerPreview } from './data-layer-preview.tsx';
import { GrantsSection } from './grants-section.tsx';
import { kindForm } from './form/derive-form.ts';
import { NodeForm } from './form/node-form.tsx';
import { NodeMistakes } from './node-mistakes.tsx';
import { PolicySection } from './policy-section.tsx';

interface SetUpTabProps {
  id: string;
  node: FlowNode;
  kind: Kind;
}

/** While a past run is shown everything can be read and nothing changed. */
export function SetUpTab({ id, node, kind }: SetUpTabProps) {
  const isFrozen = useEditor((state) => state.frozen !== undefined);
  return (
    <div className="space-y-6 p-4">
      {isFrozen && <p className="rounded-md bg-warn-soft px-2 py-1 text-xs text-warn">As it was when the run started. Go back to editing to change it.</p>}
      <NodeMistakes id={id} fields={kindForm(kind)} />
      <div {...(isFrozen && { inert: true })} className="space-y-6">
        <NodeForm id={id} node={node} kind={kind} />
        {kind.mayCall && (
          <>
            <GrantsSection id={id} />
            <DataLayerPreview id={id} />
            <BudgetMeters />
          </>
        )}
        {kind.layer !== 'end' && <PolicySection id={id} node={node} />}
      </div>
    </div>
  );
}
