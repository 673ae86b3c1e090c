/** The flow itself: name, description, limits, what it needs of the workspace, and its problems. */
import { defaultLimits, type Limits } from '@switchyard/shared';
import { useId, useState } from 'react';
import { renameFlow, setDescription, setLimits } from '../editor/commands.ts';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { ariaOf, Field } from '../ui/field.tsx';
import { Input, NumberInput, TextArea } from '../ui/input.tsx';
import { editor, useEditor } from '../use-editor.ts';
import { DocumentFlows } from './document-flows.tsx';
import { ProblemSummary } from './problem-summary.tsx';

/** What is shown while nothing is selected. */
export function FlowTab() {
  const flowId = useEditor((state) => state.flowId);
  const isFrozen = useEditor((state) => state.frozen !== undefined);
  const flow = useEditor((state) => state.shown);
  const diagnostics = useEditor((state) => state.derived.diagnostics);
  if (flowId === undefined)
    return (
      <EmptyState icon="workflow" title="No flow is open">
        Open one under Flows, or make a new one.
      </EmptyState>
    );
  return (
    <div className="min-h-0 flex-1 overflow-auto p-4">
      <div role="group" aria-label="The flow" {...(isFrozen && { inert: true })} onBlur={() => editor.seal()} className="space-y-6">
        <div className="space-y-4">
          <Field label="Name">
            {(said) => (
              <Input
                {...ariaOf(said)}
                value={flow.name}
                onChange={(event) => editor.editDocument('Rename flow', (before) => renameFlow(before, event.target.value), { merge: 'flow.name' })}
              />
            )}
          </Field>
          <Field label="Description">
            {(said) => (
              <TextArea
                {...ariaOf(said)}
                spellCheck
                placeholder="What it answers or does, for whoever opens it next"
                value={flow.description ?? ''}
                onChange={(event) =>
                  editor.editDocument('Describe flow', (before) => setDescription(before, event.target.value), { merge: 'flow.description' })
                }
              />
            )}
          </Field>
        </div>
        <ProblemSummary diagnostics={diagnostics} />
        <DocumentFlows />
        <LimitFields limits={flow.limits ?? {}} />
        <Needs />
      </div>
    </div>
  );
}

const limitFields: { name: keyof Limits; label: string; help: string }[] = [
  { name: 'seconds', label: 'Time', help: 'Seconds for a whole run' },
  { name: 'modelCalls', label: 'Model calls', help: 'Also the most turns of one node' },
  { name: 'tokens', label: 'Tokens', help: 'In and out, of all model calls' },
  { name: 'cost', label: 'Cost', help: 'In US dollars' },
  { name: 'toolCalls', label: 'Calls of granted nodes', help: 'Of the whole run' },
  { name: 'callsPerTurn', label: 'Calls in one turn', help: 'Side by side' },
  { name: 'identicalCalls', label: 'Same call again', help: 'Before it counts as a circle' },
  { name: 'depth', label: 'Depth', help: 'Control nodes calling others' },
];
const usual = 4;

/** The usual ones; the rest when they are set or asked for. */
function LimitFields({ limits }: { limits: Limits }) {
  const [isWhole, setWhole] = useState(() => limitFields.slice(usual).some(({ name }) => limits[name] !== undefined));
  return (
    <section aria-label="Limits">
      <h2 className="mb-1 text-xs font-semibold text-dim">Limits of a run</h2>
      <ul>
        {limitFields.slice(0, isWhole ? undefined : usual).map((field) => (
          <LimitField key={field.name} field={field} value={limits[field.name]} />
        ))}
      </ul>
      <Button
        size="small"
        variant="quiet"
        icon={isWhole ? 'chevron-down' : 'chevron-right'}
        aria-expanded={isWhole}
        className="-ml-2"
        onClick={() => setWhole(!isWhole)}
      >
        {isWhole ? 'Fewer limits' : 'More limits'}
      </Button>
    </section>
  );
}

function LimitField({ field: { name, label, help }, value }: { field: (typeof limitFields)[number]; value: number | undefined }) {
  const id = useId();
  const set = (next: number | undefined) =>
    editor.editDocument(`Limit ${label.toLowerCase()}`, (flow) => setLimits(flow, { [name]: next }), { merge: `limits.${name}` });
  return (
    <li className="flex items-center gap-3 py-1">
      <label htmlFor={id} className="min-w-0 flex-1">
        <span className="block text-sm">{label}</span>
        <span className="block text-xs text-faint">{help}</span>
      </label>
      <NumberInput
        id={id}
        className="w-24! text-right tabular-nums"
        value={value}
        placeholder={name === 'cost' ? 'none' : defaultLimits[name].toLocaleString('en')}
        onChange={(next) => (next === undefined || next > 0) && set(next)}
      />
    </li>
  );
}

/** Names only: what they stand for is the workspace's affair. */
function Needs() {
  const { connections, models, secrets } = useEditor((state) => state.derived.requires);
  const workspace = useEditor((state) => state.workspace);
  const rows = [
    { title: 'Models', names: models, known: workspace.models.map((model) => model.name) },
    { title: 'Connections', names: connections, known: workspace.connections.map((connection) => connection.name) },
    { title: 'Secrets', names: secrets, known: undefined },
  ].filter((row) => row.names.length > 0);
  if (rows.length === 0) return null;
  return (
    <section aria-label="Needs of the workspace">
      <h2 className="mb-2 text-xs font-semibold text-dim">Needs of the workspace</h2>
      <dl className="space-y-2">
        {rows.map(({ title, names, known }) => (
          <div key={title} className="grid grid-cols-[6rem_1fr] gap-2 text-xs">
            <dt className="text-dim">{title}</dt>
            <dd className="flex flex-wrap gap-1">
              {names.map((name) => (
                <Badge key={name} tone={known && workspace.isKnown && !known.includes(name) ? 'warning' : 'neutral'}>
                  {name}
                  {known && workspace.isKnown && !known.includes(name) && ': missing'}
                </Badge>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
