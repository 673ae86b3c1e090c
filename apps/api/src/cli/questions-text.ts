/** Questions of runs as text for people. */
import { askChoices, type OpenWait } from '@switchyard/shared';

/** What is asked, and how it can be answered. */
export function questionText({ run, flowName, key, ask, until }: OpenWait): string {
  const { title, who, text, operation, arguments: args, fields, about } = ask;
  const lines = [
    `${run} ${key} (${flowName}): ${title}`,
    ...(who === undefined ? [] : [`  for: ${who}`]),
    ...(text === undefined ? [] : text.split('\n').map((line) => `  ${line}`)),
    ...(operation === undefined ? [] : [`  operation: ${operation}`]),
    ...(args === undefined ? [] : [`  arguments: ${JSON.stringify(args)}`]),
    ...Object.entries(fields ?? {}).map(([name, schema]) => `  asks for ${name}: ${JSON.stringify(schema)}`),
    ...(until === undefined ? [] : [`  until: ${new Date(until).toISOString()}`]),
    `  answers: ${askChoices[about].join(', ')}`,
  ];
  return lines.join('\n');
}
