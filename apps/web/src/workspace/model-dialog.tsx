/** Adds a model or changes one, and tries it out. */
import type { Model, ModelCard } from '@switchyard/shared';
import { isLocalProvider, modelTier, weightsGb } from '@switchyard/shared';
import { useState } from 'react';
import { api } from '../api/client.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ariaOf, Field } from '../ui/field.tsx';
import { Input, NumberInput } from '../ui/input.tsx';
import { CheckResult, useCheck } from './check-result.tsx';
import { ModelBadge } from './model-badge.tsx';
import { modelDraft, parametersIn, presetDraft, readModel, suggestedName, type ModelDraft } from './model-draft.ts';
import { modelPresets, type ModelPreset } from './model-presets.ts';
import { ProtocolFields } from './protocol-fields.tsx';
import { useWorkspace, useWorkspaceChange } from './use-workspace.ts';

interface ModelDialogProps {
  isOpen: boolean;
  onClose: () => void;
  /** The model to change; a new one where not given. */
  model?: { name: string; model: Model };
  /** Told the name once it is saved. */
  onSaved?: (name: string) => void;
}

/** Its fields start afresh each time it opens. */
export function ModelDialog(props: ModelDialogProps) {
  return props.isOpen ? <OpenDialog {...props} /> : null;
}

function OpenDialog({ isOpen, onClose, model, onSaved }: ModelDialogProps) {
  const [preset, setPreset] = useState<ModelPreset | undefined>(undefined);
  const isReplacing = model?.model.provider === 'builtin';
  const [draft, setDraft] = useState<ModelDraft | undefined>(model && !isReplacing ? modelDraft(model.name, model.model) : undefined);
  const [mistakes, setMistakes] = useState<Record<string, string>>({});
  const saving = useWorkspaceChange(async (input: { name: string; model: Model; apiKey?: string }) => {
    const { model: kept } = await api.workspace.saveModel.mutate(input);
    // From now on the same model is changed, and it names its key, which is in the vault and is not shown again.
    setDraft(modelDraft(input.name, kept));
  }, true);
  const { data } = useWorkspace();
  const check = useCheck((name: string) => api.workspace.testModel.mutate({ name }));

  const save = async (): Promise<string | undefined> => {
    if (!draft) return undefined;
    const isNew = model === undefined && draft.before === undefined;
    const read = readModel(draft, isNew ? data?.models.map(({ name }) => name) : []);
    setMistakes('mistakes' in read ? read.mistakes : {});
    if ('mistakes' in read) return undefined;
    const isSaved = await saving.change({ ...read, ...(draft.apiKey !== '' && { apiKey: draft.apiKey }) });
    if (!isSaved) return undefined;
    onSaved?.(read.name);
    return read.name;
  };
  const choose = (next: ModelPreset) => {
    setPreset(next);
    setDraft({ ...presetDraft(next), ...(model && { name: model.name }) });
    setMistakes({});
  };
  const actions = draft && (
    <>
      <Button disabled={saving.isPending || check.isPending} onClick={() => void save().then((name) => name !== undefined && check.run(name))}>
        Save and test
      </Button>
      <Button variant="primary" disabled={saving.isPending} onClick={() => void save().then((name) => name !== undefined && onClose())}>
        Save
      </Button>
    </>
  );
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      title={model ? (isReplacing ? `A real model for ${model.name}` : `Model ${model.name}`) : 'Add a model'}
      description={isReplacing ? 'Every node that names it then uses the model chosen here.' : 'Flows name a model; the workspace says where it is.'}
      actions={actions}
    >
      <div className="space-y-4">
        {(!model || isReplacing) && <Presets chosen={preset} onChoose={choose} />}
        {draft && (
          <DraftFields
            draft={draft}
            mistakes={mistakes}
            sample={preset?.sample}
            needsKey={preset?.needsKey ?? draft.before?.apiKey !== undefined}
            isNamed={model !== undefined || draft.before !== undefined}
            onChange={setDraft}
          />
        )}
        {saving.error && (
          <p role="alert" className="text-sm text-bad">
            {saving.error}
          </p>
        )}
        <CheckResult check={check} />
      </div>
    </Dialog>
  );
}

function Presets({ chosen, onChoose }: { chosen: ModelPreset | undefined; onChoose: (preset: ModelPreset) => void }) {
  return (
    <div role="group" aria-label="Where the model is" className="grid grid-cols-2 gap-2 sm:grid-cols-4">
      {modelPresets.map((preset) => (
        <button
          key={preset.id}
          type="button"
          aria-pressed={chosen?.id === preset.id}
          onClick={() => onChoose(preset)}
          className="flex flex-col items-start rounded-md border border-line2 px-2 py-2 text-left hover:border-line3 aria-pressed:border-control aria-pressed:bg-control-soft"
        >
          <span className="text-sm font-medium">{preset.title}</span>
          <span className="text-xs text-dim">{preset.note}</span>
        </button>
      ))}
    </div>
  );
}

interface DraftFieldsProps {
  draft: ModelDraft;
  mistakes: Record<string, string>;
  sample: string | undefined;
  needsKey: boolean;
  isNamed: boolean;
  onChange: (draft: ModelDraft) => void;
}

