/** The workspace's secrets: set, replaced and removed here, never shown. */
import { useState, type FormEvent } from 'react';
import { api } from '../api/client.ts';
import { Badge } from '../ui/badge.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';
import { Menu } from '../ui/menu.tsx';
import { sayDone } from '../ui/messages.ts';
import { useWorkspaceChange } from './use-workspace.ts';
import { PanelRow, PanelSection } from './panel-parts.tsx';

interface SecretEntry {
  name: string;
  isSet: boolean;
}

/** A secret that is named but not set says so. */
export function SecretList({ secrets }: { secrets: readonly SecretEntry[] }) {
  const [edited, setEdited] = useState<SecretEntry | 'new'>();
  return (
    <PanelSection title="Secrets" add={{ label: 'Add a secret', onAdd: () => setEdited('new') }}>
      {secrets.length === 0 && <p className="text-xs leading-5 text-dim">None yet. Keys and tokens are kept encrypted; models and connections name them.</p>}
      <ul aria-label="Secrets">
        {secrets.map((secret) => (
          <SecretRow key={secret.name} secret={secret} onReplace={() => setEdited(secret)} />
        ))}
      </ul>
      {edited !== undefined && <SecretDialog secret={edited === 'new' ? undefined : edited} onClose={() => setEdited(undefined)} />}
    </PanelSection>
  );
}

function SecretRow({ secret: { name, isSet }, onReplace }: { secret: SecretEntry; onReplace: () => void }) {
  const removal = useWorkspaceChange((asked: string) => api.workspace.removeSecret.mutate({ name: asked }));
  const [isAsking, setAsking] = useState(false);
  const remove = async () => {
    setAsking(false);
    if (await removal.change(name)) sayDone(`Deleted the secret "${name}"`);
  };
  return (
    <PanelRow
      title={name}
      badge={isSet ? undefined : <Badge tone="warning">not set</Badge>}
      note={isSet ? 'Set; never shown' : 'Named, but without a value'}
      onOpen={onReplace}
      menu={
        <Menu
          trigger={<IconButton size="small" icon="ellipsis" label={`Actions for ${name}`} />}
          items={[
            { label: isSet ? 'Replace' : 'Set', icon: 'key', onSelect: onReplace },
            { label: 'Delete', icon: 'trash', isDanger: true, isDisabled: !isSet, onSelect: () => setAsking(true) },
          ]}
        />
      }
    >
      {/* The one act here that cannot be undone: the value is known to nobody. */}
      <Dialog
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        size="small"
        title={`Delete ${name}?`}
        description="Its value cannot be brought back. Models and connections that name it stop working until it is set again."
        actions={
          <>
            <Button onClick={() => setAsking(false)}>Keep it</Button>
            <Button variant="danger" onClick={() => void remove()}>
              Delete
            </Button>
          </>
        }
      >
        <span />
      </Dialog>
    </PanelRow>
  );
}

function SecretDialog({ secret, onClose }: { secret: SecretEntry | undefined; onClose: () => void }) {
  const [name, setName] = useState(secret?.name ?? '');
  const [value, setValue] = useState('');
  const saving = useWorkspaceChange((input: { name: string; value: string }) => api.workspace.setSecret.mutate(input), true);
  const isNameWrong = name !== '' && !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name);
  const save = (event: FormEvent) => {
    event.preventDefault();
    void saving.change({ name, value }).then((isDone) => isDone && onClose());
  };
  return (
    <Dialog
      isOpen
      onClose={onClose}
      size="small"
      title={secret ? `${secret.isSet ? 'Replace' : 'Set'} ${secret.name}` : 'Add a secret'}
      description="Kept encrypted, sent only to the addresses of what names it, and never shown again."
      actions={
        <Button type="submit" form="secret-form" variant="primary" disabled={name === '' || isNameWrong || value === '' || saving.isPending}>
          Save
        </Button>
      }
    >
      <form id="secret-form" onSubmit={save} className="space-y-4">
        {!secret && (
          <Field label="Name" {...(isNameWrong && { mistakes: [{ message: 'Letters, digits and _ only, not beginning with a digit.' }] })}>
            {(said) => (
              <Input
                id={said.id}
                className="font-mono text-xs"
                placeholder="CARRIER_TOKEN"
                value={name}
                onChange={(event) => setName(event.target.value.trim())}
              />
            )}
          </Field>
        )}
        <Field label="Value" {...(saving.error && { mistakes: [{ message: saving.error }] })}>
          {(said) => <Input id={said.id} type="password" autoComplete="new-password" value={value} onChange={(event) => setValue(event.target.value)} />}
        </Field>
      </form>
    </Dialog>
  );
}
