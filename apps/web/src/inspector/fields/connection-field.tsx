/** Which connection: those of the workspace that fit, what the chosen one holds, and the way to add one. */
import { connectionFits, connectionTypeOf, type Json } from '@switchyard/shared';
import { useState } from 'react';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import type { FieldControl } from '../../ui/field.tsx';
import { Select, type SelectOption } from '../../ui/select.tsx';
import { useEditor } from '../../use-editor.ts';
import { CatalogueView } from '../../workspace/catalogue-view.tsx';
import { ConnectionDialog } from '../../workspace/connection-dialog.tsx';
import { useForm, type Change } from '../form/form-context.ts';

interface ConnectionFieldProps {
  said: FieldControl;
  /** Types that fit. */
  types: readonly string[];
  value: Json | undefined;
  onChange: Change;
}

const add = '+';

/** A name that the workspace does not have stays, and is told as missing. */
export function ConnectionField({ said, types, value, onChange }: ConnectionFieldProps) {
  const { connections, isKnown } = useEditor((state) => state.workspace);
  const { hasCatalogue } = useForm();
  const [isAdding, setAdding] = useState(false);
  const [isOpen, setOpen] = useState(false);
  const chosen = typeof value === 'string' && value !== '' ? value : undefined;
  const fitting = connections.filter(({ type }) => connectionFits(type, types));
  const isThere = fitting.some(({ name }) => name === chosen);
  const options = fitting.map(
    ({ name, connection, type }): SelectOption => ({
      value: name,
      text: name,
      label: (
        <span className="flex items-center gap-2">
          {name} <Badge tone="data">{connectionTypeOf({ type }).title}</Badge>
        </span>
      ),
      ...(connectionTypeOf(connection).isShipped && { note: `of the example ${connectionTypeOf(connection).address(connection)}` }),
    }),
  );
  return (
    <>
      <Select
        id={said.id}
        value={chosen}
        placeholder="Choose a connection"
        groups={[
          {
            options: [
              ...(chosen !== undefined && !isThere
                ? [{ value: chosen, label: chosen, ...(isKnown && { note: 'Not in the workspace, or of another type' }) }]
                : []),
              ...options,
            ],
          },
          { options: [{ value: add, label: 'Add a connection…' }] },
        ]}
        onChange={(next) => (next === add ? setAdding(true) : onChange(next))}
        {...(said.isInvalid && { isInvalid: true })}
        {...(said.describedBy && { describedBy: said.describedBy })}
      />
      {hasCatalogue && chosen !== undefined && isThere && (
        <div className="mt-1">
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
          {isOpen && <CatalogueView connection={chosen} />}
        </div>
      )}
      <ConnectionDialog isOpen={isAdding} types={types} onClose={() => setAdding(false)} onSaved={(name) => onChange(name)} />
    </>
  );
}