function DraftFields({ draft, mistakes, sample, needsKey, isNamed, onChange }: DraftFieldsProps) {
  const [isOpen, setWhole] = useState(false);
  const isWhole = isOpen || ['concurrency', 'requestsPerMinute', ...cardFields.map((field) => field.name)].some((field) => mistakes[field]);
  const set = (change: Partial<ModelDraft>) => onChange({ ...draft, ...change });
  const told = (field: string) => (mistakes[field] ? { mistakes: [{ message: mistakes[field] }] } : {});
  const isLocal = isLocalProvider(draft.provider);
  const setModel = (model: string) => set({ model, card: withParameters(draft, model) });
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field
        label={isLocal ? 'File or folder' : 'Model'}
        help={isLocal ? "A path on the server's machine. Its runtime is installed separately: see docs/models.md." : 'As the endpoint names it.'}
        {...told('model')}
      >
        {(said) => (
          <Input {...ariaOf(said)} className="font-mono text-xs" placeholder={sample} value={draft.model} onChange={(event) => setModel(event.target.value)} />
        )}
      </Field>
      <Field label="Name in flows" help="What nodes name it by." {...told('name')}>
        {(said) => (
          <Input
            {...ariaOf(said)}
            className="font-mono text-xs"
            disabled={isNamed}
            placeholder={suggestedName(draft.model) || 'planner'}
            value={draft.name}
            onChange={(event) => set({ name: event.target.value })}
          />
        )}
      </Field>
      {!isLocal && <ReachFields draft={draft} needsKey={needsKey} told={told} onChange={set} />}
      <div className="sm:col-span-2">
        <Button
          size="small"
          variant="quiet"
          icon={isWhole ? 'chevron-down' : 'chevron-right'}
          aria-expanded={isWhole}
          className="-ml-2"
          onClick={() => setWhole(!isWhole)}
        >
          Size, price, limits and tools <ModelBadge tier={modelTier(draft.card)} gb={weightsGb(draft.card)} />
        </Button>
      </div>
      {isWhole && (
        <>
          <SizeFields card={draft.card} onChange={(card) => set({ card })} />
          <Field label="Calls at once" aside="8 where not given" {...told('concurrency')}>
            {(said) => <NumberInput {...ariaOf(said)} value={draft.concurrency} onChange={(concurrency) => set({ concurrency })} />}
          </Field>
          <Field label="Requests per minute" aside="optional" {...told('requestsPerMinute')}>
            {(said) => <NumberInput {...ariaOf(said)} value={draft.requestsPerMinute} onChange={(requestsPerMinute) => set({ requestsPerMinute })} />}
          </Field>
          <ProtocolFields draft={draft} onChange={set} />
        </>
      )}
    </div>
  );
}

interface ReachFieldsProps extends Pick<DraftFieldsProps, 'draft' | 'needsKey'> {
  told: (field: string) => { mistakes?: { message: string }[] };
  onChange: (change: Partial<ModelDraft>) => void;
}

/** Where the endpoint is, and its key. */
function ReachFields({ draft, needsKey, told, onChange: set }: ReachFieldsProps) {
  const isCompatible = draft.provider === 'openai-compatible';
  return (
    <>
      <Field
        label="URL"
        aside={isCompatible ? undefined : 'optional'}
        {...(isCompatible && { help: 'With the version at its end, such as http://127.0.0.1:8000/v1.' })}
        {...told('baseUrl')}
      >
        {(said) => (
          <Input
            {...ariaOf(said)}
            className="font-mono text-xs"
            inputMode="url"
            value={draft.baseUrl}
            onChange={(event) => set({ baseUrl: event.target.value })}
          />
        )}
      </Field>
      <Field label="API key" aside={needsKey ? undefined : 'if it needs one'} help="Kept encrypted; never shown again." {...told('apiKey')}>
        {(said) => (
          <Input
            {...ariaOf(said)}
            type="password"
            autoComplete="new-password"
            placeholder={draft.before?.apiKey ? `Kept as ${draft.before.apiKey.secret}; write to replace` : ''}
            value={draft.apiKey}
            onChange={(event) => set({ apiKey: event.target.value })}
          />
        )}
      </Field>
    </>
  );
}

const cardFields: { name: keyof ModelCard; label: string; aside: string }[] = [
  { name: 'parametersB', label: 'Parameters', aside: 'billions' },
  { name: 'bitsPerWeight', label: 'Bits per weight', aside: '16 where not given' },
  { name: 'inputPrice', label: 'Price of input', aside: '$ per million tokens' },
  { name: 'outputPrice', label: 'Price of output', aside: '$ per million tokens' },
];

/** What is known of its size and price; the tier follows from it. */
function SizeFields({ card, onChange }: { card: ModelCard; onChange: (card: ModelCard) => void }) {
  const set = (name: keyof ModelCard, value: number | undefined) => {
    const { [name]: _before, ...rest } = card;
    onChange(value === undefined ? rest : { ...card, [name]: value });
  };
  return cardFields.map(({ name, label, aside }) => (
    <Field key={name} label={label} aside={aside}>
      {(said) => <NumberInput {...ariaOf(said)} value={card[name]} onChange={(value) => set(name, value)} />}
    </Field>
  ));
}

/** The size follows the model's name, until it is set by hand. */
function withParameters(draft: ModelDraft, model: string): ModelCard {
  const { parametersB, ...rest } = draft.card;
  if (parametersB !== undefined && parametersB !== parametersIn(draft.model)) return draft.card;
  const told = parametersIn(model);
  return told === undefined ? rest : { ...rest, parametersB: told };
}
