/** Adds a connection or changes one, and tries it out. */
import { connectionTypes, type Connection } from '@switchyard/shared';
import { useState } from 'react';
import { api } from '../api/client.ts';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { CatalogueView } from './catalogue-view.tsx';
import { CheckResult, useCheck } from './check-result.tsx';
import { connectionDraft, emptyDraft, readConnection, type ConnectionDraft } from './connection-draft.ts';
import { ConnectionFields } from './connection-fields.tsx';
import { acceptsOffers } from './connection-form.ts';
import { ConnectionTypeChooser } from './connection-type-chooser.tsx';
import { acceptedOutcome, OfferReview } from './offer-review.tsx';
import { testConnection, useWorkspace, useWorkspaceChange } from './use-workspace.ts';

interface ConnectionDialogProps {
  isOpen: boolean;
  onClose: () => void;
  connection?: { name: string; connection: Connection };
  /** Of a new one: names of the types that are of use; absent, all. */
  types?: readonly string[];
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

function OpenDialog({ isOpen, onClose, connection, types, onSaved }: ConnectionDialogProps) {
  const [draft, setDraft] = useState<ConnectionDraft>(connection ? connectionDraft(connection.name, connection.connection) : emptyDraft);
  const [mistakes, setMistakes] = useState<Record<string, string>>({});
  // Once it is saved, the same connection is changed: another name would make a second one.
  const [kept, setKept] = useState(connection?.name);
  const isNew = kept === undefined;
  const { data } = useWorkspace();
  const saving = useWorkspaceChange(saveConnection, true);
  const check = useCheck(testConnection);
  const save = async (): Promise<string | undefined> => {
    const read = readConnection(draft, isNew ? data?.connections.map(({ name }) => name) : []);
    setMistakes('mistakes' in read ? read.mistakes : {});
    if ('mistakes' in read || !(await saving.change(read))) return undefined;
    setKept(read.name);
    setDraft(connectionDraft(read.name, read.connection));
    onSaved?.(read.name);
    return read.name;
  };
  const type = draft.type === undefined ? undefined : connectionTypes.get(draft.type);
  const leave = () => {
    setDraft({ ...emptyDraft, name: draft.name });
    setMistakes({});
  };
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      title={isNew ? 'Add a connection' : `Connection ${kept}`}
      description="A flow reaches the addresses and files of the connections, and nothing else."
      actions={
        type && (
          <>
            <Button disabled={saving.isPending || check.isPending} onClick={() => void save().then((name) => name !== undefined && check.run(name))}>
              Save and test
            </Button>
            <Button variant="primary" disabled={saving.isPending} onClick={() => void save().then((name) => name !== undefined && onClose())}>
              Save
            </Button>
          </>
        )
      }
    >
      <div className="space-y-4">
        {!type && <ConnectionTypeChooser among={types} onChoose={(chosen) => setDraft({ ...emptyDraft, name: draft.name, type: chosen.type })} />}
        {type && (
          <>
            <p className="flex items-center gap-2 text-sm">
              <Badge tone="data">{type.title}</Badge>
              <span className="min-w-0 flex-1 truncate text-dim">{type.description}</span>
              {isNew && (
                <Button size="small" variant="quiet" onClick={leave}>
                  Another type
                </Button>
              )}
            </p>
            <ConnectionFields type={type} draft={draft} isNew={isNew} mistakes={mistakes} onChange={setDraft} />
          </>
        )}
        {saving.error && (
          <p role="alert" className="text-sm text-bad">
            {saving.error}
          </p>
        )}
        <CheckResult check={check} />
        {check.outcome?.offer && (
          <OfferReview key={check.outcome.offer.hash} name={draft.name.trim()} offer={check.outcome.offer} onAccepted={() => check.tell(acceptedOutcome)} />
        )}
        {type?.performs.includes('catalogue') && check.outcome?.ok && !check.outcome.offer && (
          <Held key={draft.name} connection={draft.name.trim()} isOpen={acceptsOffers(type)} />
        )}
      </div>
    </Dialog>
  );
}

/** What the connection holds, once it is known to answer. */
function Held({ connection, isOpen: isOpenAtFirst }: { connection: string; isOpen: boolean }) {
  const [isOpen, setOpen] = useState(isOpenAtFirst);
  return (
    <div>
      <Button
        size="small"
        variant="quiet"
        className="-ml-2"
        icon={isOpen ? 'chevron-down' : 'chevron-right'}
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        What it holds
      </Button>
      {isOpen && <CatalogueView connection={connection} />}
    </div>
  );
}
