/** Which flow of this document: those under its `flows`. */
import type { Json } from '@switchyard/shared';
import type { FieldControl } from '../../ui/field.tsx';
import { Select } from '../../ui/select.tsx';
import { useEditor } from '../../use-editor.ts';
import type { Change } from '../form/form-context.ts';

interface FlowFieldProps {
  said: FieldControl;
  value: Json | undefined;
  onChange: Change;
}

/** A name that the document does not have stays, and is told as missing. */
export function FlowField({ said, value, onChange }: FlowFieldProps) {
  const names = Object.keys(useEditor((state) => state.flow.flows) ?? {});
  const chosen = typeof value === 'string' && value !== '' ? value : undefined;
  const missing = chosen !== undefined && !names.includes(chosen) ? [{ value: chosen, label: chosen, note: 'Not in this document' }] : [];
  return (
    <Select
      id={said.id}
      value={chosen}
      placeholder={names.length === 0 ? 'This document has no other flow' : 'Choose a flow'}
      groups={[{ options: [...missing, ...names.map((name) => ({ value: name, label: name }))] }]}
      onChange={onChange}
      {...(said.isInvalid && { isInvalid: true })}
      {...(said.describedBy && { describedBy: said.describedBy })}
    />
  );
}
