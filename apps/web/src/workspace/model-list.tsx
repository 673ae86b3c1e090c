/** The workspace's models: what each is, where it comes from, and whether it answers. */
import type { ModelOrigin, WorkspaceView } from '@switchyard/api/router';
import { modelTier, weightsGb } from '@switchyard/shared';
import { useState } from 'react';
import { api } from '../api/client.ts';
import { Badge } from '../ui/badge.tsx';
import { IconButton } from '../ui/button.tsx';
import { Menu, type MenuItem } from '../ui/menu.tsx';
import { sayDone } from '../ui/messages.ts';
import { CheckResult, useCheck } from './check-result.tsx';
import { ModelBadge } from './model-badge.tsx';
import { ModelDialog } from './model-dialog.tsx';
import { useWorkspaceChange } from './use-workspace.ts';
import { PanelRow, PanelSection } from './panel-parts.tsx';

type ModelEntry = WorkspaceView['models'][number];

const origins: Record<ModelOrigin, string> = { stored: '', file: 'from the workspace file', environment: 'found on this machine', builtin: '' };

/** Built-in ones last: they are for trying out. */
export function ModelList({ models }: { models: readonly ModelEntry[] }) {
  const [edited, setEdited] = useState<ModelEntry | 'new'>();
  const sorted = [...models].sort((one, other) => Number(isBuiltin(one)) - Number(isBuiltin(other)));
  return (
    <PanelSection title="Models" add={{ label: 'Add a model', onAdd: () => setEdited('new') }}>
      <ul aria-label="Models">
        {sorted.map((entry) => (
          <ModelRow key={entry.name} entry={entry} onEdit={() => setEdited(entry)} />
        ))}
      </ul>
      <ModelDialog isOpen={edited !== undefined} onClose={() => setEdited(undefined)} {...(edited && edited !== 'new' && { model: edited })} />
    </PanelSection>
  );
}

function ModelRow({ entry, onEdit }: { entry: ModelEntry; onEdit: () => void }) {
  const { name, model, origin, isUsable } = entry;
  const check = useCheck((asked: string) => api.workspace.testModel.mutate({ name: asked }));
  const removal = useWorkspaceChange((asked: string) => api.workspace.removeModel.mutate({ name: asked }));
  const restore = useWorkspaceChange(() => api.workspace.saveModel.mutate({ name, model }));
  const canChange = origin !== 'environment';
  const canRemove = origin === 'stored' || origin === 'file';
  const remove = async () => {
    if (await removal.change(name)) sayDone(`Removed the model "${name}"`, () => void restore.change(undefined));
  };
  const items: MenuItem[] = [
    { label: 'Test', icon: 'zap', onSelect: () => check.run(name) },
    ...(canChange ? [{ label: isBuiltin(entry) ? 'Replace with a real model…' : 'Edit', icon: 'pencil' as const, onSelect: onEdit }] : []),
    ...(canRemove ? [{ label: 'Remove', icon: 'trash' as const, isDanger: true, onSelect: () => void remove() }] : []),
  ];
  return (
    <PanelRow
      title={name}
      badge={
        <>
          <ModelBadge tier={modelTier(model.card)} gb={weightsGb(model.card)} isBuiltin={isBuiltin(entry)} />
          {!isUsable && <Badge tone="warning">key missing</Badge>}
        </>
      }
      note={modelNote(entry)}
      {...(canChange && { onOpen: onEdit })}
      menu={<Menu trigger={<IconButton size="small" icon="ellipsis" label={`Actions for ${name}`} />} items={items} />}
    >
      <CheckResult check={check} />
    </PanelRow>
  );
}

function isBuiltin({ model }: ModelEntry): boolean {
  return model.provider === 'builtin';
}

function modelNote({ model, origin }: ModelEntry): string {
  if (model.provider === 'builtin') return `${model.model} · no neural network, for trying out`;
  const limits = model.limits?.concurrency === undefined ? '' : `${model.limits.concurrency} at once`;
  return [model.model, model.baseUrl ? new URL(model.baseUrl).host : model.provider, limits, origins[origin]].filter(Boolean).join(' · ');
}
