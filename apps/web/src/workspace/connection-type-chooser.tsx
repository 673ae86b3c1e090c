/** What a new connection leads to: every type, by group, found by words where they are many. */
import type { ConnectionType } from '@switchyard/shared';
import { useState } from 'react';
import { Icon, type IconName } from '../ui/icon.tsx';
import { Input } from '../ui/input.tsx';
import { offeredTypes } from './connection-form.ts';

const groupIcons: Readonly<Record<string, IconName>> = { Databases: 'database', APIs: 'globe', 'Files and storage': 'file-text', Tools: 'plug' };
const fewTypes = 6;

interface ConnectionTypeChooserProps {
  /** Names of the types to choose from; absent, all. */
  among: readonly string[] | undefined;
  onChoose: (type: ConnectionType) => void;
}

/** Enter takes the first that the words leave. */
export function ConnectionTypeChooser({ among, onChoose }: ConnectionTypeChooserProps) {
  const [words, setWords] = useState('');
  const groups = offeredTypes(words, among);
  const isMany = offeredTypes('', among).reduce((sum, { types }) => sum + types.length, 0) > fewTypes;
  const first = groups[0]?.types[0];
  return (
    <div className="space-y-4">
      {isMany && (
        <Input
          aria-label="Find a type of connection"
          placeholder="Find a database, an API, a tool…"
          value={words}
          onChange={(event) => setWords(event.target.value)}
          onKeyDown={(event) => event.key === 'Enter' && words.trim() !== '' && first && onChoose(first)}
        />
      )}
      {groups.map(({ group, types }) => (
        <section key={group} aria-label={group}>
          <h3 className="mb-1 text-xs font-semibold text-dim">{group}</h3>
          <ul className="grid grid-cols-2 gap-2 sm:grid-cols-3">
            {types.map((type) => (
              <li key={type.type}>
                <button
                  type="button"
                  onClick={() => onChoose(type)}
                  className="flex h-full w-full items-start gap-2 rounded-md border border-line2 px-2 py-2 text-left hover:border-data hover:bg-data-soft"
                >
                  <Icon name={groupIcons[group] ?? 'plug'} size={14} className="mt-1 text-data" />
                  <span className="min-w-0">
                    <span className="block text-sm font-medium">{type.title}</span>
                    <span className="block text-xs text-dim">{type.description}</span>
                  </span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      ))}
      {groups.length === 0 && (
        <p className="text-sm text-dim">Nothing here is called that. An API that speaks HTTP can be reached by its address: look for “http”.</p>
      )}
    </div>
  );
}
