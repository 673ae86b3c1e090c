/** Named schemas: the fields of an input, the parameters of an operation. Renaming one takes its wires along. */
import { isJsonObject, isPortName, type Json, type Schema } from '@switchyard/shared';
import { Button } from '../../ui/button.tsx';
import type { Change } from '../form/form-context.ts';
import { PropertyRow } from './property-row.tsx';
import { freshName, propertyType, type Property } from './schema-properties.ts';

interface FieldsFieldProps {
  value: Json | undefined;
  onChange: Change;
}

/** Names are ports, so they must be fit to be used in expressions. */
export function FieldsField({ value, onChange }: FieldsFieldProps) {
  const entries = Object.entries(isJsonObject(value) ? value : {}).map(([name, schema]) => [name, isJsonObject(schema) ? schema : {}] as [string, Schema]);
  const names = entries.map(([name]) => name);
  const put = (changed: readonly [string, Schema][], rename?: { from: string; to: string }) => onChange(Object.fromEntries(changed), rename);
  return (
    <div className="space-y-2">
      {entries.length > 0 && (
        <ul className="space-y-2">
          {entries.map(([name, schema], index) => (
            <PropertyRow
              key={name}
              property={toProperty(name, schema)}
              checkName={(wish) => checkName(wish, names)}
              hasSamples
              onRename={(to) => put(entries.with(index, [to, schema]), { from: name, to })}
              onChange={(property) => put(entries.with(index, [name, property.schema]))}
              onRemove={() => put(entries.toSpliced(index, 1))}
            />
          ))}
        </ul>
      )}
      <Button size="small" icon="plus" onClick={() => put([...entries, [freshName('field', names), { type: 'string' }]])}>
        Add
      </Button>
    </div>
  );
}

function toProperty(name: string, schema: Schema): Property {
  return { name, type: propertyType(schema) ?? 'any', isRequired: false, schema };
}

/** What is wrong with a field's name. */
function checkName(name: string, taken: readonly string[]): string | undefined {
  if (name === '') return 'A name is needed.';
  if (taken.includes(name)) return `"${name}" is there already.`;
  return isPortName(name) ? undefined : 'Letters, digits and _ only, not beginning with a digit; words of the expression language are taken.';
}
