/** Questions of runs as text for people. What a model or data put into them cannot move the terminal, or hide what is asked: it is written out. */
import { askChoices, visibleLine, visibleText, type OpenWait } from '@switchyard/shared';

/** What is asked, and how it can be answered. */
export function questionText({ run, flowName, key, ask, until }: OpenWait): string {
  const { title, who, text, operation, arguments: args, fields, about } = ask;
  const lines = [
    visibleLine(`${run} ${key} (${flowName}): ${title}`),
    ...(who === undefined ? [] : [visibleLine(`  for: ${who}`)]),
    ...(text === undefined
      ? []
      : visibleText(text)
          .split('\n')
          .map((line) => `  ${line}`)),
    ...(operation === undefined ? [] : [visibleLine(`  operation: ${operation}`)]),
    ...(args === undefined ? [] : [visibleLine(`  arguments: ${JSON.stringify(args)}`)]),
    ...Object.entries(fields ?? {}).map(([name, schema]) => visibleLine(`  asks for ${name}: ${JSON.stringify(schema)}`)),
    ...(until === undefined ? [] : [`  until: ${new Date(until).toISOString()}`]),
    `  answers: ${askChoices[about].join(', ')}`,
  ];
  return lines.join('\n');
}
