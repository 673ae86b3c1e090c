/** What enters a flow of the document is held against what its input asks for, before anything of it runs; what it is to be given at least, compile sees to. */
import { failure, FailureError, type JsonObject } from '@switchyard/shared';
import type { Plan } from '../plan.ts';
import { misfits, schemaTypes } from '../schema.ts';

/** Throws the FailureError `input-invalid` where a value does not fit. */
export function checkFlowInputs({ flows, checksFlowInputs }: Plan, flow: string, inputs: JsonObject): void {
  const fields = checksFlowInputs ? flows?.[flow]?.ports.inputs : undefined;
  for (const name in fields) {
    const [schema, value] = [fields[name], Object.hasOwn(inputs, name) ? inputs[name] : undefined];
    if (schema === undefined || value === undefined) continue;
    const found = misfits(`The input "${name}" of the flow "${flow}"`, schema, value);
    if (found.length === 0) continue;
    const takes = schemaTypes(schema)?.join(' or ');
    const advice = `${takes ? `It takes: ${takes}. ` : ''}Mend what is wired there, or what the input of the flow asks for.`;
    throw new FailureError(failure('input-invalid', `${found.join(' ')} ${advice}`));
  }
}
