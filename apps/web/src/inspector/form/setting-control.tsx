/** The control of a setting, chosen by what the setting is. */
import { useMemo } from 'react';
import { CodeEditor } from '../../ui/code-editor.tsx';
import { Switch } from '../../ui/checkbox.tsx';
import { ariaOf } from '../../ui/field.tsx';
import { Input, NumberInput, TextArea } from '../../ui/input.tsx';
import { ChoiceField } from '../fields/choice-field.tsx';
import { ConnectionField } from '../fields/connection-field.tsx';
import { FieldsField } from '../fields/fields-field.tsx';
import { FlowField } from '../fields/flow-field.tsx';
import { JsonField } from '../fields/json-field.tsx';
import { ListField } from '../fields/list-field.tsx';
import { ModelField } from '../fields/model-field.tsx';
import { RecordField } from '../fields/record-field.tsx';
import { SchemaField } from '../fields/schema-field.tsx';
import { useForm, type ControlProps } from './form-context.ts';
import { GroupFields } from './group-fields.tsx';

/** Exhaustive over the sorts of control. */
export function SettingControl(props: ControlProps) {
  const { control, label, value, at, said, isOptional, onChange } = props;
  switch (control.sort) {
    case 'template':
    case 'expression':
    case 'source':
      return <SourceText {...props} />;
    case 'text':
      return <PlainText {...props} isLong={control.isLong} />;
    case 'number':
      return <NumberInput {...ariaOf(said)} value={typeof value === 'number' ? value : undefined} onChange={onChange} />;
    case 'switch':
      return <Switch id={said.id} label={label} isOn={value === true} onChange={onChange} />;
    case 'choice':
      return <ChoiceField said={said} label={label} options={control.options} value={value} onChange={onChange} />;
    case 'model':
      return <ModelField said={said} value={value} isOptional={isOptional} onChange={onChange} />;
    case 'flow':
      return <FlowField key={at} said={said} value={value} at={at} onChange={onChange} />;
    case 'connection':
      return <ConnectionField said={said} types={control.types} value={value} onChange={onChange} />;
    case 'schema':
      return <SchemaField said={said} label={label} value={value} onChange={onChange} />;
    case 'fields':
      return <FieldsField value={value} onChange={onChange} />;
    case 'json':
      return <JsonField said={said} label={label} value={value} onChange={onChange} />;
    case 'list':
      return <ListField item={control.item} label={label} value={value} at={at} onChange={onChange} />;
    case 'record':
      return <RecordField control={control.value} label={label} value={value} at={at} onChange={onChange} />;
    case 'group':
      return <GroupFields fields={control.fields} value={value} at={at} onChange={onChange} />;
  }
}

function SourceText({ control, label, value, at, said, isOptional, onChange }: ControlProps) {
  const { suggestions, diagnostics } = useForm();
  const wrong = useMemo(() => diagnostics.flatMap(({ path, span }) => (path === at && span ? [span] : [])), [diagnostics, at]);
  const language = control.sort === 'source' ? control.language : control.sort === 'expression' ? 'expression' : 'template';
  const text = typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
  return (
    <CodeEditor
      id={said.id}
      label={label}
      language={language}
      value={text}
      lines={control.sort === 'source' ? 4 : control.sort === 'template' ? 2 : 1}
      isMono={control.sort !== 'template'}
      {...(said.isInvalid && { isInvalid: true })}
      {...(said.describedBy && { describedBy: said.describedBy })}
      wrong={wrong}
      suggestions={suggestions}
      onChange={(next) => onChange(next === '' && isOptional ? undefined : next)}
    />
  );
}

function PlainText({ value, said, isOptional, isLong, onChange }: ControlProps & { isLong: boolean }) {
  const text = typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
  const change = (next: string) => onChange(next === '' && isOptional ? undefined : next);
  if (isLong) return <TextArea {...ariaOf(said)} rows={1} spellCheck value={text} onChange={(event) => change(event.target.value)} />;
  return <Input {...ariaOf(said)} value={text} onChange={(event) => change(event.target.value)} />;
}
