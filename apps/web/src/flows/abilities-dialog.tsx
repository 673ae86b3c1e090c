/** What an imported flow could do if it ran, told before its first run. */
import type { Abilities } from '@switchyard/api/router';
import { connectionTypes } from '@switchyard/shared';
import type { ReactNode } from 'react';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Icon, type IconName } from '../ui/icon.tsx';
import { useImported } from './imported-flow.ts';

const close = () => useImported.setState({ flow: undefined });

/** Opens by itself after an import. */
export function AbilitiesDialog() {
  const flow = useImported((state) => state.flow);
  if (!flow) return null;
  return (
    <Dialog
      isOpen
      onClose={close}
      title={`“${flow.name}” is imported`}
      description="Nothing has run and nothing was called. When it is run, this is what it can do:"
      actions={
        <Button variant="primary" onClick={close}>
          Look at it
        </Button>
      }
    >
      <AbilityList abilities={flow.abilities} />
    </Dialog>
  );
}

function AbilityList({ abilities: { connections, models, writes, code } }: { abilities: Abilities }) {
  if (connections.length + models.length + writes.length + code.length === 0)
    return <p className="text-sm">It reaches nothing outside: it only works on what it is given.</p>;
  return (
    <ul className="space-y-4">
      {models.length > 0 && (
        <Ability icon="brain-circuit" title="Ask models">
          {models.map(({ name, provider, target, through }) => (
            <Target
              key={name}
              name={name}
              note={provider === 'builtin' ? 'built-in, no neural network' : provider ? noteOf(provider, target, through) : undefined}
            />
          ))}
        </Ability>
      )}
      {connections.length > 0 && (
        <Ability icon="plug" title="Reach databases, APIs, files and tools">
          {connections.map(({ name, type, target, through }) => (
            <Target key={name} name={name} note={type ? noteOf(connectionTypes.get(type)?.title ?? type, target, through) : undefined} />
          ))}
        </Ability>
      )}
      {writes.length > 0 && (
        <Ability icon="pencil" title="Change data">
          {writes.map(({ node, operation }) => (
            <li key={`${node}.${operation}`} className="text-xs">
              <code className="font-mono">{operation === undefined ? node : `${node}.${operation}`}</code>
              {operation === undefined && <span className="text-dim"> · whatever its connection offers</span>}
            </li>
          ))}
        </Ability>
      )}
      {code.length > 0 && (
        <Ability icon="braces" title="Run JavaScript of its own, in the sandbox">
          {code.map((node) => (
            <li key={node} className="font-mono text-xs">
              {node}
            </li>
          ))}
        </Ability>
      )}
    </ul>
  );
}

/** What it is, where it leads, and which connection uses it where the flow does not name it. */
function noteOf(what: string, target: string | undefined, through: string | undefined): string {
  return [what, target, through && `for ${through}`].filter(Boolean).join(' · ');
}

function Ability({ icon, title, children }: { icon: IconName; title: string; children: ReactNode }) {
  return (
    <li className="flex gap-3">
      <Icon name={icon} className="mt-0.5 text-dim" />
      <div className="min-w-0 flex-1">
        <h3 className="text-sm font-semibold">{title}</h3>
        <ul className="mt-1 space-y-1">{children}</ul>
      </div>
    </li>
  );
}

/** Without a note the workspace does not define the name, so it cannot be reached yet. */
function Target({ name, note }: { name: string; note: string | undefined }) {
  return (
    <li className="flex items-center gap-2 text-xs">
      <span className="font-mono">{name}</span>
      {note ? <span className="truncate text-dim">{note}</span> : <Badge tone="warning">not in this workspace</Badge>}
    </li>
  );
}
