/** Adds a connection or changes one, and tries it out. */
import type { Connection } from '@switchyard/shared';
import { useState } from 'react';
import { api } from '../api/client.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { Input, NumberInput } from '../ui/input.tsx';
import { Segmented } from '../ui/segmented.tsx';
import { CheckResult, useCheck } from './check-result.tsx';
import { connectionDraft, emptyDraft, readConnection, type ConnectionDraft, type HeaderDraft } from './connection-draft.ts';
import { useWorkspaceChange } from './use-workspace.ts';

interface ConnectionDialogProps {
  isOpen: boolean;
  onClose: () => void;
  connection?: { name: string; connection: Connection };
  onSaved?: (name: string) => void;
}

/** Its fields start afresh each time it opens. */
export function ConnectionDialog(props: ConnectionDialogProps) {
  return props.isOpen ? <OpenDialog {...props} /> : null;
}

/** The connection first: a secret is bound to the addresses of what names it. */
async function saveConnection({
  name,
  connection,
  secrets,
}: {
  name: string;
  connection: Connection;
  secrets: readonly { name: string; value: string }[];
}): Promise<void> {
  await api.workspace.saveConnection.mutate({ name, connection });
  for (const secret of secrets) await api.workspace.setSecret.mutate(secret);
}

function OpenDialog({ isOpen, onClose, connection, onSaved }: ConnectionDialogProps) {
  const [draft, setDraft] = useState<ConnectionDraft>(connection ? connectionDraft(connection.name, connection.connection) : emptyDraft);
  const [mistakes, setMistakes] = useState<Record<string, string>>({});
  const saving = useWorkspaceChange(saveConnection, true);
  const check = useCheck((name: string) => api.workspace.testConnection.mutate({ name }));
  const save = async (): Promise<string | undefined> => {
    const read = readConnection(draft);
    setMistakes('mistakes' in read ? read.mistakes : {});
    if ('mistakes' in read || !(await saving.change(read))) return undefined;
    setDraft(connectionDraft(read.name, read.connection));
    onSaved?.(read.name);
    return read.name;
  };
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      title={connection ? `Connection ${connection.name}` : 'Add a connection'}
      description="A flow reaches the addresses and files of the connections, and nothing else."
      actions={
        <>
          <Button disabled={saving.isPending || check.isPending} onClick={() => void save().then((name) => name !== undefined && check.run(name))}>
            Save and test
          </Button>
          <Button variant="primary" disabled={saving.isPending} onClick={() => void save().then((name) => name !== undefined && onClose())}>
            Save
          </Button>
        </>
      }
    >
      <div className="space-y-4">
        <ConnectionFields draft={draft} isNew={!connection} mistakes={mistakes} onChange={setDraft} />
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

interface ConnectionFieldsProps {
  draft: ConnectionDraft;
  isNew: boolean;
  mistakes: Record<string, string>;
  onChange: (draft: ConnectionDraft) => void;
}

function ConnectionFields({ draft, isNew, mistakes, onChange }: ConnectionFieldsProps) {
  const set = (change: Partial<ConnectionDraft>) => onChange({ ...draft, ...change });
  const told = (field: string) => (mistakes[field] ? { mistakes: [{ message: mistakes[field] }] } : {});
  return (
    <>
      {isNew && (
        <Segmented
          label="Type of connection"
          value={draft.type}
          tone="data"
          options={[
            { value: 'sqlite', label: 'SQLite file' },
            { value: 'http', label: 'HTTP API' },
          ]}
          onChange={(type) => set({ type: type as ConnectionDraft['type'] })}
        />
      )}
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Name in flows" {...told('name')}>
          {(said) => (
            <Input
              id={said.id}
              className="font-mono text-xs"
              disabled={!isNew}
              placeholder={draft.type === 'http' ? 'carrier-api' : 'shop'}
              value={draft.name}
              onChange={(event) => set({ name: event.target.value })}
            />
          )}
        </Field>
        <Field label="Calls at once" aside="8 where not given" {...told('concurrency')}>
          {(said) => <NumberInput id={said.id} value={draft.concurrency} onChange={(concurrency) => set({ concurrency })} />}
        </Field>
      </div>
      {draft.type === 'sqlite' ? (
        <Field label="File" help="A path on the server's machine. It is opened for reading only." {...told('address')}>
          {(said) => (
            <Input
              id={said.id}
              className="font-mono text-xs"
              placeholder="/data/shop.db"
              value={draft.address}
              onChange={(event) => set({ address: event.target.value })}
            />
          )}
        </Field>
      ) : (
        <>
          <Field label="Base URL" help="Requests go below this address and nowhere else." {...told('address')}>
            {(said) => (
              <Input
                id={said.id}
                className="font-mono text-xs"
                placeholder="https://api.example.com"
                value={draft.address}
                onChange={(event) => set({ address: event.target.value })}
              />
            )}
          </Field>
          <Headers headers={draft.headers} mistakes={mistakes} onChange={(headers) => set({ headers })} />
        </>
      )}
    </>
  );
}

function Headers({
  headers,
  mistakes,
  onChange,
}: {
  headers: readonly HeaderDraft[];
  mistakes: Record<string, string>;
  onChange: (headers: HeaderDraft[]) => void;
}) {
  const put = (index: number, change: Partial<HeaderDraft>) => onChange(headers.with(index, { ...(headers[index] as HeaderDraft), ...change }));
  return (
    <fieldset className="space-y-2">
      <legend className="text-xs font-semibold">Headers</legend>
      {headers.map((header, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a header has no identity of its own while its name is written.
        <div key={index} className="space-y-1">
          <div className="flex items-center gap-2">
            <Input
              aria-label={`Name of header ${index + 1}`}
              className="w-44! font-mono text-xs"
              placeholder="authorization"
              value={header.name}
              onChange={(event) => put(index, { name: event.target.value })}
            />
            <Input
              aria-label={`Value of header ${header.name}`}
              type={header.isSecret ? 'password' : 'text'}
              autoComplete={header.isSecret ? 'new-password' : 'off'}
              className="font-mono text-xs"
              placeholder={header.secret ? `Kept as ${header.secret}; write to replace` : header.isSecret ? 'Bearer …' : ''}
              value={header.value}
              onChange={(event) => put(index, { value: event.target.value })}
            />
            <Button
              size="small"
              icon={header.isSecret ? 'lock' : 'eye'}
              aria-pressed={header.isSecret}
              title="A secret value is kept encrypted and never shown again"
              onClick={() => put(index, { isSecret: !header.isSecret })}
            >
              {header.isSecret ? 'Secret' : 'Plain'}
            </Button>
            <IconButton size="small" icon="trash" label={`Remove header ${header.name}`} onClick={() => onChange(headers.toSpliced(index, 1))} />
          </div>
          {mistakes[`header${index}`] && <p className="text-xs text-bad">{mistakes[`header${index}`]}</p>}
        </div>
      ))}
      <Button size="small" icon="plus" onClick={() => onChange([...headers, { name: '', value: '', isSecret: true, secret: undefined }])}>
        Add header
      </Button>
    </fieldset>
  );
}
