/** The inputs of a run against what the flow asks for. Kinds are asked by their role; none is named here. */
import { misfits, schemaTypes, type Plan, type Registry } from '@switchyard/engine';
import { isWritable, type Diagnostic, type JsonObject, type Schema } from '@switchyard/shared';

/** One field that a run may be given. */
export interface InputField {
  name: string;
  node: string;
  schema: Schema;
  isRequired: boolean;
}

/** Unknown inputs that are told one by one. */
const mostUnknown = 20;

/** Fields of all entries of the plan, by name: of several that ask for the same, the last one's. */
export function inputFields(plan: Plan, registry: Registry): Map<string, InputField> {
  return new Map(fieldsOf(plan, registry).map((field) => [field.name, field]));
}

function fieldsOf(plan: Plan, registry: Registry): InputField[] {
  const fields: InputField[] = [];
  for (const task of plan.tasks) {
    const kind = registry.get(task.kind);
    if (kind?.role !== 'entry') continue;
    const { outputs } = kind.ports(kind.config.parse(task.config));
    for (const [name, schema] of Object.entries(outputs)) {
      fields.push({ name, node: task.id, schema, isRequired: !('default' in schema) && !(schemaTypes(schema)?.includes('null') ?? false) });
    }
  }
  return fields;
}

/** What is missing, unknown or of the wrong type; empty where the run can start. */
export function checkInputs(plan: Plan, registry: Registry, inputs: JsonObject): Diagnostic[] {
  const fields = fieldsOf(plan, registry);
  const names = new Set(fields.map(({ name }) => name));
  const diagnostics: Diagnostic[] = [];
  const unknown = Object.keys(inputs).filter((name) => !names.has(name));
  const takes = `It takes: ${[...names].join(', ') || 'none'}.`;
  for (const name of unknown.slice(0, mostUnknown)) diagnostics.push(inputDiagnostic(`The flow has no input "${name}". ${takes}`));
  if (unknown.length > mostUnknown)
    diagnostics.push(inputDiagnostic(`The flow does not have ${unknown.length - mostUnknown} more of the given inputs either. ${takes}`));
  for (const field of fields) {
    const value = Object.hasOwn(inputs, field.name) ? inputs[field.name] : undefined;
    if (value === undefined) {
      if (field.isRequired)
        diagnostics.push(
          inputDiagnostic(`The input "${field.name}" is missing; the flow asks for ${schemaTypes(field.schema)?.join(' or ') ?? 'a value'}.`, field),
        );
      continue;
    }
    if (!isWritable(value))
      diagnostics.push(inputDiagnostic(`The input "${field.name}" has a number that is too large to be kept. Give a smaller one.`, field));
    for (const message of misfits(`The input "${field.name}"`, field.schema, value)) diagnostics.push(inputDiagnostic(message, field));
  }
  return diagnostics;
}

/** A mistake in the inputs of a run; with `field`, at the node that asks for it. */
export function inputDiagnostic(message: string, field?: InputField): Diagnostic {
  return {
    code: 'run-input',
    severity: 'error',
    message,
    path: field ? `/nodes/${field.node}` : '',
    ...(field && { node: field.node, field: field.name }),
  };
}
