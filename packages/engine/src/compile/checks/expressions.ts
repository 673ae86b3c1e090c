/** Every template and expression parses and uses only what expressions may. */
import { pointer, type Diagnostic } from '@switchyard/shared';
import { ExpressionError, parseExpression, parseTemplate } from '../../expression.ts';
import type { ConfigField } from '../../config-fields.ts';
import type { Graph } from '../graph.ts';

const parsers: Readonly<Record<string, (text: string) => unknown>> = { template: parseTemplate, expression: parseExpression };

export function checkExpressions(graph: Graph): Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const node of graph.nodes.values()) for (const setting of node.fields) found.push(...checkText(node.id, setting));
  return found;
}

function checkText(id: string, setting: ConfigField): Diagnostic[] {
  const mistake = textMistake(setting);
  if (mistake === undefined) return [];
  const { path } = setting;
  return [{ code: 'expression-invalid', severity: 'error', path: pointer(['nodes', id, 'config', ...path]), node: id, field: String(path[0]), ...mistake }];
}

/** What is wrong with a template or expression; undefined where it parses, and for other settings. */
export function textMistake({ widget, value }: ConfigField): Pick<Diagnostic, 'message' | 'span'> | undefined {
  const parse = Object.hasOwn(parsers, widget) ? parsers[widget] : undefined;
  if (!parse || typeof value !== 'string') return undefined;
  try {
    parse(value);
    return undefined;
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    const { message, start, end } = error;
    return { message, ...(start !== undefined && end !== undefined && { span: { start, end } }) };
  }
}
