/** The control of an item of a list or a record, with the mistakes that stand at the item itself. */
import { useId } from 'react';
import { Mistakes } from '../../ui/field.tsx';
import { useForm, type ControlProps } from '../form/form-context.ts';
import { mistakesAt, pointersBelow } from '../form/form-mistakes.ts';
import { toMistake } from '../form/to-mistake.tsx';

/** Those of what the item holds stand there. */
export function ItemControl(props: Omit<ControlProps, 'said' | 'isOptional'>) {
  const { control, label, value, at } = props;
  const { diagnostics, Control } = useForm();
  const id = useId();
  const mistakes = mistakesAt(diagnostics, at, pointersBelow(control, value, at)).map(toMistake);
  const isInvalid = mistakes.some(({ severity }) => severity !== 'warning');
  const said = { id, ...(mistakes.length > 0 && { describedBy: `${id}mistake` }), ...(isInvalid && { isInvalid }) };
  return (
    <>
      {control.sort !== 'group' && (
        <label htmlFor={id} className="sr-only">
          {label}
        </label>
      )}
      <Control {...props} said={said} isOptional={false} />
      <Mistakes id={`${id}mistake`} mistakes={mistakes} />
    </>
  );
}
