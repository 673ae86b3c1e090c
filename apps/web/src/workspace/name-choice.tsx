/** Which other connection or model of the workspace a connection uses: those that are there and fit. */
import { connectionDoes, connectionTypeOf } from '@switchyard/shared';
import type { FieldControl } from '../ui/field.tsx';
import { Select, type SelectOption } from '../ui/select.tsx';
import { useWorkspace } from './use-workspace.ts';

interface NameChoiceProps {
  said: FieldControl;
  of: 'model' | 'connection';
  /** Of connections: what it must be able to do. */
  that?: readonly string[];
  isRequired: boolean;
  /** Empty where none is chosen. */
  value: string;
  onChange: (value: string) => void;
}

/** No name begins so. */
const none = '-';

/** A name that the workspace does not have stays, and is told as missing. */
export function NameChoice({ said, of, that = [], isRequired, value, onChange }: NameChoiceProps) {
  const { data } = useWorkspace();
  const options: SelectOption[] =
    of === 'model'
      ? (data?.models ?? []).map(({ name, model }) => ({ value: name, text: name, label: name, note: `${model.model} · ${model.provider}` }))
      : (data?.connections ?? [])
          .filter(({ type }) => connectionDoes(connectionTypeOf({ type }), that))
          .map(({ name, type }) => ({ value: name, text: name, label: name, note: connectionTypeOf({ type }).title }));
  const isMissing = value !== '' && !options.some((option) => option.value === value);
  return (
    <Select
      id={said.id}
      value={value === '' ? undefined : value}
      placeholder={`Choose a ${of}`}
      groups={[
        {
          options: [
            ...(!isRequired && value !== '' ? [{ value: none, label: 'None' }] : []),
            ...(isMissing ? [{ value, text: value, label: value, ...(data && { note: 'Not in the workspace, or of another type' }) }] : []),
            ...options,
          ],
        },
      ]}
      onChange={(next) => onChange(next === none ? '' : next)}
      {...(said.isInvalid && { isInvalid: true })}
      {...(said.describedBy && { describedBy: said.describedBy })}
    />
  );
}
