/** The workspace's connections: databases and APIs that flows may reach. */
import type { WorkspaceView } from '@switchyard/api/router';
import { connectionSecrets, connectionTypeOf, type Connection } from '@switchyard/shared';
import { useState } from 'react';
import { api } from '../api/client.ts';
import { Badge } from '../ui/badge.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Menu, type MenuItem } from '../ui/menu.tsx';
import { sayDone } from '../ui/messages.ts';
import { CatalogueView } from './catalogue-view.tsx';
import { CheckResult, useCheck } from './check-result.tsx';
import { ConnectionDialog } from './connection-dialog.tsx';
import { acceptedOutcome, OfferReview } from './offer-review.tsx';
import { testConnection, useWorkspaceChange } from './use-workspace.ts';
import { PanelRow, PanelSection } from './panel-parts.tsx';

type ConnectionEntry = WorkspaceView['connections'][number];

/** In the order of their names. */
export function ConnectionList({ connections }: { connections: readonly ConnectionEntry[] }) {
  const [edited, setEdited] = useState<ConnectionEntry | 'new'>();
  return (
    <PanelSection title="Connections" add={{ label: 'Add a connection', onAdd: () => setEdited('new') }}>
      {connections.length === 0 && <p className="text-xs leading-5 text-dim">None yet. A flow reaches the databases and APIs named here, and nothing else.</p>}
      <ul aria-label="Connections">
        {connections.map((entry) => (
          <ConnectionRow key={entry.name} entry={entry} onEdit={() => setEdited(entry)} />
        ))}
      </ul>
      <ConnectionDialog isOpen={edited !== undefined} onClose={() => setEdited(undefined)} {...(edited && edited !== 'new' && { connection: edited })} />
    </PanelSection>
  );
}

function ConnectionRow({ entry: { name, connection, type }, onEdit }: { entry: ConnectionEntry; onEdit: () => void }) {
  const [hasCatalogue, setCatalogue] = useState(false);
  const [isReviewing, setReviewing] = useState(false);
  const check = useCheck(testConnection);
  const offer = check.outcome?.offer;
  const removal = useWorkspaceChange((asked: string) => api.workspace.removeConnection.mutate({ name: asked }));
  const restore = useWorkspaceChange(() => api.workspace.saveConnection.mutate({ name, connection }));
  const { isShipped, performs } = connectionTypeOf(connection);
  const remove = async () => {
    if (await removal.change(name)) sayDone(`Removed the connection "${name}"`, () => void restore.change(undefined));
  };
  const items: MenuItem[] = [
    { label: 'Test', icon: 'zap', onSelect: () => check.run(name) },
    ...(performs.includes('catalogue')
      ? [{ label: hasCatalogue ? 'Hide what it holds' : 'Show what it holds', icon: 'table' as const, onSelect: () => setCatalogue(!hasCatalogue) }]
      : []),
    ...(isShipped ? [] : [{ label: 'Edit', icon: 'pencil' as const, onSelect: onEdit }]),
    { label: 'Remove', icon: 'trash', isDanger: true, onSelect: () => void remove() },
  ];
  return (
    <PanelRow
      title={name}
      badge={<Badge tone="data">{connectionTypeOf({ type }).title}</Badge>}
      note={connectionNote(connection)}
      {...(!isShipped && { onOpen: onEdit })}
      menu={<Menu trigger={<IconButton size="small" icon="ellipsis" label={`Actions for ${name}`} />} items={items} />}
    >
      <CheckResult check={check} />
      {offer && (
        <Button size="small" className="mt-1" onClick={() => setReviewing(true)}>
          Read and accept…
        </Button>
      )}
      {offer && (
        <Dialog isOpen={isReviewing} onClose={() => setReviewing(false)} title={`What ${name} offers`} description={connectionNote(connection)} size="large">
          <OfferReview
            key={offer.hash}
            name={name}
            offer={offer}
            onAccepted={() => {
              setReviewing(false);
              check.tell(acceptedOutcome);
            }}
          />
        </Dialog>
      )}
      {hasCatalogue && <CatalogueView connection={name} />}
    </PanelRow>
  );
}

function connectionNote(connection: Connection): string {
  const { address, isShipped } = connectionTypeOf(connection);
  if (isShipped) return `of the example ${address(connection)}`;
  return [address(connection), connectionSecrets(connection).length > 0 ? 'with secrets' : ''].filter(Boolean).join(' · ');
}
