/** A JSON Schema: as a list of properties where it is an object's, as JSON where it is more, or where one prefers. */
import { isJsonObject, type Json, type Schema } from '@switchyard/shared';
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import type { FieldControl } from '../../ui/field.tsx';
import type { Change } from '../form/form-context.ts';
import { JsonField } from './json-field.tsx';
import { PropertyRow } from './property-row.tsx';
import { freshName, readProperties, writeProperties, type Property } from './schema-properties.ts';

interface SchemaFieldProps {
  said: FieldControl;
  label: string;
  value: Json | undefined;
  onChange: Change;
}

/** A schema that the list cannot show is edited as JSON. */
export function SchemaField({ said, label, value, onChange }: SchemaFieldProps) {
  const schema: Schema = isJsonObject(value) ? value : {};
  const properties = readProperties(schema);
  const [isRaw, setRaw] = useState(false);
  return (
    <div className="space-y-2">
      {properties && !isRaw ? (
        <Properties schema={schema} properties={properties} onChange={onChange} />
      ) : (
        <JsonField said={said} label={label} value={value} onChange={onChange} lines={4} />
      )}
      {properties ? (
        <Button size="small" variant="quiet" className="block! -ml-2" aria-pressed={isRaw} onClick={() => setRaw(!isRaw)}>
          {isRaw ? 'Edit as a list' : 'Edit as JSON Schema'}
        </Button>
      ) : (
        <p className="text-xs text-dim">More than a plain list of properties, so it is edited as JSON Schema.</p>
      )}
    </div>
  );
}

function Properties({ schema, properties, onChange }: { schema: Schema; properties: readonly Property[]; onChange: Change }) {
  const put = (changed: readonly Property[]) =>
    onChange(changed.length === 0 && Object.keys(schema).length === 0 ? undefined : writeProperties(schema, changed));
  const names = properties.map((property) => property.name);
  return (
    <>
      {properties.length > 0 && (
        <ul className="space-y-2">
          {properties.map((property, index) => (
            <PropertyRow
              key={property.name}
              property={property}
              checkName={(name) => (name === '' ? 'A name is needed.' : names.includes(name) ? `"${name}" is there already.` : undefined)}
              onRename={(name) => put(properties.with(index, { ...property, name }))}
              onChange={(changed) => put(properties.with(index, changed))}
              onRemove={() => put(properties.toSpliced(index, 1))}
              extra={
                <span className="flex h-8 items-center px-1">
                  <Checkbox
                    label={<span className="sr-only">{property.name} is required</span>}
                    title="Required"
                    isChecked={property.isRequired}
                    onChange={(isRequired) => put(properties.with(index, { ...property, isRequired }))}
                  />
                </span>
              }
            />
          ))}
        </ul>
      )}
      <Button
        size="small"
        icon="plus"
        onClick={() => put([...properties, { name: freshName('property', names), type: 'string', isRequired: true, schema: { type: 'string' } }])}
      >
        Add property
      </Button>
    </>
  );
}
